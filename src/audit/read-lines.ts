import { createReadStream } from "node:fs";

export type FileLine = {
  readonly number: number;
  /** Null when it is not UTF-8 or too long. */
  readonly text: string | null;
  /** False for bytes at the end of the file that no line feed closes. */
  readonly whole: boolean;
};

const LINE_BYTES_MAX = 16 * 1024 * 1024;
const LINE_FEED = 10;

/** Lines by line feed alone; `node:readline` would also split at U+2028, which receipts may hold. */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  let number = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let tooLong = false;
  const take = (whole: boolean): FileLine => {
    const line = { number: ++number, text: tooLong ? null : decode(Buffer.concat(pending)), whole };
    pending = [];
    pendingBytes = 0;
    tooLong = false;
    return line;
  };
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = chunk;
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); ; end = bytes.indexOf(LINE_FEED, start)) {
      const part = bytes.subarray(start, end < 0 ? undefined : end);
      pendingBytes += part.byteLength;
      tooLong ||= pendingBytes > LINE_BYTES_MAX;
      pending = tooLong ? [] : [...pending, part];
      if (end < 0) break;
      yield take(true);
      start = end + 1;
    }
  }
  if (pendingBytes > 0) yield take(false);
}

function decode(bytes: Buffer): string | null {
  try {
    // Not lenient: a replaced byte must not read as the character it replaced.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
