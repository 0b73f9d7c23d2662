import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** Lines in an append-only file; each promise resolves when its line is on the disk. */
export type Journal = {
  readonly append: (line: string) => Promise<void>;
  /** Writes what waits and closes the file. */
  readonly close: () => Promise<void>;
};

type JournalOptions = {
  readonly path: string;
  /** All that must be known after a restart; the file is rewritten from it at the start and when it has grown. */
  readonly snapshot: () => Iterable<string>;
  readonly rewriteAtBytes: number;
};

type Waiting = { readonly line: string; readonly resolve: () => void; readonly reject: (cause: unknown) => void };

const WAITING_MAX = 10_000;
const OWNER_ONLY = 0o600;

export async function openJournal(options: JournalOptions): Promise<Journal> {
  const file = await createJournalFile(options);
  let waiting: Waiting[] = [];
  let draining: Promise<void> | null = null;
  let closed = false;

  function append(line: string): Promise<void> {
    if (closed) return Promise.reject(new Error("the journal is closed"));
    if (waiting.length >= WAITING_MAX) return Promise.reject(new Error("too many lines wait for the journal"));
    return new Promise((resolve, reject) => {
      waiting.push({ line, resolve, reject });
      draining ??= drain();
    });
  }

  // Lines that arrive while a batch is written share the next one's sync.
  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await file.write(batch.map((one) => `${one.line}\n`).join(""));
        for (const one of batch) one.resolve();
      } catch (cause) {
        for (const one of batch) one.reject(cause);
      }
    }
    draining = null;
  }

  async function close(): Promise<void> {
    closed = true;
    await draining;
    await file.close();
  }

  return { append, close };
}

type JournalFile = { readonly write: (text: string) => Promise<void>; readonly close: () => Promise<void> };

async function createJournalFile({ path, snapshot, rewriteAtBytes }: JournalOptions): Promise<JournalFile> {
  let current = await rewrite(path, snapshot());
  let rewriteAt = Math.max(rewriteAtBytes, current.bytes * 2);
  let broken: unknown = null;

  async function write(text: string): Promise<void> {
    if (broken !== null) throw broken;
    const bytes = Buffer.from(text);
    // The snapshot holds what the lines say, so they need not be written as well.
    if (current.bytes + bytes.length > rewriteAt) return replace();
    try {
      await writeAll(current.handle, bytes, current.bytes);
      await current.handle.datasync();
      current = { handle: current.handle, bytes: current.bytes + bytes.length };
    } catch (cause) {
      await forget(cause);
      throw cause;
    }
  }

  async function replace(): Promise<void> {
    const old = current.handle;
    try {
      current = await rewrite(path, snapshot());
    } catch (cause) {
      // The open file may no longer be the one a restart reads.
      broken = cause;
      throw cause;
    }
    rewriteAt = Math.max(rewriteAtBytes, current.bytes * 2);
    await old.close();
  }

  // Half a line would spoil the one after it; a file that cannot be cut back takes no more.
  async function forget(cause: unknown): Promise<void> {
    try {
      await current.handle.truncate(current.bytes);
      await current.handle.datasync();
    } catch {
      broken = cause;
    }
  }

  return { write, close: () => current.handle.close() };
}

type OpenFile = { readonly handle: FileHandle; readonly bytes: number };

/** A new file with these lines in the old one's place; either one or the other is there after a crash. */
async function rewrite(path: string, lines: Iterable<string>): Promise<OpenFile> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  const handle = await open(draft, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, OWNER_ONLY);
  try {
    const bytes = Buffer.from([...lines].map((line) => `${line}\n`).join(""));
    await writeAll(handle, bytes, 0);
    await handle.sync();
    await rename(draft, path);
    await syncFolder(dirname(path));
    return { handle, bytes: bytes.length };
  } catch (cause) {
    await handle.close();
    throw cause;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
