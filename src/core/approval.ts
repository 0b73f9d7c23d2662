import type { ApprovalRequirement } from "./ruling.ts";

/** What an approver sees and a grant is bound to. */
export type ApprovalSubject = {
  readonly tenant: string;
  readonly agent: string;
  /** The principal the agent acts for, or null. */
  readonly subject: string | null;
  /** `policy/id` of the rule that asks. */
  readonly rule: string;
  readonly code: string;
  /** `call.digest` of contract section 5, or with `bind` that of the arguments the grant is bound to. */
  readonly digest: string;
  readonly requirement: ApprovalRequirement;
};

/** What approvers read of the call: fields first, plain text, no secrets. */
export type ApprovalDescription = {
  readonly reason: string | null;
  readonly summary: string | null;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly tool: string | null;
};

export type ApprovalState = "pending" | "approved" | "rejected" | "expired" | "consumed" | "lapsed";

/** One request for a person's yes, in whatever state. */
export type Approval = {
  /** `apr_` and a ULID. */
  readonly id: string;
  readonly subject: ApprovalSubject;
  readonly description: ApprovalDescription;
  readonly state: ApprovalState;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** When the grant lapses; null before the approval. */
  readonly useByMs: number | null;
  /** Who has said yes so far; the grant is made by as many as the requirement counts. */
  readonly approvers: readonly string[];
  /** Typed by who rejected, for the agent. */
  readonly rejectedReason: string | null;
};
