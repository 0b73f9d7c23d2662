import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Approval } from "../core/approval.ts";
import { createApprovalBook } from "./approval-book.ts";
import type { Approvals, ApprovalsOptions } from "./approvals.ts";
import { openJournal } from "./journal.ts";
import { formatLine, parseJournal } from "./parse-journal.ts";

type FileApprovalsOptions = ApprovalsOptions & { readonly folder: string; readonly rewriteAtBytes: number };

export type FileApprovals = Approvals & { readonly close: () => Promise<void> };

export const REWRITE_AT_BYTES = 16 * 1024 * 1024;

/** Approvals in `<folder>/approvals.jsonl`: what was acknowledged survives a crash. One process at a time. */
export async function openFileApprovals(options: FileApprovalsOptions): Promise<FileApprovals> {
  const path = join(options.folder, "approvals.jsonl");
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const saved = await readSaved(path);
  const book = createApprovalBook({ ...options, saved, save: (approval) => journal.append(formatLine(approval)) });
  const journal = await openJournal({ path, snapshot: () => formatAll(book.all()), rewriteAtBytes: options.rewriteAtBytes });
  return { ...book, close: journal.close };
}

async function readSaved(path: string): Promise<readonly Approval[]> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw cause;
  }
  try {
    return parseJournal(content);
  } catch (cause) {
    throw new Error(`${path}: open approvals cannot be restored; repair the line, or move the file away to start with none`, { cause });
  }
}

function formatAll(approvals: Iterable<Approval>): string[] {
  return Array.from(approvals, formatLine);
}
