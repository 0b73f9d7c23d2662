import type { Currency, Micros } from "./money.ts";

/** Something that must happen to the request if the call goes on. */
export type Obligation =
  /** Take out the text a detector found, wherever it is. */
  | { readonly kind: "redact_finding"; readonly finding: string; readonly with: RedactWith }
  | { readonly kind: "redact_header"; readonly name: string; readonly with: RedactWith }
  | { readonly kind: "redact_query"; readonly key: string; readonly with: RedactWith };

/** policy.md section 2: mask = `*` per character, label = `[kind]`, hash = 16 hex of HMAC-SHA-256. */
export type RedactWith = "remove" | "mask" | "hash" | "label";

/** A limit of the policy that covers the call; the ledger's keys are made of it and the caller. */
export type Limit = {
  /** `policy/id`. */
  readonly id: string;
  readonly per: readonly LimitDimension[];
  readonly bound:
    | { readonly kind: "rate"; readonly count: number; readonly periodMs: number; readonly burst: number }
    | {
        readonly kind: "budget";
        readonly micros: Micros;
        readonly currency: Currency;
        readonly period: "day";
        readonly of: "amount" | "cost";
      };
  /** IANA name; windows start at its midnight. */
  readonly timeZone: string;
};

export type LimitDimension = "tenant" | "agent" | "subject" | "tool" | "model" | "host" | "session" | `labels.${string}`;

/** Who must say yes to a call, and for how long that holds. */
export type ApprovalRequirement = {
  /** Groups whose people may approve. */
  readonly from: readonly string[];
  readonly count: number;
  /** The request's life. */
  readonly expiresMs: number;
  /** The grant's life after the approval. */
  readonly useWithinMs: number;
  /** For approvers, for example `Pay {amount} to {args.to}`; null when the rule gives none. */
  readonly summary: string | null;
};

/** A rule as its outcome is told: what records and agents see of it. */
export type RuleOutcome = {
  /** `policy/id`. */
  readonly rule: string;
  /** The policy's own, or null. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly hint: string | null;
};

type RulingFacts = {
  /** Limits that cover the call, whatever the decision. */
  readonly limits: readonly Limit[];
  /** What rules in shadow would have decided, strictest first. */
  readonly shadow: readonly ShadowOutcome[];
  /** Rules that applied only because something was unknown. */
  readonly unknowns: readonly string[];
  /** Input paths that the deciding rules read, for the receipt's `facts`. */
  readonly factPaths: readonly (readonly string[])[];
};

export type ShadowOutcome = {
  readonly decision: "deny" | "approval_needed" | "allow";
  readonly rule: string;
  readonly code: string | null;
};

/** What the policy says of one call. */
export type Ruling =
  | (RulingFacts & { readonly kind: "deny"; readonly by: readonly RuleOutcome[] })
  | (RulingFacts & {
      readonly kind: "approval_needed";
      readonly by: readonly [RuleOutcome, ...RuleOutcome[]];
      readonly requirements: readonly ApprovalRequirement[];
      readonly obligations: readonly Obligation[];
    })
  | (RulingFacts & {
      readonly kind: "permit";
      readonly by: readonly [RuleOutcome, ...RuleOutcome[]];
      readonly obligations: readonly Obligation[];
    });
