import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseReceipt } from "../audit/parse-receipt.ts";
import { readLines } from "../audit/read-lines.ts";
import { type VerifyReport, verifyReceipts } from "../audit/verify.ts";
import type { Json } from "../core/intent.ts";
import type { VerifyingKey } from "../core/keys.ts";

/** Only receipts with exactly these values; an absent one fits all. */
type ReceiptFilter = {
  readonly tenant?: string | undefined;
  readonly agent?: string | undefined;
  readonly kind?: string | undefined;
  readonly decision?: string | undefined;
  readonly class?: string | undefined;
  readonly code?: string | undefined;
  readonly rule?: string | undefined;
};

export type TailOptions = {
  /** How many of the newest to begin with, over all streams. */
  readonly n: number;
  readonly filter: ReceiptFilter;
  /** Goes on with what is appended until it is aborted; null ends after the newest. */
  readonly follow: AbortSignal | null;
};

/** One stored line and what it says. */
export type StoredReceipt = { readonly text: string; readonly fields: Readonly<Record<string, Json>> };

const POLL_MS = 250;
const LINE_FEED = 10;
const READ_BYTES_MAX = 16 * 1024 * 1024;
const WINDOW_BYTES = 256 * 1024;
const WINDOW_BYTES_MAX = 256 * 1024 * 1024;

/** The newest receipts of a folder, oldest first, over all its streams by time. */
export async function* tailReceipts(folder: string, { n, filter, follow }: TailOptions): AsyncGenerator<StoredReceipt> {
  const offsets = new Map<string, number>();
  const newest: StoredReceipt[] = [];
  for (const file of await listFiles(folder)) {
    const rows = await readNewest(file, n, filter);
    offsets.set(file, rows.endBytes);
    newest.push(...rows.receipts);
  }
  yield* newest.sort(byTime).slice(Math.max(0, newest.length - n));
  while (follow !== null && !follow.aborted) {
    for (const file of await listFiles(folder)) yield* readOn(file, offsets, filter);
    await sleep(POLL_MS, undefined, { signal: follow }).catch(() => {});
  }
}

export type FoundReceipt = StoredReceipt & {
  /** Whether the line is as it was written. That none was taken away only `verifyFolder` can say. */
  readonly intact: boolean;
};

/** The receipt of one decision, in whatever stream of the folder it is. */
export async function findReceipt(folder: string, decisionId: string): Promise<FoundReceipt | null> {
  for (const file of await listFiles(folder)) {
    for await (const { text } of readLines(file)) {
      const receipt = text?.includes(decisionId) === true ? parseReceipt(text) : null;
      if (text === null || receipt === null) continue;
      const { fields, intact } = receipt;
      if (fields["kind"] === "decision" && fields["decision_id"] === decisionId) return { text, fields, intact };
    }
  }
  return null;
}

/** Verifies every stream of a folder; what the options mean is told by `verifyReceipts`. */
export async function verifyFolder(
  folder: string,
  options: { readonly keys: readonly VerifyingKey[]; readonly anchor: string | null },
): Promise<VerifyReport> {
  return verifyReceipts({ files: await listFiles(folder), ...options });
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => join(folder, name));
}

/** From the end backwards, in windows that double until enough receipts fit. */
async function readNewest(
  file: string,
  n: number,
  filter: ReceiptFilter,
): Promise<{ readonly receipts: readonly StoredReceipt[]; readonly endBytes: number }> {
  const { size } = await stat(file);
  for (let window = WINDOW_BYTES; ; window *= 2) {
    const start = Math.max(0, size - window);
    const bytes = await readRange(file, start, size - start);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    // A window may begin inside a line; the rest of it is no receipt.
    const receipts = toReceipts(bytes.subarray(0, end), filter);
    if (receipts.length >= n || start === 0 || window >= WINDOW_BYTES_MAX) {
      return { receipts: receipts.slice(Math.max(0, receipts.length - n)), endBytes: start + end };
    }
  }
}

/** Whole lines that were appended after the offset, in bounded bites. */
async function* readOn(file: string, offsets: Map<string, number>, filter: ReceiptFilter): AsyncGenerator<StoredReceipt> {
  const from = offsets.get(file) ?? 0;
  const { size } = await stat(file);
  if (size <= from) return;
  const bytes = await readRange(file, from, Math.min(size - from, READ_BYTES_MAX));
  const end = bytes.lastIndexOf(LINE_FEED) + 1;
  offsets.set(file, from + end);
  yield* toReceipts(bytes.subarray(0, end), filter);
}

async function readRange(file: string, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const handle = await open(file, "r");
  try {
    const { bytesRead } = await handle.read(bytes, 0, length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function toReceipts(bytes: Buffer, filter: ReceiptFilter): readonly StoredReceipt[] {
  const receipts: StoredReceipt[] = [];
  for (const text of bytes.toString().split("\n")) {
    const fields = parseReceipt(text)?.fields;
    if (fields !== undefined && fits(fields, filter)) receipts.push({ text, fields });
  }
  return receipts;
}

function fits(fields: StoredReceipt["fields"], filter: ReceiptFilter): boolean {
  return Object.entries(filter).every(([name, value]) => value === undefined || fields[name] === value);
}

function byTime(one: StoredReceipt, other: StoredReceipt): number {
  return timeOf(one) - timeOf(other);
}

function timeOf({ fields }: StoredReceipt): number {
  const { at } = fields;
  return typeof at === "string" ? Date.parse(at) : 0;
}
