import { glob } from "node:fs/promises";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..", "..");

/** Every hand-written file of src, as absolute paths. */
export async function listSourceFiles(): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob("src/**/*.ts", { cwd: ROOT })) files.push(join(ROOT, file));
  return files.sort();
}
