import type { Caller } from "../../core/caller.ts";
import type { DenyClass } from "../../core/codes.ts";
import type { Finding } from "../../core/finding.ts";
import type { Json } from "../../core/intent.ts";

/** One test of a policy folder: a call, who makes it, and what must come of it. */
export type PolicyCase = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly caller: CaseCaller;
  readonly call: CaseCall;
  /** How far limits are used up before the call, by limit id; the others are fresh. */
  readonly usage: Readonly<Record<string, CaseUsage>>;
  /** The clock of the case; null: the present. */
  readonly nowMs: number | null;
  /** What detectors see, instead of what they would see; null: they look for themselves. */
  readonly findings: readonly CaseFinding[] | null;
  readonly expect: CaseExpectation;
};

/**
 * How far a limit is used up, as the case says it: the rest follows from the limit of whatever program decides the case.
 * Calls of a rate, main units of a budget's currency, or a share of the whole.
 */
export type CaseUsage = { readonly part: "used" | "remaining" | "share"; readonly value: number };

export type CaseFinding = Pick<Finding, "kind" | "place" | "confidence">;

/** The caller as its token would name it. */
export type CaseCaller = Omit<Caller, "issuer" | "tokenId" | "credential" | "issuedAt">;

export type CaseCall =
  | {
      readonly kind: "http";
      readonly method: string;
      readonly scheme: "http" | "https";
      readonly host: string;
      /** Path and query as sent; empty for CONNECT. */
      readonly path: string;
      readonly query: CaseFields;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: CaseBody;
    }
  /** A call of a catalogue entry by its name: method, host, path and body follow from the catalogue. */
  | {
      readonly kind: "tool";
      readonly tool: string;
      readonly args: Readonly<Record<string, Json>>;
      readonly query: CaseFields;
      readonly headers: Readonly<Record<string, string>>;
    };

export type CaseFields = Readonly<Record<string, string | number | boolean>>;

export type CaseBody =
  | { readonly kind: "none" }
  | { readonly kind: "form"; readonly fields: CaseFields }
  | { readonly kind: "json"; readonly value: Json };

/** What must come of a case. Null is not looked at. */
export type CaseExpectation = {
  readonly decision: CaseOutcome["decision"];
  readonly rule: string | null;
  readonly code: string | null;
  readonly class: DenyClass | null;
  /** A name of the catalogue, `unknown` or `none`. */
  readonly tool: string | null;
  readonly model: string | null;
  /** What of the call was changed or taken out, in a rule's own words: `find:KIND`, `header:NAME`, `query:KEY`; exactly these, in any order. */
  readonly redactions: readonly string[] | null;
  /** Ids (`policy/id`) of the limits that were charged, exactly these, in any order. */
  readonly limits: readonly string[] | null;
};

/** What came of a case. */
export type CaseOutcome = {
  readonly decision: "allow" | "sanitize" | "approval_needed" | "deny";
  readonly class: DenyClass | null;
  readonly code: string | null;
  /** The first deciding rule. */
  readonly rule: string | null;
  /** `none` where the call has none, `undetermined` where it cannot be told; null where the call was not understood. */
  readonly tool: string | null;
  readonly model: string | null;
  /** Every rule and limit that applied, so that those never hit can be told. */
  readonly rules: readonly string[];
  readonly redactions: readonly string[];
  readonly limits: readonly string[];
  /** What of the call or the policy was in the way, where no rule refused. */
  readonly fault: string | null;
};

const DONE = "redact_";
const FOUND = "finding:";

/** The redactions among what was done to a call, as cases name them. */
export function redactionsOf(done: readonly string[]): readonly string[] {
  return done.flatMap((one) => {
    if (!one.startsWith(DONE)) return [];
    const what = one.slice(DONE.length);
    return [what.startsWith(FOUND) ? `find:${what.slice(FOUND.length)}` : what];
  });
}

/** What of an expectation was not met, one line each. */
export function compareOutcome(expected: CaseExpectation, outcome: CaseOutcome): readonly string[] {
  const differences: string[] = [];
  for (const key of ["decision", "rule", "code", "class", "tool", "model"] as const) {
    const wanted = expected[key];
    if (wanted !== null && wanted !== outcome[key]) differences.push(`${key}: expected ${wanted}, got ${outcome[key] ?? "none"}`);
  }
  for (const key of ["redactions", "limits"] as const) {
    const wanted = expected[key]?.toSorted().join(", ");
    const got = outcome[key].toSorted().join(", ");
    if (wanted !== undefined && wanted !== got) differences.push(`${key}: expected [${wanted}], got [${got}]`);
  }
  return differences;
}
