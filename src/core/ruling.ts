import type { Currency, Micros } from "./money.ts";

/** Something that must happen to the request, or to its response, if the call goes on. */
export type Obligation =
  /** Take out the text a detector found, wherever it is. */
  | { readonly kind: "redact_finding"; readonly finding: string; readonly with: RedactWith; readonly on: RedactOn }
  | { readonly kind: "redact_header"; readonly name: string; readonly with: RedactWith; readonly on: RedactOn }
  | { readonly kind: "redact_query"; readonly key: string; readonly with: RedactWith }
  | { readonly kind: "redact_form"; readonly key: string; readonly with: RedactWith }
  | { readonly kind: "redact_json"; readonly path: JsonPath; readonly with: RedactWith; readonly on: RedactOn }
  /** Not a redaction: the request goes without this header, and the decision stays `allow`. */
  | { readonly kind: "remove_header"; readonly name: string };

/** An obligation and the rule that says it, so that a refusal for it can name that rule. */
export type RuledObligation = Obligation & { readonly rule: string };

/** `default`: the request, and the response too where the proxy declares ext_proc. */
export type RedactOn = "default" | "request" | "response" | "both";

/** `$.a.b[*].c`: names of members, and every element of a list. */
export type JsonPath = readonly JsonStep[];
export type JsonStep = { readonly kind: "member"; readonly name: string } | { readonly kind: "elements" };

/** A header that the request gets. The value may hold `{caller.NAME}`; where such a fact is absent, the header is removed. */
export type HeaderSet = { readonly name: string; readonly value: string };

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

/** `group`: each of the caller's groups is charged. */
export type LimitDimension = "tenant" | "agent" | "subject" | "group" | "tool" | "model" | "host" | "session" | `labels.${string}`;

/** Who must say yes to a call, and for how long that holds. */
export type ApprovalRequirement = {
  /** Groups whose people may approve. */
  readonly from: readonly string[];
  /** Names of people whom the policy's own `groups` files put into these groups, beside those of the configuration. */
  readonly people: readonly string[];
  /** How many different persons must say yes. */
  readonly count: number;
  /** Groups and names of people who may not, beside the requester and the agent's owner. */
  readonly exclude: readonly string[];
  /** Whether an approver has to write why. */
  readonly note: boolean;
  /** Names of the arguments that the approval is bound to; null: the whole call. */
  readonly bind: readonly string[] | null;
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
  /** Facts of the caller are filled in. */
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
      readonly obligations: readonly RuledObligation[];
      readonly sets: readonly HeaderSet[];
    })
  | (RulingFacts & {
      readonly kind: "permit";
      readonly by: readonly [RuleOutcome, ...RuleOutcome[]];
      readonly obligations: readonly RuledObligation[];
      readonly sets: readonly HeaderSet[];
    });
