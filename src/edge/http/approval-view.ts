import { z } from "zod";
import type { Approval } from "../../core/approval.ts";
import { escapeText } from "./escape-text.ts";

const text = z.string();

export const APPROVAL_STATES = [
  "pending",
  "approved",
  "rejected",
  "expired",
  "consumed",
  "lapsed",
] as const satisfies readonly Approval["state"][];

/** An approval as operators read it: fields first, what came from the call escaped. */
export const APPROVAL_VIEW = z.object({
  id: text,
  status: z.enum(APPROVAL_STATES),
  tenant: text,
  agent: text,
  subject: text.nullable(),
  rule: text,
  code: text,
  reason: text.nullable(),
  summary: text.nullable(),
  call: z.object({ method: text, host: text, path: text, tool: text.nullable(), digest: text }),
  from: z.array(text),
  people: z.array(text),
  exclude: z.array(text),
  /** How many different persons must say yes, and how many have. */
  count: z.number(),
  given: z.number(),
  /** `required`: a yes must say why. */
  note: z.enum(["required", "optional"]),
  /** Arguments that the grant is bound to; null: the whole call. */
  bind: z.array(text).nullable(),
  approvers: z.array(text),
  rejected_reason: text.nullable(),
  created_at: text,
  expires_at: text,
  use_by: text.nullable(),
});

export const APPROVAL_PAGE = z.object({ approvals: z.array(APPROVAL_VIEW), truncated: z.boolean() });

export type ApprovalView = z.output<typeof APPROVAL_VIEW>;
export type ApprovalPageView = z.output<typeof APPROVAL_PAGE>;

export function viewApproval({ id, subject, description, ...rest }: Approval): ApprovalView {
  const { requirement } = subject;
  return {
    id,
    status: rest.state,
    tenant: escapeText(subject.tenant),
    agent: escapeText(subject.agent),
    subject: escapeNullable(subject.subject),
    rule: escapeText(subject.rule),
    code: escapeText(subject.code),
    reason: escapeNullable(description.reason),
    summary: escapeNullable(description.summary),
    call: {
      method: escapeText(description.method),
      host: escapeText(description.host),
      path: escapeText(description.path),
      tool: escapeNullable(description.tool),
      digest: subject.digest,
    },
    from: requirement.from.map(escapeText),
    people: requirement.people.map(escapeText),
    exclude: requirement.exclude.map(escapeText),
    count: requirement.count,
    given: rest.approvers.length,
    note: requirement.note ? "required" : "optional",
    bind: requirement.bind?.map(escapeText) ?? null,
    approvers: rest.approvers.map(escapeText),
    rejected_reason: escapeNullable(rest.rejectedReason),
    created_at: formatTime(rest.createdAtMs),
    expires_at: formatTime(rest.expiresAtMs),
    use_by: rest.useByMs === null ? null : formatTime(rest.useByMs),
  };
}

function escapeNullable(value: string | null): string | null {
  return value === null ? null : escapeText(value);
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}
