import type { Clock } from "../core/clock.ts";

/** The machine's own clocks. */
export const SYSTEM_CLOCK: Clock = { nowMs: Date.now, monotonicUs: () => performance.now() * 1000 };
