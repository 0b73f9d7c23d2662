/** Those who wait until another bundle than theirs decides. */
export type Waiters = {
  readonly wait: (digest: string, until: Waiting) => Promise<void>;
  /** @param digest of what decides now; null: nothing any more. */
  readonly wake: (digest: string | null) => void;
};

export type Waiting = { readonly ms: number; readonly signal: AbortSignal };

export function createWaiters(): Waiters {
  const waiting = new Set<{ readonly digest: string; readonly end: () => void }>();

  function wait(digest: string, { ms, signal }: Waiting): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(end, ms);
    const one = { digest, end };
    waiting.add(one);
    signal.addEventListener("abort", end, { once: true });
    return promise;

    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      waiting.delete(one);
      resolve();
    }
  }

  return {
    wait,
    wake: (digest) => {
      for (const one of [...waiting]) if (one.digest !== digest) one.end();
    },
  };
}
