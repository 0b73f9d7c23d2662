import { existsSync } from "node:fs";
import type { CliWorld } from "./cli-world.ts";
import { couldNotRun } from "./exit.ts";
import { type ConfigOptions, loadOrEnd } from "./load-or-end.ts";

/** Where the receipts are: as given, or in the state folder. */
export function receiptsFolder(options: ConfigOptions & { readonly folder?: string | undefined }, world: CliWorld): string {
  const folder = options.folder ?? `${loadOrEnd(options, world).settings.state.folder}/receipts`;
  if (existsSync(folder)) return folder;
  throw couldNotRun(`${folder} is not there: name the folder of the receipts with --folder`);
}
