import type { Json } from "../../core/intent.ts";
import { checkShape } from "./check-shape.ts";
import { type LostNames, lostInData, lostInText } from "./lost-names.ts";
import type { ToolAt } from "./lower-catalogue.ts";
import type { GroupAt } from "./lower-groups.ts";
import { suggestName } from "./nearest-name.ts";
import { compareText } from "./problem.ts";
import { type ReadFile, readYaml } from "./read-yaml.ts";
import type { CaseSource } from "./schemas/cases-file.ts";
import { FILE_KINDS, type FileKind } from "./schemas/index.ts";
import type { PolicyFile } from "./schemas/policy-file.ts";
import { type Notes, type Spot, spotOfText } from "./spot.ts";

/** What the files of a folder hold, each part with its place. */
export type FolderContents = {
  readonly policies: readonly { readonly source: PolicyFile; readonly spot: Spot }[];
  readonly tools: readonly ToolAt[];
  readonly groups: readonly GroupAt[];
  readonly cases: readonly { readonly source: CaseSource; readonly spot: Spot }[];
  /** Files named `*.schema.json`, by their names: JSON Schemas that tools name, and no policy files. */
  readonly schemas: ReadonlyMap<string, { readonly schema: Json; readonly spot: Spot }>;
  readonly lost: LostNames;
};

type Growing = {
  policies: { source: PolicyFile; spot: Spot }[];
  tools: ToolAt[];
  groups: GroupAt[];
  cases: { source: CaseSource; spot: Spot }[];
  schemas: Map<string, { schema: Json; spot: Spot }>;
  lost: { tools: string[]; policies: string[]; schemas: string[] };
};

export const SCHEMA_FILE_END = ".schema.json";

export function readFiles(files: readonly { readonly name: string; readonly text: string }[], notes: Notes): FolderContents {
  const contents: Growing = {
    policies: [],
    tools: [],
    groups: [],
    cases: [],
    schemas: new Map(),
    lost: { tools: [], policies: [], schemas: [] },
  };
  for (const file of files.toSorted((a, b) => compareText(a.name, b.name))) {
    if (file.name.toLowerCase().endsWith(".rego")) {
      spotOfText(file, notes).problem({ code: "not_built_yet", message: "Rego beside YAML is not built yet" });
      continue;
    }
    const read = readYaml(file, notes);
    const isSchema = file.name.toLowerCase().endsWith(SCHEMA_FILE_END);
    if (read === null && isSchema) contents.lost.schemas.push(file.name);
    else if (read === null) lose(lostInText(file.text), contents);
    // A YAML document of the core schema without tags and merge keys is what JSON can carry.
    else if (isSchema) contents.schemas.set(file.name, { schema: read.data as Json, spot: read.spot });
    else readKind(read, contents);
  }
  notePolicyDoubles(contents);
  return contents;
}

function readKind(read: ReadFile, contents: Growing): void {
  const kind = kindOf(read);
  if (kind === null || !READERS[kind](read, contents)) lose(lostInData(kind, read.data), contents);
}

function lose({ tools, policies }: LostNames, { lost }: Growing): void {
  lost.tools.push(...tools);
  lost.policies.push(...policies);
}

/** The one top-level key that says what a file is. */
function kindOf({ data, spot }: ReadFile): FileKind | null {
  const kinds = Object.keys(FILE_KINDS).filter(isKind);
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    return spot.problem({ code: "wrong_type", message: `a file is a map with one of the keys ${kinds.join(", ")}` });
  }
  const keys = Object.keys(data);
  const [kind, second] = keys.filter(isKind);
  if (second !== undefined) {
    return spot.in(second).problem({ code: "contradiction", message: `a file is one thing: \`${kind}\` or \`${second}\``, atKey: true });
  }
  if (kind !== undefined) return kind;
  const fix = suggestName(keys[0] ?? "", kinds);
  return spot.problem({ code: "missing_key", message: `none of the keys ${kinds.join(", ")} says what this file is`, fix });
}

function isKind(key: string): key is FileKind {
  return Object.hasOwn(FILE_KINDS, key);
}

/** False after the mistakes of a file's form were noted. */
const READERS: { readonly [kind in FileKind]: (file: ReadFile, contents: Growing) => boolean } = {
  policy: ({ data, spot }, contents) => {
    const source = checkShape(FILE_KINDS.policy.schema, data, spot);
    if (source !== null) contents.policies.push({ source, spot });
    return source !== null;
  },
  tools: ({ data, spot }, contents) => {
    const file = checkShape(FILE_KINDS.tools.schema, data, spot);
    for (const [name, source] of Object.entries(file?.tools ?? {})) contents.tools.push({ name, source, spot: spot.in("tools", name) });
    return file !== null;
  },
  groups: ({ data, spot }, contents) => {
    const file = checkShape(FILE_KINDS.groups.schema, data, spot);
    for (const [name, source] of Object.entries(file?.groups ?? {})) contents.groups.push({ name, source, spot: spot.in("groups", name) });
    return file !== null;
  },
  cases: ({ data, spot }, contents) => {
    const file = checkShape(FILE_KINDS.cases.schema, data, spot);
    for (const [at, source] of (file?.cases ?? []).entries()) contents.cases.push({ source, spot: spot.in("cases", at) });
    return file !== null;
  },
};

function notePolicyDoubles({ policies }: Growing): void {
  const seen = new Map<string, Spot>();
  for (const { source, spot } of policies) {
    const twin = seen.get(source.policy);
    if (twin === undefined) seen.set(source.policy, spot);
    else spot.in("policy").problem({ code: "duplicate", message: `the policy \`${source.policy}\` stands in ${twin.file} too` });
  }
}
