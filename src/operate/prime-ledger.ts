import { parseMicros } from "../core/money.ts";
import type { Ledger, LedgerEntry, MeteredEntry } from "../limits/ledger.ts";
import type { CaseUsage } from "../policy/compile/cases.ts";

const MICROS = 1_000_000;

/**
 * The same ledger, in which limits are used up so far before anybody charges or looks, by limit id. What a number means
 * follows from the limit that is charged: two programs with one limit at two heights each take their own.
 */
export function primeLedger(ledger: Ledger, usage: Readonly<Record<string, CaseUsage>>): Ledger {
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
function spend(entry: LedgerEntry | MeteredEntry, given: CaseUsage): LedgerEntry | null {
  switch (entry.kind) {
    case "rate": {
      const used = usedOf(given, entry.burst);
      return used <= 0 ? null : { ...entry, intervalUs: entry.intervalUs * used };
    }
    case "budget": {
      const micros = parseMicros(Math.round(usedOf(given, entry.capMicros / MICROS) * MICROS));
      return micros === null || micros === 0 ? null : { ...entry, micros };
    }
    case "grant":
      return null;
  }
}

/** Of a whole that may be smaller than the one the case was written for. */
function usedOf({ part, value }: CaseUsage, whole: number): number {
  switch (part) {
    case "used":
      return Math.min(value, whole);
    case "remaining":
      return Math.max(0, whole - value);
    case "share":
      return whole * value;
  }
}
