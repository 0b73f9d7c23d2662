/** The requests that wait for news: a bounded number of them, all ended when the server ends. */
export type OpenPolls = {
  /** Waits, and gives true; false at once where as many wait as may, or the server ends. */
  readonly hold: (wait: (signal: AbortSignal) => Promise<void>, gone: AbortSignal) => Promise<boolean>;
  readonly hasRoom: () => boolean;
  readonly endAll: () => void;
};

export function createOpenPolls(max: number): OpenPolls {
  const ending = new AbortController();
  let open = 0;

  function hasRoom(): boolean {
    return open < max && !ending.signal.aborted;
  }

  async function hold(wait: (signal: AbortSignal) => Promise<void>, gone: AbortSignal): Promise<boolean> {
    if (!hasRoom()) return false;
    open += 1;
    try {
      await wait(AbortSignal.any([gone, ending.signal]));
      return true;
    } finally {
      open -= 1;
    }
  }

  return { hold, hasRoom, endAll: () => ending.abort() };
}
