import { parseMicros } from "../core/money.ts";
import type { LimitUsage } from "../core/policy-input.ts";
import type { Ledger, LedgerEntry, MeteredEntry } from "../limits/ledger.ts";

const MICROS = 1_000_000;

/** The same ledger, in which limits are used up so far before anybody charges or looks. By limit id. */
export function primeLedger(ledger: Ledger, usage: Readonly<Record<string, LimitUsage>>): Ledger {
  const primed = new Set<string>();
  const prime = (entries: readonly (LedgerEntry | MeteredEntry)[], nowMs: number) => {
    for (const entry of entries) {
      const given = Object.hasOwn(usage, entry.limit) ? usage[entry.limit] : undefined;
      if (given === undefined || primed.has(entry.key)) continue;
      primed.add(entry.key);
      const spent = spend(entry, given);
      // The ledger of one process charges at once.
      if (spent !== null) void ledger.charge([spent], nowMs);
    }
  };
  return {
    ...ledger,
    charge: (entries, nowMs) => {
      prime(entries, nowMs);
      return ledger.charge(entries, nowMs);
    },
    usage: (entries, nowMs) => {
      prime(entries, nowMs);
      return ledger.usage(entries, nowMs);
    },
  };
}

/** One entry that leaves what is used; null where that is nothing. */
function spend(entry: LedgerEntry | MeteredEntry, { used }: LimitUsage): LedgerEntry | null {
  if (used <= 0) return null;
  switch (entry.kind) {
    case "rate":
      return { ...entry, intervalUs: entry.intervalUs * used };
    case "budget": {
      const micros = parseMicros(Math.round(used * MICROS));
      return micros === null ? null : { ...entry, micros };
    }
    case "grant":
      return null;
  }
}
