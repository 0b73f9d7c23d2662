import type { ApprovalView } from "../http/approval-view.ts";

/** One line of a list. */
export function approvalLine(one: ApprovalView): string {
  const status = one.status === "pending" && one.count > 1 ? `pending (${progressOf(one)})` : one.status;
  return `${one.id}  ${status}  ${one.agent}  ${one.call.method} ${one.call.host}${one.call.path}  ${one.summary ?? one.rule}\n`;
}

/** Everything that is known of one, a line each. */
export function describeApproval(one: ApprovalView): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ["id", one.id],
    ["status", one.status],
    ["agent", one.agent],
    ["tenant", one.tenant],
    ["for", one.subject],
    ["call", `${one.call.method} ${one.call.host}${one.call.path}`],
    ["tool", one.call.tool],
    ["digest", one.call.digest],
    ["covers", one.bind === null ? null : `any call of ${one.call.tool ?? "this tool"} with the same ${one.bind.join(", ")}`],
    ["summary", one.summary],
    ["rule", one.rule],
    ["reason", one.reason],
    ["from", one.from.join(", ")],
    ["or", one.people.join(", ") || null],
    ["never", one.exclude.join(", ") || null],
    ["note", one.note === "required" ? "required: approve with --reason" : null],
    ["approved", progressOf(one)],
    ["approvers", one.approvers.join(", ") || null],
    ["rejected", one.rejected_reason],
    ["expires", one.expires_at],
    ["use by", one.use_by],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(10)} ${value}\n`])).join("");
}

function progressOf({ given, count }: ApprovalView): string {
  return `${given} of ${count}`;
}
