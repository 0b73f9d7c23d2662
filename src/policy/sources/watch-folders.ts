import { watch as watchFiles } from "chokidar";

/** How long folders must be quiet before they are read again. */
export const QUIET_MS = 100;

/** Calls `reload` once after each burst of changes, one at a time; changes during a reload cause one more. */
export async function watchFolders(folders: readonly string[], quietMs: number, reload: () => Promise<void>) {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let isDirty = false;
  let isStarted = false;
  const run = () => {
    timer = null;
    if (running !== null) return;
    isDirty = false;
    running = reload().finally(() => {
      running = null;
      if (isDirty) schedule();
    });
  };
  const schedule = () => {
    isDirty = true;
    if (!isStarted) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(run, quietMs);
  };
  const watcher = watchFiles([...folders], { ignoreInitial: true, followSymlinks: true, depth: 1 });
  watcher.on("all", schedule);
  // Where the system has no more watches to give, changes go unnoticed; without a listener it would end the process.
  watcher.on("error", () => {});
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return {
    start: () => {
      isStarted = true;
      if (isDirty) schedule();
    },
    close: async () => {
      isStarted = false;
      if (timer !== null) clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}
