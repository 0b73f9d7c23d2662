const ENDING = ["SIGINT", "SIGTERM"] as const;

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. SIGHUP is told of and changes nothing. */
export function untilSignalled(writeError: (text: string) => void): Promise<void> {
  // Without a listener SIGHUP would end the server.
  process.on("SIGHUP", () => writeError("sluice: SIGHUP: reloading the configuration is not built yet; nothing has changed\n"));
  return new Promise((resolve) => {
    for (const signal of ENDING) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}
