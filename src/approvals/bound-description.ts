import type { ApprovalDescription } from "../core/approval.ts";

const LENGTHS_MAX = { reason: 500, summary: 500, method: 32, host: 260, path: 2048, tool: 128 } as const satisfies Record<
  keyof ApprovalDescription,
  number
>;

/** What approvers read, no longer than they can; what was cut ends in `… [cut]`. */
export function boundDescription(description: ApprovalDescription): ApprovalDescription {
  return {
    reason: description.reason === null ? null : cut(description.reason, LENGTHS_MAX.reason),
    summary: description.summary === null ? null : cut(description.summary, LENGTHS_MAX.summary),
    method: cut(description.method, LENGTHS_MAX.method),
    host: cut(description.host, LENGTHS_MAX.host),
    path: cut(description.path, LENGTHS_MAX.path),
    tool: description.tool === null ? null : cut(description.tool, LENGTHS_MAX.tool),
  };
}

// The slice may split a surrogate pair; toWellFormed keeps the text one that JSON can carry.
function cut(text: string, lengthMax: number): string {
  const whole = text.toWellFormed();
  return whole.length <= lengthMax ? whole : `${whole.slice(0, lengthMax).toWellFormed()}… [cut]`;
}
