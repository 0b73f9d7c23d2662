import { type FileHandle, open, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { StoredHead } from "./audit-sink.ts";
import { parseReceipt } from "./parse-receipt.ts";

export type Tail = {
  /** Null for a file without a whole line. */
  readonly head: (StoredHead & { readonly stream: string }) | null;
  /** The file that now holds the bytes after the last whole line; null when there were none. */
  readonly tornAside: string | null;
};

const CHUNK_BYTES = 65_536;
const LINE_BYTES_MAX = 16 * 1024 * 1024;
const LINE_FEED = 10;

/**
 * Where a receipts file ends. Bytes after the last line feed, from a write that was cut short, are copied to a file
 * beside it before they are cut off. Throws when the last line is no receipt: a chain must not go on from it.
 */
export async function readTail(path: string): Promise<Tail> {
  const handle = await open(path, "r+");
  try {
    const { size } = await handle.stat();
    const bytes = await readLastLines(handle, size);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    const torn = bytes.subarray(end);
    const tornAside = torn.byteLength === 0 ? null : await setAside(path, size - torn.byteLength, torn);
    if (tornAside !== null) await handle.truncate(size - torn.byteLength);
    if (end === 0) return { head: null, tornAside };
    const start = bytes.lastIndexOf(LINE_FEED, end - 2) + 1;
    return { head: readHead(bytes.subarray(start, end - 1).toString(), basename(path)), tornAside };
  } finally {
    await handle.close();
  }
}

/** From the end backwards until a whole line is in: two line feeds, or one and the start of the file. */
async function readLastLines(handle: FileHandle, size: number): Promise<Buffer> {
  for (let length = Math.min(size, CHUNK_BYTES); ; length = Math.min(size, length * 2)) {
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, size - length);
    const end = bytes.lastIndexOf(LINE_FEED);
    const whole = end > 0 && bytes.lastIndexOf(LINE_FEED, end - 1) >= 0;
    if (whole || length === size) return bytes;
    if (length >= LINE_BYTES_MAX) throw new Error("a receipts file ends in a line that is too long to be a receipt");
  }
}

async function setAside(path: string, offset: number, torn: Buffer): Promise<string> {
  const name = `${basename(path)}.torn-${offset}`;
  const aside = join(dirname(path), name);
  // The name is the offset: a crash between the copy and the cut writes the same bytes again.
  await writeFile(aside, torn, { mode: 0o600, flush: true });
  return name;
}

function readHead(text: string, file: string): Tail["head"] {
  const receipt = parseReceipt(text);
  if (!receipt?.intact) {
    throw new Error(`${file} ends in a line that is no receipt: verify the receipts, then move the file away to begin a new chain`);
  }
  return { stream: receipt.stream, seq: receipt.seq, hash: receipt.hash, receipt: receipt.fields };
}
