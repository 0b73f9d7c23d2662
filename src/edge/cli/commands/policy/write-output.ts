import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CliWorld } from "../../cli-world.ts";
import { couldNotRun } from "../../exit.ts";

/** Writes a file that the command was asked for with `option`. */
export async function writeOutput(file: string, content: string | Uint8Array, { option, world }: Asked): Promise<void> {
  const path = resolve(world.cwd, file);
  try {
    await writeFile(path, content);
  } catch {
    throw couldNotRun(`${path} cannot be written: name a file in a folder that is there with ${option}`);
  }
}

type Asked = { readonly option: string; readonly world: CliWorld };
