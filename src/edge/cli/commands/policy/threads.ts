import { availableParallelism } from "node:os";

const THREADS_MAX = 4;

/** How many threads run cases where there are many. */
export function threadsForCases(): number {
  return Math.min(THREADS_MAX, availableParallelism());
}
