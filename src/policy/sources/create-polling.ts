import { setTimeout as delay } from "node:timers/promises";

export type Polling = {
  /** Asks at once; resolves when an ask that began after this call has ended. */
  readonly now: () => Promise<void>;
  /** Resolves when nothing is being asked any more. */
  readonly close: () => Promise<void>;
};

/** Asks once and gives how long to wait before the next ask; never rejects. The signal says that the answer is not waited for any more. */
type Ask = (isHurried: boolean, signal: AbortSignal) => Promise<number>;

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Asks for the first time, and then again and again, one ask at a time, until it is closed. */
export async function createPolling(ask: Ask, sleep: Sleep = sleepUnreferenced): Promise<Polling> {
  let hurried: (() => void)[] = [];
  let round = new AbortController();
  let isHurried = true;
  let isClosed = false;

  async function askOnce(): Promise<number> {
    const waiting = hurried;
    hurried = [];
    round = new AbortController();
    const delayMs = await ask(isHurried, round.signal);
    for (const tell of waiting) tell();
    return delayMs;
  }

  async function run(firstDelayMs: number): Promise<void> {
    let delayMs = firstDelayMs;
    while (!isClosed) {
      isHurried = false;
      if (hurried.length === 0) await sleep(delayMs, round.signal);
      if (isClosed) break;
      isHurried = hurried.length > 0;
      delayMs = await askOnce();
    }
    for (const tell of hurried.splice(0)) tell();
  }

  const firstDelayMs = await askOnce();
  const running = run(firstDelayMs);
  return {
    now: () => {
      if (isClosed) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      hurried.push(resolve);
      // An ask in a hurry ends soon by itself; another may be held back by the server for long.
      if (!isHurried) round.abort();
      return promise;
    },
    close: async () => {
      isClosed = true;
      round.abort();
      await running;
    },
  };
}

async function sleepUnreferenced(ms: number, signal: AbortSignal): Promise<void> {
  // It rejects where it is aborted, which is as good an end.
  await delay(ms, undefined, { signal, ref: false }).catch(() => {});
}
