import type { CatalogueEntry, HostReads } from "../core/catalogue.ts";
import type { Json } from "../core/intent.ts";
import type { ApprovalRequirement, HeaderSet, Limit, Obligation } from "../core/ruling.ts";

/**
 * What the compiler makes of a tenant's YAML and the engine runs on: `data.policies` of the bundle. Rules are addressed
 * by their number. Plain JSON, so that `opa eval` on the same bundle gives the same answer.
 */
export type Program = {
  readonly format: typeof PROGRAM_FORMAT;
  readonly rules: readonly ProgramRule[];
  /** Key of the call → numbers of the rules behind it, ascending. Each rule stands under the rarest dimension it has. */
  readonly index: Readonly<Record<string, readonly number[]>>;
  readonly reads: readonly HostReads[];
  readonly catalogue: readonly CatalogueEntry[];
  /** Top-level input fields and `args.NAME`, `http.headers.NAME`, … that some condition reads; the host sends no others. */
  readonly fields: readonly string[];
  readonly namedHosts: readonly string[];
  /** Agents by group, of the `groups` files; a match's `groups` is the claim and these. */
  readonly groups: Readonly<Record<string, Names>>;
  /** Ids of the limits whose usage some condition reads. */
  readonly usage: readonly string[];
  readonly policies: readonly { readonly name: string; readonly version: string | null }[];
};

export const PROGRAM_FORMAT = 1;

/** A call looks at every rule behind its keys, and the cost grows faster than their number. */
export const RULES_BEHIND_A_KEY_MAX = 64;

export type ProgramRule = {
  /** `policy/id`; of a guardrail `guardrail:policy/id`. */
  readonly id: string;
  /** What the rule says when its condition holds; `add` only adds obligations, `limit` only charges. */
  readonly effect: "deny" | "approval_needed" | "allow" | "add" | "limit";
  /** True: judged and recorded, never enforced. */
  readonly shadow: boolean;
  /** A guardrail restricts and never opens: what only guardrails ask for is denied as if no rule had applied. */
  readonly guard: boolean;
  readonly match: Match;
  /**
   * The condition where unknown counts as false: any of all of. In rules whose effect is `allow` and in those with `sets`.
   * An empty list of clauses is never true; one empty clause is always true.
   */
  readonly sure: readonly Clause[] | null;
  /** The condition where unknown counts as true. In rules that restrict, add or limit, and in an `allow` that redacts or removes. */
  readonly maybe: readonly Clause[] | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly hint: string | null;
  /** By `maybe`. */
  readonly obligations: readonly Obligation[];
  /** By `sure`. */
  readonly sets: readonly HeaderSet[];
  readonly approval: ApprovalRequirement | null;
  readonly limit: Limit | null;
  /** Input paths the condition reads, for the receipt's facts. */
  readonly facts: readonly (readonly string[])[];
};

/** Dimensions that must all fit; an absent one fits every call. */
export type Match = {
  readonly agent?: Names;
  readonly host?: Names;
  readonly method?: Names;
  readonly tool?: Names;
  readonly protocol?: Names;
  readonly operation?: Names;
  readonly model?: Names;
  /** Any of the caller's. */
  readonly role?: Names;
  readonly group?: Names;
  readonly path?: readonly PathGlob[];
};

/** Exact names as a set, and names that begin with (`finance-*`) or end with (`.example.com`) a text. */
export type Names = { readonly is: Readonly<Record<string, true>>; readonly starts: readonly string[]; readonly ends: readonly string[] };

// A path of segment globs: `fixed` are [position, text]; `n` counts the segments before a final double star (`open`).
export type PathGlob = { readonly open: boolean; readonly n: number; readonly fixed: readonly (readonly [number, string])[] };

export type Clause = readonly Atom[];

/** [operator, path into the input, operand]. The table of operators is `compile/operators.ts`. */
export type Atom = readonly [operator: string, path: readonly string[], operand: Json];
