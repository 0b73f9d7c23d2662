import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { BUNDLE_CAPS } from "../../../../policy/bundle/bundle-files.ts";
import type { CliWorld } from "../../cli-world.ts";
import { CommandEnd, couldNotRun, EXIT } from "../../exit.ts";

/** The bytes of a bundle; a file that is too large for one is not read. */
export async function readBundleFile(file: string, world: CliWorld): Promise<Uint8Array> {
  const path = resolve(world.cwd, file);
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) throw couldNotRun(`${file} is no file: name a bundle, as \`sluice policy build\` writes it`);
  if (found.size > BUNDLE_CAPS.packedBytes) throw new CommandEnd(EXIT.no, `too_large: larger than ${BUNDLE_CAPS.packedBytes} bytes`);
  return readFile(path);
}
