import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { CliWorld } from "../../cli-world.ts";
import { couldNotRun } from "../../exit.ts";

export const GUARDRAILS_OPTION = ["--guardrails <dir...>", "folders of guardrails that the policies are under"] as const;

/** A folder that is not there is no policy that is wrong. */
export async function folderOrEnd(dir: string, world: CliWorld): Promise<string> {
  const folder = resolve(world.cwd, dir);
  const found = await stat(folder).catch(() => null);
  if (found === null) throw couldNotRun(`${dir} does not exist: name a folder of policy files`);
  if (!found.isDirectory()) throw couldNotRun(`${dir} is no folder: name a folder of policy files`);
  return folder;
}

export async function foldersOrEnd(dirs: readonly string[] | undefined, world: CliWorld): Promise<readonly string[]> {
  return Promise.all((dirs ?? []).map((dir) => folderOrEnd(dir, world)));
}
