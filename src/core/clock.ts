/** Where time comes from; injected, so that a test can hold it still. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** Microseconds on a clock that never goes back; only differences mean something. */
  readonly monotonicUs: () => number;
};
