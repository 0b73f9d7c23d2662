import { QUIET_MS, watchFolders } from "../../../../policy/sources/watch-folders.ts";
import type { CliWorld } from "../../cli-world.ts";

/** Runs now and after every burst of changes, one run at a time, until SIGINT or the end of standard input. */
export async function runOnChange(folders: readonly string[], run: () => Promise<void>, world: CliWorld): Promise<void> {
  const input = new AbortController();
  // A terminal that is closed ends the input too.
  const ended = Promise.race([world.untilStopped(() => {}), world.untilInputEnds(input.signal)]);
  const runSafely = () =>
    run().catch((error: unknown) => {
      world.writeError(`sluice: ${error instanceof Error ? error.message : "the run failed"}\n`);
    });
  const watch = await watchFolders(folders, QUIET_MS, runSafely);
  await runSafely();
  watch.start();
  world.write("Watching for changes; SIGINT or the end of input ends it.\n");
  await ended;
  input.abort();
  await watch.close();
}
