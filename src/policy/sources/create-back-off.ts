/** How long to wait after each failure in a row. */
export type BackOff = { readonly next: () => number; readonly reset: () => void };

const FIRST_MS = 1_000;
const MAX_MS = 300_000;
/** Those that failed together should not try again together. */
const JITTER = 0.1;

/** @param random 0 … 1. */
export function createBackOff(random: () => number): BackOff {
  let failures = 0;
  return {
    next: () => {
      const ms = Math.min(FIRST_MS * 2 ** failures, MAX_MS);
      failures += 1;
      return ms * (1 - JITTER * random());
    },
    reset: () => {
      failures = 0;
    },
  };
}
