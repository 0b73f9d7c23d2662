import type { Answer, AnswerResult, ApprovalDesk, ApprovalPage } from "../approvals/approvals.ts";
import { findApprover } from "../approvals/who-may-approve.ts";
import type { Approval, ApprovalState } from "../core/approval.ts";
import type { Clock } from "../core/clock.ts";
import type { Operator, Person } from "../core/person.ts";
import { seesTenant } from "./sees-tenant.ts";

/** What every door to approvals (HTTP, later chat) opens with. */
export type ApprovalDoor = { readonly desk: ApprovalDesk; readonly people: readonly Person[]; readonly clock: Clock };

export type ListRequest = { readonly state: ApprovalState | null; readonly tenant: string | null };

export type AnswerRequest = { readonly id: string; readonly kind: Answer["kind"]; readonly reason: string | null };

const LISTED_MAX = 200;

/** The newest approvals of the tenants this operator sees; a tenant it does not see has none. */
export function listApprovals({ desk, clock }: ApprovalDoor, operator: Operator, { state, tenant }: ListRequest): ApprovalPage {
  const tenants = tenant === null ? operator.tenants : seesTenant(operator, tenant) ? [tenant] : [];
  return desk.list({ state, tenants, max: LISTED_MAX }, clock.nowMs());
}

export function showApproval({ desk, clock }: ApprovalDoor, operator: Operator, id: string): Approval | null {
  const approval = desk.read(id, clock.nowMs());
  return approval !== null && seesTenant(operator, approval.subject.tenant) ? approval : null;
}

/** Another tenant's approval is unknown, so that its id tells nothing. */
export async function answerApproval(door: ApprovalDoor, operator: Operator, { id, kind, reason }: AnswerRequest): Promise<AnswerResult> {
  const approval = showApproval(door, operator, id);
  if (approval === null) return { kind: "unknown" };
  const approver = findApprover(operator, approval.subject.tenant, door.people);
  if (approver.kind === "not_allowed") return approver;
  return door.desk.answer(id, { kind, by: approver.person, reason }, door.clock.nowMs());
}
