import { open, readFile, stat } from "node:fs/promises";
import { type ParsedRevocations, parseRevocations, type Revocation } from "./revocation.ts";

const BYTES_MAX = 16_777_216;

/** Null where the file is not there; rejects where it is and cannot be read. */
export async function readRevocations(file: string): Promise<ParsedRevocations | null> {
  try {
    if ((await stat(file)).size > BYTES_MAX) throw new Error("the file of revocations is larger than 16 MiB");
    return parseRevocations(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** Fulfilled when the line is on the disk. */
export async function appendRevocation(file: string, revocation: Revocation): Promise<void> {
  const handle = await open(file, "a+", 0o600);
  try {
    // A line that someone left without its end would swallow this one.
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    const start = size > 0 && last.toString() !== "\n" ? "\n" : "";
    await handle.appendFile(`${start}${JSON.stringify(revocation)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
