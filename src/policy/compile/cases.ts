import type { Caller } from "../../core/caller.ts";
import type { DenyClass } from "../../core/codes.ts";
import type { ShadowVerdict } from "../../core/decision.ts";
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
  /** Context extensions, as a proxy that is trusted for them would send. */
  readonly context: Readonly<Record<string, string>>;
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
  /** What was taken out of the call, in a rule's own words: `find:KIND`, `header:NAME`, `query:KEY`, `form:KEY`, `json:PATH`; exactly these, in any order. */
  readonly redactions: readonly string[] | null;
  /** Ids (`policy/id`) of the limits that were charged, exactly these, in any order. */
  readonly limits: readonly string[] | null;
  /** What rules in shadow would have decided; `none`: the same. */
  readonly shadow: { readonly decision: string; readonly rule: string | null } | "none" | null;
  /** Headers that rules set, exactly these. */
  readonly set: Readonly<Record<string, string>> | null;
  /** Headers of the call that do not go on, exactly these, in any order. */
  readonly removed: readonly string[] | null;
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
  readonly shadow: ShadowVerdict | null;
  readonly set: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
  /** What of the call or the policy was in the way, where no rule refused. */
  readonly fault: string | null;
};
