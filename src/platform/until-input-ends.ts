/** Resolves when standard input ends. Nothing keeps the process alive for it once the signal is aborted. */
export function untilInputEnds(signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const end = () => {
      stdin.pause();
      resolve();
    };
    for (const event of ["end", "close", "error"]) stdin.once(event, end);
    signal.addEventListener("abort", end, { once: true });
    stdin.resume();
  });
}
