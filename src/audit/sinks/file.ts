import { type FileHandle, mkdir, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Observer } from "../../core/observer.ts";
import type { AuditSink, StoredHead } from "../audit-sink.ts";
import { readTail } from "../read-tail.ts";
import { fileNameOf } from "../stream-name.ts";
import type { SinkSettings } from "./sink-kind.ts";

const OPEN_FILES_MAX = 64;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

type OpenFile = {
  readonly handle: FileHandle;
  readonly path: string;
  readonly inode: number;
  size: number;
  /** Appended to since the last sync. */
  dirty: boolean;
  /** The last write failed and may have left half a line after `size`. */
  torn: boolean;
};

/**
 * One append-only file a stream, `<folder>/<stream>.jsonl`. What was appended outlives the process at once, and a power
 * cut from the next checkpoint on: files are synced before a checkpoint is written, after it, and on close.
 */
export function createFileSink({ folder, observer }: SinkSettings): () => Promise<AuditSink> {
  return async function openFileSink() {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const heads = await readFolder(folder, observer);
    const files = new Map<string, OpenFile>();
    return {
      name: "file",
      heads,
      append: async function appendLines(stream, lines) {
        const file = await useFile(files, folder, stream);
        if (!(await isUntouched(file, stream, observer))) files.delete(stream);
        await appendWhole(await useFile(files, folder, stream), Buffer.from(lines));
      },
      sync: () => syncAll(files),
      close: async function closeFiles() {
        await syncAll(files);
        for (const file of files.values()) await file.handle.close();
        files.clear();
      },
    };
  };
}

async function readFolder(folder: string, observer: Observer): Promise<ReadonlyMap<string, StoredHead>> {
  const heads = new Map<string, StoredHead>();
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith(".jsonl")) continue;
    const tail = await readTail(join(folder, name));
    if (tail.tornAside !== null) {
      observer.log("error", "a receipt was torn when the server stopped; its bytes were set aside", { file: name, aside: tail.tornAside });
      observer.faulted("receipts", "torn", name);
    }
    if (tail.head !== null) heads.set(tail.head.stream, tail.head);
  }
  return heads;
}

/** The file of a stream, opened if it is not; the one used longest ago makes room. */
async function useFile(files: Map<string, OpenFile>, folder: string, stream: string): Promise<OpenFile> {
  const known = files.get(stream);
  if (known !== undefined) {
    files.delete(stream);
    files.set(stream, known);
    return known;
  }
  const [oldest] = files;
  if (oldest !== undefined && files.size >= OPEN_FILES_MAX) {
    await oldest[1].handle.datasync();
    await oldest[1].handle.close();
    files.delete(oldest[0]);
  }
  const path = join(folder, fileNameOf(stream));
  const handle = await open(path, "a", FILE_MODE);
  const { size, ino } = await handle.stat();
  const file = { handle, path, inode: ino, size, dirty: false, torn: false };
  files.set(stream, file);
  return file;
}

/** False when the file was moved, removed or changed by someone else: loud, and then written to as it is found. */
async function isUntouched(file: OpenFile, stream: string, observer: Observer): Promise<boolean> {
  const found = await stat(file.path).catch(() => null);
  if (found !== null && found.ino === file.inode && (file.torn || found.size === file.size)) return true;
  observer.log("error", "something else changed a receipts file", { stream, expected_bytes: file.size, found_bytes: found?.size ?? null });
  observer.faulted("receipts", "foreign_write", stream);
  await file.handle.close();
  return false;
}

async function appendWhole(file: OpenFile, bytes: Buffer): Promise<void> {
  // A full disk takes part of the bytes; half a line must not stay in front of the next try.
  if (file.torn) await file.handle.truncate(file.size);
  file.torn = true;
  file.dirty = true;
  await file.handle.appendFile(bytes);
  file.size += bytes.byteLength;
  file.torn = false;
}

async function syncAll(files: ReadonlyMap<string, OpenFile>): Promise<void> {
  for (const file of files.values()) {
    if (!file.dirty) continue;
    await file.handle.datasync();
    file.dirty = false;
  }
}
