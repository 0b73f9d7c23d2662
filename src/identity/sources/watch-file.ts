import { watch } from "chokidar";

/**
 * Tells of every change of one file, which need not be there yet. Through chokidar, because `fs.watch` falls silent after the
 * first swap of a Kubernetes ConfigMap.
 */
export async function watchFile(file: string, onChange: () => void, onError: () => void): Promise<{ close: () => Promise<void> }> {
  const watcher = watch(file, { ignoreInitial: true, followSymlinks: true });
  watcher.on("add", onChange).on("change", onChange).on("unlink", onChange).on("error", onError);
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return { close: () => watcher.close() };
}
