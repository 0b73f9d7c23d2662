import type { Approval } from "../core/approval.ts";
import { APPROVAL_CODE_DEFAULT, CODES, type Code } from "../core/codes.ts";
import type { ApprovalNotice, Decision, DecisionFacts } from "../core/decision.ts";
import { need } from "./progress.ts";
import type { Running } from "./running.ts";
import type { Stop } from "./stop.ts";

const FAULT_RETRY_MS = 1_000;

/** The answer to a call that stopped, or that may go on. */
export function toDecision(stop: Stop | null, running: Running): Decision {
  const facts = factsOf(running);
  if (stop === null) return permitOf(running, facts);
  const rule = ruleOf(stop);
  switch (stop.kind) {
    case "policy":
      return { kind: "deny", class: "policy", ...policyText(stop), rule, facts, approval: noticeOf(stop.approval) };
    case "identity":
      return { kind: "deny", class: "identity", ...textOf(stop.code), rule, facts, challenge: stop.challenge };
    case "revoked":
      return { kind: "deny", class: "revoked", ...textOf("agent_revoked"), rule, facts };
    case "limit":
      return { kind: "deny", class: "limit", ...textOf(stop.code), rule, facts, retryAfterMs: stop.retryAfterMs };
    case "budget":
    case "malformed":
      return { kind: "deny", class: stop.kind, ...textOf(stop.code), rule, facts };
    case "fault":
      return { kind: "deny", class: "fault", ...textOf(stop.code), rule, facts, retryAfterMs: FAULT_RETRY_MS };
    case "approval_needed":
      return approvalDecision(stop, facts);
  }
}

/** The answer when even concluding failed. */
export function faultDecision(running: Running): Decision {
  return toDecision({ kind: "fault", code: "internal", detail: "the call could not be recorded" }, running);
}

function permitOf(running: Running, facts: DecisionFacts): Decision {
  const { plan, ruling } = running.progress;
  const { changes, tookOut } = need(plan, "the planned changes");
  const rule = need(ruling, "the ruling").by[0]?.rule ?? null;
  return { kind: tookOut ? "sanitize" : "allow", rule, changes, facts };
}

function approvalDecision({ by, approval }: Extract<Stop, { kind: "approval_needed" }>, facts: DecisionFacts): Decision {
  const notice = noticeOf(approval) ?? { id: "", status: "pending", url: null, poll: null, expiresAtMs: 0, given: 0, needed: 1 };
  return {
    kind: "approval_needed",
    code: by.code ?? APPROVAL_CODE_DEFAULT,
    message: by.reason ?? "A person has to approve this call.",
    hint: by.hint ?? `Make exactly this call again after approval ${notice.id}${progressOf(notice)}.`,
    rule: by.rule,
    facts,
    approval: notice,
  };
}

function progressOf({ given, needed }: ApprovalNotice): string {
  return needed > 1 ? ` (${given} of ${needed} given)` : "";
}

function policyText({ code, by, approval }: Extract<Stop, { kind: "policy" }>) {
  const text = textOf(code);
  if (code === "denied_by_rule" && by !== null)
    return { code: by.code ?? code, message: by.reason ?? text.message, hint: by.hint ?? text.hint };
  const reason = approval?.rejectedReason ?? null;
  return code === "approval_rejected" && reason !== null ? { ...text, message: `A person rejected this call: ${reason}` } : text;
}

function textOf(code: Code) {
  const { message, hint } = CODES[code];
  return { code, message, hint };
}

function ruleOf(stop: Stop): string | null {
  if (stop.kind === "policy" || stop.kind === "approval_needed") return stop.by?.rule ?? null;
  return stop.kind === "limit" || stop.kind === "budget" ? stop.rule : null;
}

function noticeOf(approval: Approval | null): ApprovalNotice | null {
  if (approval === null) return null;
  const status = approval.state === "consumed" || approval.state === "lapsed" ? "expired" : approval.state;
  const { approvers, subject, expiresAtMs } = approval;
  return { id: approval.id, status, url: null, poll: null, expiresAtMs, given: approvers.length, needed: subject.requirement.count };
}

export function factsOf({ id, progress }: Running): DecisionFacts {
  return {
    id,
    tenant: progress.tenant?.name ?? null,
    agent: progress.caller?.agent ?? null,
    policyName: progress.policy?.name ?? null,
    policyRevision: progress.policy?.revision ?? null,
    shadow: null,
    costMicros: progress.intent?.cost?.micros ?? null,
    hold: progress.hold?.id ?? null,
  };
}
