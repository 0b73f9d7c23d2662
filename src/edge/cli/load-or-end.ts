import type { Settings } from "../../config/settings.ts";
import type { CliWorld } from "./cli-world.ts";
import { couldNotRun } from "./exit.ts";

export type ConfigOptions = { readonly config?: string | undefined; readonly policies?: string | undefined };

/** The settings a command runs on; what is wrong with them ends it, every problem on a line. */
export function loadOrEnd(options: ConfigOptions, world: CliWorld): { readonly settings: Settings; readonly effective: unknown } {
  const loaded = world.loadSettings({ file: options.config ?? null, policies: options.policies ?? null });
  if (loaded.kind === "settings") return loaded;
  for (const problem of loaded.problems) world.writeError(`${world.describeProblem(problem)}\n`);
  throw couldNotRun("the configuration has errors; `sluice config schema` prints what is allowed");
}
