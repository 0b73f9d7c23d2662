import { dayWindowOf } from "../day-window.ts";
import type { LedgerEntry } from "../ledger.ts";
import type { BoundOf, LimitedCall, LimitRefusal } from "../limited-call.ts";

/** The money of the call against the day's budget. Money that cannot be judged never passes a budget. */
export function budgetEntry(bound: BoundOf<"budget">, call: LimitedCall): LedgerEntry | LimitRefusal {
  const money = bound.of === "amount" ? call.amount : call.cost;
  if (money === null) return { kind: "unchargeable", limit: call.limit, code: "price_unknown" };
  if (money.currency !== bound.currency) return { kind: "unchargeable", limit: call.limit, code: "currency_mismatch" };
  const window = dayWindowOf(call.timeZone, call.nowMs);
  return {
    kind: "budget",
    limit: call.limit,
    key: `${call.key}${window.date}`,
    micros: money.micros,
    capMicros: bound.micros,
    windowEndsAtMs: window.endsAtMs,
  };
}
