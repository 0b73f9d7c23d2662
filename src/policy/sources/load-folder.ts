import type { PolicyCase } from "../compile/cases.ts";
import { compilePolicies } from "../compile/compile-policies.ts";
import type { Problem } from "../compile/problem.ts";
import { digestProgram, digestSources, revisionOf } from "../digest-policy.ts";
import type { Program } from "../program.ts";
import { readFolder } from "./read-folder.ts";

/** What a source has to offer: a program to prepare, or why there is none. */
export type LoadedPolicy =
  | {
      readonly kind: "loaded";
      readonly program: Program;
      readonly revision: string;
      /** Hex SHA-256 of the program. */
      readonly digest: string;
      /** Hex SHA-256 of the sources. */
      readonly sources: string;
      readonly warnings: readonly Problem[];
      readonly cases: readonly PolicyCase[];
    }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

export async function loadFolder(folder: string): Promise<LoadedPolicy> {
  const read = await readFolder(folder);
  if (read.kind === "unreadable") {
    const message = `the policy folder cannot be read: ${read.reason}`;
    return { kind: "refused", problems: [{ file: folder, line: 1, column: 1, message, fix: null, code: "wrong_value" }] };
  }
  const compiled = compilePolicies(read.files);
  if (compiled.kind === "invalid") return { kind: "refused", problems: compiled.problems };
  const { program, warnings, cases } = compiled;
  const sources = digestSources(read.files);
  return { kind: "loaded", program, revision: revisionOf(sources), digest: digestProgram(program), sources, warnings, cases };
}
