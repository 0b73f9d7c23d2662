import type { Observer } from "../core/observer.ts";

/** One line a second for each kind of fault, with the number of those that got none: a flood must not fill the disk. */
export function createFaultLog(log: Observer["log"], nowMs: () => number): Observer["faulted"] {
  const kinds = new Map<string, { quietUntilMs: number; unlogged: number }>();
  return function logFault(dependency, action, detail) {
    const key = kinds.size < KINDS_MAX ? `${dependency} ${action}` : "";
    const row = kinds.get(key) ?? { quietUntilMs: 0, unlogged: 0 };
    kinds.set(key, row);
    const now = nowMs();
    if (now < row.quietUntilMs) {
      row.unlogged++;
      return;
    }
    log("warn", "fault", { dependency, action, detail, unlogged: row.unlogged });
    row.quietUntilMs = now + QUIET_MS;
    row.unlogged = 0;
  };
}

const QUIET_MS = 1_000;
const KINDS_MAX = 256;
