import { createApprovalBook } from "./approval-book.ts";
import type { Approvals, ApprovalsOptions } from "./approvals.ts";

/** Approvals that end with the process. */
export function createMemoryApprovals(options: ApprovalsOptions): Approvals {
  return createApprovalBook({ ...options, save: async () => {}, saved: [] });
}
