import type { DecisionTrace } from "../core/observer.ts";
import type { Progress } from "./progress.ts";

/** A call under way. */
export type Running = {
  /** The decision's ULID. */
  readonly id: string;
  readonly progress: Progress;
  readonly startedUs: number;
  readonly deadlineUs: number;
  readonly trace: DecisionTrace;
};
