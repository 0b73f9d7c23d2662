import type { CaseSource } from "./schemas/cases-file.ts";
import type { FileKind } from "./schemas/index.ts";

/**
 * Names that a folder's files may hold in what could not be read of them: nobody is told that these are missing, for the
 * mistake that hides them is told already. `*` is any name.
 */
export type LostNames = {
  readonly tools: readonly string[];
  /** Names of policies: what limits they have is not known. */
  readonly policies: readonly string[];
  /** Files of JSON Schemas. */
  readonly schemas: readonly string[];
};

const NOTHING: LostNames = { tools: [], policies: [], schemas: [] };
const ANYTHING: LostNames = { tools: ["*"], policies: ["*"], schemas: [] };

export function isLost(name: string, lost: readonly string[]): boolean {
  return lost.includes(name) || lost.includes("*");
}

/** Whether a name or a pattern with `*` at its end may mean something that was lost. */
export function mayBeLost(text: string, lost: readonly string[]): boolean {
  if (!text.endsWith("*")) return isLost(text, lost);
  return lost.some((name) => name === "*" || name.startsWith(text.slice(0, -1)));
}

/** What a text may hold that is no YAML, by the line that says what the file is. */
export function lostInText(text: string): LostNames {
  const [, kind, name = "*"] = /^(policy|tools|groups|cases)[ \t]*:(?:[ \t]+["']?([a-z0-9._-]+))?/m.exec(text) ?? [];
  if (kind === undefined) return ANYTHING;
  if (kind === "tools") return { ...NOTHING, tools: ["*"] };
  return kind === "policy" ? { ...NOTHING, policies: [name] } : NOTHING;
}

/** What a file of a kind holds by name although it has not the form of its kind; null: nothing says of what kind it is. */
export function lostInData(kind: FileKind | null, data: unknown): LostNames {
  if (kind === null) return ANYTHING;
  const named: unknown = typeof data === "object" && data !== null ? Reflect.get(data, kind) : null;
  if (kind === "policy") return { ...NOTHING, policies: [typeof named === "string" ? named : "*"] };
  if (kind !== "tools") return NOTHING;
  return { ...NOTHING, tools: typeof named === "object" && named !== null && !Array.isArray(named) ? Object.keys(named) : ["*"] };
}

/** Ids of limits, with those that were lost. */
export type LimitIds = Iterable<string> & { readonly has: (id: string) => boolean };

/** The ids that are known, and any id of a policy that was lost. */
export function createLimitIds(known: ReadonlySet<string>, lostPolicies: readonly string[]): LimitIds {
  return {
    has: (id) => known.has(id) || isLost(id.slice(0, Math.max(0, id.lastIndexOf("/"))), lostPolicies),
    [Symbol.iterator]: () => known[Symbol.iterator](),
  };
}

type CaseNames = {
  readonly lostTools: readonly string[];
  readonly limitIds: LimitIds;
  /** Those without a mistake. */
  readonly limits: { readonly has: (id: string) => boolean };
};

/** Whether a case speaks of a tool or a limit that a mistake hides. */
export function speaksOfLost({ call, usage = {} }: CaseSource, { lostTools, limitIds, limits }: CaseNames): boolean {
  if (call.tool !== undefined && isLost(call.tool, lostTools)) return true;
  return Object.keys(usage).some((id) => !limits.has(id) && limitIds.has(id));
}
