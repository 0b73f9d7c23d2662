import { casesFile } from "./cases-file.ts";
import { groupsFile } from "./groups-file.ts";
import { policyFile } from "./policy-file.ts";
import { toolsFile } from "./tools-file.ts";

/** The kinds of file, by the top-level key that makes a file one of them. */
export const FILE_KINDS = {
  policy: { schema: policyFile },
  tools: { schema: toolsFile },
  groups: { schema: groupsFile },
  cases: { schema: casesFile },
} as const;

export type FileKind = keyof typeof FILE_KINDS;
