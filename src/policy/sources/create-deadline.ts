/** A signal that is aborted when a time has passed, or when another signal is. */
export type Deadline = {
  readonly signal: AbortSignal;
  readonly hasPassed: () => boolean;
  /** Gives it so much time from now on. */
  readonly restart: (ms: number) => void;
  readonly clear: () => void;
};

export function createDeadline(outer: AbortSignal, ms: number): Deadline {
  const controller = new AbortController();
  const pass = () => controller.abort();
  let timer = setTimeout(pass, ms);
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    hasPassed: () => controller.signal.aborted,
    restart: (again) => {
      clearTimeout(timer);
      timer = setTimeout(pass, again);
    },
    clear: () => clearTimeout(timer),
  };
}
