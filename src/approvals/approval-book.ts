import type { Approval, ApprovalDescription, ApprovalSubject } from "../core/approval.ts";
import { createUlid } from "../core/id.ts";
import { type ApprovalChange, createApprovalChange, NO_NOTE, type SaveApproval } from "./approval-change.ts";
import { type ApprovalIndex, createApprovalIndex } from "./approval-index.ts";
import type {
  Answer,
  AnswerResult,
  ApprovalFilter,
  ApprovalKey,
  ApprovalLimits,
  ApprovalPage,
  Approvals,
  ApprovalsOptions,
  RequestResult,
} from "./approvals.ts";
import { boundDescription } from "./bound-description.ts";
import { satisfies } from "./satisfies.ts";
import { isOpen, moveApproval } from "./transitions.ts";
import { refuseApprover } from "./who-may-approve.ts";

type BookOptions = ApprovalsOptions & { readonly save: SaveApproval; readonly saved: Iterable<Approval> };
export type ApprovalBook = Approvals & { readonly all: () => Iterable<Approval> };

const SWEEP_EVERY_MS = 1000;

/**
 * The rules of approvals over memory; adapters say how changes last. A change is made in memory in the same turn in which
 * it is asked for, so of simultaneous callers one wins; it is taken back if it could not be kept.
 */
export function createApprovalBook(options: BookOptions): ApprovalBook {
  const index = createApprovalIndex();
  for (const approval of options.saved) index.put(approval);
  const change = createApprovalChange(index, options);
  const sweep = createSweep(index, change, options.limits);

  function find(key: ApprovalKey, nowMs: number): Approval | null {
    for (const approval of index.about(key).toReversed()) {
      if (!isOpen(approval, nowMs)) change.passTime(approval, nowMs);
      else if (approval.state === "rejected" || satisfies(approval.subject.requirement, key.requirement)) return approval;
    }
    return null;
  }

  async function request(subject: ApprovalSubject, description: ApprovalDescription, nowMs: number): Promise<RequestResult> {
    const open = find(subject, nowMs);
    if (open !== null) {
      await change.underWay(open.id);
      return { kind: "asked", approval: open };
    }
    sweep(nowMs);
    for (const waiting of index.pendingOfAgent(subject)) change.passTime(waiting, nowMs);
    if (isFull(index, subject, options.limits)) return { kind: "flood" };
    const approval = createApproval(subject, description, nowMs);
    await change.commit(approval, NO_NOTE);
    return { kind: "asked", approval };
  }

  async function answer(id: string, given: Answer, nowMs: number): Promise<AnswerResult> {
    // A yes that may yet be lost is none that a further one could be added to.
    for (let before = change.underWay(id); before !== null; before = change.underWay(id)) await before.catch(() => {});
    const approval = read(id, nowMs);
    if (approval === null) return { kind: "unknown" };
    const why = refuseApprover(given.by, approval.subject, options.people);
    if (why !== null) return { kind: "not_allowed", why };
    if (approval.state !== "pending") return { kind: "not_open", state: approval.state };
    const unfit = given.kind === "approve" ? findUnfit(approval, given) : null;
    if (unfit !== null) return unfit;
    const next = given.kind === "approve" ? approve(approval, given, nowMs) : reject(approval, given);
    await change.commit(next, { by: given.by.name, reason: given.reason });
    return { kind: "answered", approval: next };
  }

  async function consume(id: string, nowMs: number): Promise<boolean> {
    const approval = read(id, nowMs);
    if (approval?.state !== "approved") return false;
    await change.commit(moveApproval(approval, "consumed"), NO_NOTE);
    return true;
  }

  async function restore(id: string): Promise<boolean> {
    const approval = index.get(id);
    if (approval?.state !== "consumed") return false;
    await change.commit(moveApproval(approval, "approved"), { by: null, reason: "restored" });
    return true;
  }

  function read(id: string, nowMs: number): Approval | null {
    const approval = index.get(id);
    return approval === null ? null : change.passTime(approval, nowMs);
  }

  function list(filter: ApprovalFilter, nowMs: number): ApprovalPage {
    sweep(nowMs);
    const fitting = [...index.all()].map((approval) => change.passTime(approval, nowMs)).filter((approval) => fits(approval, filter));
    return { approvals: fitting.toReversed().slice(0, filter.max), truncated: fitting.length > filter.max };
  }

  return { find, request, answer, consume, restore, list, read, all: index.all };
}

/** Times out what nobody looks at and forgets what is long closed; at most once a second. */
function createSweep(index: ApprovalIndex, change: ApprovalChange, limits: ApprovalLimits): (nowMs: number) => void {
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  return function sweep(nowMs: number): void {
    if (Math.abs(nowMs - sweptAtMs) < SWEEP_EVERY_MS) return;
    sweptAtMs = nowMs;
    const closed = [...index.all()].filter((approval) => !isOpen(change.passTime(approval, nowMs), nowMs));
    const surplus = closed.length - limits.closedMax;
    for (const [at, approval] of closed.entries()) {
      const closedAtMs = Math.max(approval.expiresAtMs, approval.useByMs ?? 0);
      if (at < surplus || nowMs - closedAtMs > limits.closedKeptMs) index.remove(approval.id);
    }
  };
}

function isFull(index: ApprovalIndex, subject: ApprovalSubject, limits: ApprovalLimits): boolean {
  return (
    index.pendingOfAgent(subject).length >= limits.pendingPerAgentMax || index.pendingOfTenant(subject.tenant) >= limits.pendingPerTenantMax
  );
}

function createApproval(subject: ApprovalSubject, description: ApprovalDescription, nowMs: number): Approval {
  return {
    id: `apr_${createUlid(nowMs)}`,
    subject,
    description: boundDescription(description),
    state: "pending",
    createdAtMs: nowMs,
    expiresAtMs: nowMs + subject.requirement.expiresMs,
    useByMs: null,
    approvers: [],
    rejectedReason: null,
  };
}

/** Why a yes of somebody who may say it does not count, or null. */
function findUnfit({ approvers, subject }: Approval, { by, reason }: Answer): AnswerResult | null {
  if (approvers.includes(by.name)) return { kind: "said_already" };
  return subject.requirement.note && (reason === null || reason.trim() === "") ? { kind: "reason_missing" } : null;
}

/** The last yes that is needed makes the grant; its life begins there. */
function approve(approval: Approval, { by }: Answer, nowMs: number): Approval {
  const { count, useWithinMs } = approval.subject.requirement;
  const approvers = [...approval.approvers, by.name];
  if (approvers.length < count) return moveApproval(approval, "pending", { approvers });
  return moveApproval(approval, "approved", { approvers, useByMs: nowMs + useWithinMs });
}

function reject(approval: Approval, { reason }: Answer): Approval {
  return moveApproval(approval, "rejected", { rejectedReason: reason });
}

function fits(approval: Approval, { state, tenants }: ApprovalFilter): boolean {
  return (state === null || approval.state === state) && (tenants === "all" || tenants.includes(approval.subject.tenant));
}
