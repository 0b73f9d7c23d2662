import type { Approval, ApprovalState } from "../core/approval.ts";

/** The only ways an approval changes. A yes of several that are needed leaves it `pending`; `consumed` goes back to `approved` when its call did not go on. */
export const TRANSITIONS = {
  pending: ["pending", "approved", "rejected", "expired"],
  approved: ["consumed", "lapsed"],
  rejected: [],
  expired: [],
  consumed: ["approved"],
  lapsed: [],
} as const satisfies Record<ApprovalState, readonly ApprovalState[]>;

type Changes = Partial<Pick<Approval, "useByMs" | "approvers" | "rejectedReason">>;

/** The approval in its next state; a way that the table does not know is a fault. */
export function moveApproval(approval: Approval, to: ApprovalState, changes: Changes = {}): Approval {
  const ways: readonly ApprovalState[] = TRANSITIONS[approval.state];
  if (!ways.includes(to)) throw new Error(`an approval cannot go from ${approval.state} to ${to}`);
  return { ...approval, ...changes, state: to };
}

/** The state that time alone has brought about, or null when it brought none. */
export function findTimedOut(approval: Approval, nowMs: number): "expired" | "lapsed" | null {
  if (approval.state === "pending" && nowMs >= approval.expiresAtMs) return "expired";
  if (approval.state === "approved" && (approval.useByMs === null || nowMs >= approval.useByMs)) return "lapsed";
  return null;
}

/** Whether it still says something about its call. */
export function isOpen(approval: Approval, nowMs: number): boolean {
  if (approval.state === "rejected") return nowMs < approval.expiresAtMs;
  return (approval.state === "pending" || approval.state === "approved") && findTimedOut(approval, nowMs) === null;
}
