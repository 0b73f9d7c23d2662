import type { Limit } from "../core/ruling.ts";
import { type ChargedCall, isSeen, keysOf } from "./keys-of.ts";
import type { LedgerEntry, MeteredEntry } from "./ledger.ts";
import type { LimitedCall, LimitRefusal } from "./limited-call.ts";
import { LIMITERS } from "./limiters/index.ts";

export type EntriesResult = { readonly kind: "entries"; readonly entries: readonly LedgerEntry[] } | LimitRefusal;

/** The ledger entries of a call, one for each limit that covers it and each of the caller's groups where it is per group. */
export function entriesOf(limits: readonly Limit[], call: ChargedCall): EntriesResult {
  const entries: LedgerEntry[] = [];
  for (const limit of limits) {
    for (const key of keysOf(limit, call)) {
      const entry = chargeOf(limit, limitedCall(limit, key, call));
      if (entry.kind === "unchargeable") return entry;
      entries.push(entry);
    }
  }
  return { kind: "entries", entries };
}

/** Where to look for the usage of limits. A limit whose place depends on what the call hides has none. */
export function looksOf(limits: readonly Limit[], call: ChargedCall): readonly MeteredEntry[] {
  const seen = limits.filter((limit) => isSeen(limit, call));
  return seen.flatMap((limit) => keysOf(limit, call).map((key) => lookOf(limit, limitedCall(limit, key, call))));
}

function limitedCall({ id, timeZone }: Limit, key: string, { intent, nowMs }: ChargedCall): LimitedCall {
  return { limit: id, key, timeZone, amount: intent.amount, cost: intent.cost, nowMs };
}

function chargeOf(limit: Limit, call: LimitedCall): LedgerEntry | LimitRefusal {
  switch (limit.bound.kind) {
    case "rate":
      return LIMITERS.rate.charge(limit.bound, call);
    case "budget":
      return LIMITERS.budget.charge(limit.bound, call);
  }
}

function lookOf(limit: Limit, call: LimitedCall): MeteredEntry {
  switch (limit.bound.kind) {
    case "rate":
      return LIMITERS.rate.look(limit.bound, call);
    case "budget":
      return LIMITERS.budget.look(limit.bound, call);
  }
}
