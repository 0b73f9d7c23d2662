const ENDING = ["SIGINT", "SIGTERM"] as const;

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. Each SIGHUP calls `onReload`. */
export function untilSignalled(onReload: () => void): Promise<void> {
  // Without a listener SIGHUP would end the server.
  process.on("SIGHUP", onReload);
  return new Promise((resolve) => {
    for (const signal of ENDING) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}
