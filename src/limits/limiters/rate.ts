import type { MeteredEntry } from "../ledger.ts";
import type { BoundOf, LimitedCall } from "../limited-call.ts";

/** A call is one call, charged or only looked at. */
export function rateEntry(bound: BoundOf<"rate">, call: LimitedCall) {
  const intervalUs = (bound.periodMs * 1000) / bound.count;
  return { kind: "rate", limit: call.limit, key: call.key, intervalUs, burst: Math.max(1, bound.burst) } as const satisfies MeteredEntry;
}
