import { dayWindowOf } from "../day-window.ts";
import type { LedgerEntry, MeteredEntry } from "../ledger.ts";
import type { BoundOf, LimitedCall, LimitRefusal } from "../limited-call.ts";

/** The money of the call against the day's budget. Money that cannot be judged never passes a budget. */
export function chargeBudget(bound: BoundOf<"budget">, call: LimitedCall): LedgerEntry | LimitRefusal {
  const money = bound.of === "amount" ? call.amount : call.cost;
  if (money === null) return { kind: "unchargeable", limit: call.limit, code: "price_unknown" };
  if (money.currency !== bound.currency) return { kind: "unchargeable", limit: call.limit, code: "currency_mismatch" };
  return { ...lookAtBudget(bound, call), micros: money.micros };
}

/** What was charged can be told whatever the call itself costs. */
export function lookAtBudget(bound: BoundOf<"budget">, { limit, key, timeZone, nowMs }: LimitedCall) {
  const window = dayWindowOf(timeZone, nowMs);
  return {
    kind: "budget",
    limit,
    key: `${key}${window.date}`,
    capMicros: bound.micros,
    windowEndsAtMs: window.endsAtMs,
  } as const satisfies MeteredEntry;
}
