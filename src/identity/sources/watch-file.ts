import { basename, dirname, resolve } from "node:path";
import { watch } from "chokidar";

// What Kubernetes renames when it publishes a ConfigMap anew; the file itself is then a link that never changes.
const CONFIG_MAP_LINK = "..data";

/** Tells of every change of one file, which need not be there yet. Its folder must be. */
export async function watchFile(file: string, onChange: () => void, onError: () => void): Promise<{ close: () => Promise<void> }> {
  const folder = dirname(resolve(file));
  const watched = new Set([basename(file), CONFIG_MAP_LINK]);
  const ignored = (path: string) => path !== folder && !watched.has(basename(path));
  const watcher = watch(folder, { ignoreInitial: true, depth: 0, ignored });
  watcher.on("all", onChange).on("error", onError);
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return { close: () => watcher.close() };
}
