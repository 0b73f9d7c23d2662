import type { Caller } from "./caller.ts";
import type { DenyClass } from "./codes.ts";
import type { ShadowVerdict } from "./decision.ts";
import type { Json } from "./intent.ts";

/** What happened, before the chain gives it its place. Field names are those of contract section 5. */
export type ReceiptDraft =
  | DecisionReceipt
  | {
      readonly kind: "approval";
      readonly tenant: string;
      readonly approval: {
        readonly id: string;
        readonly state: string;
        readonly by: string | null;
        readonly reason: string | null;
        readonly digest: string;
        readonly rule: string;
      };
    }
  | PolicyReceipt
  | { readonly kind: "config"; readonly tenant: null; readonly event: string; readonly detail: Readonly<Record<string, Json>> };

/** What became of one version of a tenant's policy. */
export type PolicyReceipt = {
  readonly kind: "policy";
  readonly tenant: string;
  readonly event: "activated" | "rolled_back" | "refused" | "stale";
  readonly source: string;
  readonly revision: string | null;
  readonly digest: string | null;
  readonly serial: number | null;
  readonly signed_by: string | null;
  /** The operator who pushed it; null where a source had it. */
  readonly by: string | null;
  /** Of a refusal: which. */
  readonly code: string | null;
  /** Against the version before it in this process; null where there was none. Ids of rules, the first of each. */
  readonly changes: PolicyReceiptChanges | null;
};

export type PolicyReceiptChanges = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly widening: boolean | null;
};

export type DecisionReceipt = {
  readonly kind: "decision";
  readonly decision_id: string;
  readonly tenant: string | null;
  readonly caller: Caller | null;
  readonly decision: "allow" | "sanitize" | "approval_needed" | "deny";
  readonly class: DenyClass | null;
  readonly code: string | null;
  readonly rule: string | null;
  readonly reasons: readonly string[];
  readonly unknowns: readonly string[];
  readonly mode: "enforce" | "shadow";
  readonly shadow: ShadowVerdict | null;
  readonly policy: { readonly name: string; readonly revision: string; readonly digest: string } | null;
  readonly call: {
    readonly method: string;
    readonly scheme: string;
    readonly host: string;
    readonly port: number | null;
    readonly path: string;
    readonly protocol: string | null;
    readonly operation: string | null;
    readonly tool: string | null;
    readonly model: string | null;
    readonly digest: string | null;
    readonly body: "none" | "full" | "partial" | "unseen";
  } | null;
  readonly findings: readonly { readonly kind: string; readonly where: string; readonly count: number }[];
  readonly limits: readonly { readonly id: string; readonly remaining: number }[];
  readonly cost_micros: number | null;
  readonly hold: string | null;
  readonly approval: { readonly id: string; readonly grant: boolean; readonly approvers: readonly string[] } | null;
  /** What was done to the call, never with content: `redact_query:ssn`, `remove_header:x-sluice-token`. */
  readonly obligations: readonly string[];
  readonly facts: Readonly<Record<string, Json>>;
  /** The operators' reason of a refusal that no rule gives: of a fault or a malformed call, of an identity (`expired`), of what cannot be taken out or charged; null otherwise. */
  readonly fault: string | null;
  readonly trace_id: string | null;
  readonly span_id: string | null;
  /** Microseconds from the decoded request to the decision. */
  readonly us: number;
};
