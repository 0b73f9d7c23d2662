import type { LedgerEntry } from "../ledger.ts";
import type { BoundOf, LimitedCall } from "../limited-call.ts";

export function rateEntry(bound: BoundOf<"rate">, call: LimitedCall): LedgerEntry {
  const intervalUs = (bound.periodMs * 1000) / bound.count;
  return { kind: "rate", limit: call.limit, key: call.key, intervalUs, burst: Math.max(1, bound.burst) };
}
