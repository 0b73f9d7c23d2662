import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const ENTRIES_MAX = 2_000;

/** A text that differs whenever a file, or a folder down to so many levels, was changed or replaced. Links are followed. Never rejects. */
export async function takeFingerprint(path: string, levels = 1): Promise<string> {
  try {
    const found = await stat(path, { bigint: true });
    const own = `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`;
    if (!found.isDirectory() || levels === 0) return own;
    const names = (await readdir(path)).sort().slice(0, ENTRIES_MAX);
    const inner: string[] = [];
    for (const name of names) inner.push(`${name}=${await takeFingerprint(join(path, name), levels - 1)}`);
    return `${own}[${inner.join(",")}]`;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  }
}
