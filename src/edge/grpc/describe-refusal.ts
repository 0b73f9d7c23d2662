import { CODES } from "../../core/codes.ts";
import type { ApprovalNotice, Decision } from "../../core/decision.ts";

export type Refused = Extract<Decision, { kind: "approval_needed" | "deny" }>;

/** The `error` object of contract section 4, as JSON text. */
export function describeRefusal(refused: Refused): string {
  const retryAfterMs = retryAfterMsOf(refused);
  const error = {
    type: "sluice_denied",
    decision: refused.kind,
    class: refused.kind === "deny" ? refused.class : null,
    code: refused.code,
    message: refused.message,
    hint: refused.hint,
    rule: refused.rule,
    retryable: retryAfterMs !== null,
    retry_after_ms: retryAfterMs,
    decision_id: refused.facts.id,
    approval: describeApproval(refused),
  };
  return JSON.stringify({ error });
}

/** How long to wait before the same call may pass; null where repeating it does not help within a minute. */
export function retryAfterMsOf(refused: Refused): number | null {
  if (refused.kind !== "deny") return null;
  switch (refused.class) {
    case "fault":
      return Math.min(atLeastOne(refused.retryAfterMs), RETRY_AFTER_MS_MAX);
    case "limit":
      return isRetryable(refused.code) && refused.retryAfterMs <= RETRY_AFTER_MS_MAX ? atLeastOne(refused.retryAfterMs) : null;
    case "policy":
    case "identity":
    case "revoked":
    case "budget":
    case "malformed":
      return null;
  }
}

function isRetryable(code: string): boolean {
  return RETRYABLE.has(code);
}

function atLeastOne(ms: number): number {
  return Math.max(1, Math.ceil(ms));
}

function describeApproval(refused: Refused): object | null {
  if (refused.kind === "approval_needed") return approvalObject(refused.approval);
  return refused.class === "policy" && refused.approval !== null ? approvalObject(refused.approval) : null;
}

function approvalObject({ id, status, url, poll, expiresAtMs, given, needed }: ApprovalNotice): object {
  // RFC 3339 in whole seconds.
  const expiresAt = new Date(expiresAtMs).toISOString().replace(/\.\d+Z$/, "Z");
  return { id, status, url, poll, expires_at: expiresAt, given, needed };
}

const RETRY_AFTER_MS_MAX = 60_000;
const RETRYABLE: ReadonlySet<string> = new Set(
  Object.entries(CODES)
    .filter(([, row]) => row.retryable)
    .map(([code]) => code),
);
