import type { Code, DenyClass } from "./codes.ts";

/** What of the request is changed before it goes on. Header names in lower case. */
export type Changes = {
  /** New `:path`, or null to leave it. */
  readonly path: string | null;
  readonly authority: string | null;
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly remove: readonly string[];
};

/** What goes into the answer's dynamic metadata, the log and the span. Never a secret, never content. */
export type DecisionFacts = {
  readonly id: string;
  readonly tenant: string | null;
  readonly agent: string | null;
  readonly policyName: string | null;
  readonly policyRevision: string | null;
  readonly shadow: ShadowVerdict | null;
  readonly costMicros: number | null;
  readonly hold: string | null;
};

/** What would have been decided had shadow been enforced. */
export type ShadowVerdict = {
  readonly decision: "allow" | "sanitize" | "approval_needed" | "deny";
  readonly class: DenyClass | null;
  readonly code: string | null;
  readonly rule: string | null;
};

export type ApprovalNotice = {
  readonly id: string;
  readonly status: "pending" | "approved" | "rejected" | "expired";
  readonly url: string | null;
  readonly poll: string | null;
  readonly expiresAtMs: number;
  /** How many persons have said yes, of how many that must. Never who. */
  readonly given: number;
  readonly needed: number;
};

type Refusal = {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly rule: string | null;
  readonly facts: DecisionFacts;
};

/** How an identity refusal asks for a credential (RFC 6750 section 3, RFC 9110 section 11.7). */
export type Challenge = { readonly to: "agent" | "proxy"; readonly withError: boolean };

/** The answer: exactly four kinds, and a deny has exactly one class. */
export type Decision =
  | { readonly kind: "allow"; readonly rule: string | null; readonly changes: Changes; readonly facts: DecisionFacts }
  | { readonly kind: "sanitize"; readonly rule: string | null; readonly changes: Changes; readonly facts: DecisionFacts }
  | (Refusal & { readonly kind: "approval_needed"; readonly approval: ApprovalNotice })
  | Deny;

export type Deny =
  | (Refusal & { readonly kind: "deny"; readonly class: "policy"; readonly approval: ApprovalNotice | null })
  | (Refusal & { readonly kind: "deny"; readonly class: "identity"; readonly challenge: Challenge })
  | (Refusal & { readonly kind: "deny"; readonly class: "limit"; readonly retryAfterMs: number })
  | (Refusal & { readonly kind: "deny"; readonly class: "fault"; readonly retryAfterMs: number })
  | (Refusal & { readonly kind: "deny"; readonly class: "revoked" | "budget" | "malformed" });

/** Codes whose class is C. */
export type CodeOf<C extends DenyClass> = { [K in Code]: typeof import("./codes.ts").CODES[K]["class"] extends C ? K : never }[Code];

export function isGoing(decision: Decision): boolean {
  return decision.kind === "allow" || decision.kind === "sanitize";
}
