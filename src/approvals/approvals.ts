import type { Approval, ApprovalDescription, ApprovalState, ApprovalSubject } from "../core/approval.ts";
import type { Person } from "../core/person.ts";
import type { ReceiptDraft } from "../core/receipt.ts";
import type { NotAllowed } from "./who-may-approve.ts";

/** What a call must agree with for an approval to speak about it. A whole subject is one. */
export type ApprovalKey = Pick<ApprovalSubject, "tenant" | "agent" | "rule" | "digest" | "requirement">;

/** What the path of a call does with approvals. */
export type ApprovalRequests = {
  /**
   * The newest that still says something about exactly this call: pending, approved and not used, or rejected within
   * its life. One made under a weaker requirement than today's does not count, except that a rejection stands.
   */
  readonly find: (key: ApprovalKey, nowMs: number) => Approval | null;
  /** Asks people, or joins the request that is already open for the same call. Durable before it resolves. */
  readonly request: (subject: ApprovalSubject, description: ApprovalDescription, nowMs: number) => Promise<RequestResult>;
  /** Uses the grant up. True for exactly one caller, and only before the grant lapses; durable before it resolves. */
  readonly consume: (id: string, nowMs: number) => Promise<boolean>;
  /** Gives a grant back whose call did not go on after all. False where there is nothing to give back. */
  readonly restore: (id: string) => Promise<boolean>;
};

/** What people do with approvals. */
export type ApprovalDesk = {
  /** A person's yes or no; with fewer yeses than are needed it stays pending. Whether this person may say it is checked here, whatever door it came through. */
  readonly answer: (id: string, answer: Answer, nowMs: number) => Promise<AnswerResult>;
  /** Newest first. */
  readonly list: (filter: ApprovalFilter, nowMs: number) => ApprovalPage;
  /** Null for an id that is unknown or long closed. */
  readonly read: (id: string, nowMs: number) => Approval | null;
};

export type Approvals = ApprovalRequests & ApprovalDesk;

export type RequestResult =
  | { readonly kind: "asked"; readonly approval: Approval }
  /** Too many requests of this agent, or of its whole tenant, wait for people. */
  | { readonly kind: "flood" };

export type Answer = { readonly kind: "approve" | "reject"; readonly by: Person; readonly reason: string | null };

export type AnswerResult =
  | { readonly kind: "answered"; readonly approval: Approval }
  | { readonly kind: "unknown" }
  | { readonly kind: "not_open"; readonly state: ApprovalState }
  /** A second yes of one person is none. */
  | { readonly kind: "said_already" }
  /** The requirement wants to know why, and the yes does not say. */
  | { readonly kind: "reason_missing" }
  | { readonly kind: "not_allowed"; readonly why: NotAllowed };

export type ApprovalFilter = {
  readonly state: ApprovalState | null;
  readonly tenants: readonly string[] | "all";
  readonly max: number;
};

export type ApprovalPage = { readonly approvals: readonly Approval[]; readonly truncated: boolean };

export type ApprovalLimits = {
  readonly pendingPerAgentMax: number;
  readonly pendingPerTenantMax: number;
  /** How long what is closed can still be shown. */
  readonly closedKeptMs: number;
  readonly closedMax: number;
};

export const APPROVAL_LIMITS: ApprovalLimits = {
  pendingPerAgentMax: 20,
  pendingPerTenantMax: 1000,
  closedKeptMs: 24 * 60 * 60 * 1000,
  closedMax: 5000,
};

/** What every adapter needs. */
export type ApprovalsOptions = {
  readonly people: readonly Person[];
  readonly limits: ApprovalLimits;
  /** Told of each change of state once it lasts, and of what time alone ends when it is seen. Must not throw. */
  readonly onTransition: (draft: ReceiptDraft) => void;
};
