import { createUlid } from "../core/id.ts";
import type { LimitUsage } from "../core/policy-input.ts";
import type { ChargeResult, Hold, Ledger, LedgerEntry, MeteredEntry, Remaining } from "./ledger.ts";

/** `value`: for a rate its theoretical arrival time in µs, for a budget the micros spent, for a grant 1. */
type Balance = { value: number; endsAtMs: number };

/** Above this many keys what has ended is swept out; a key that still limits somebody is never forgotten. */
const KEYS_MAX_DEFAULT = 1_000_000;
const RELEASED_KEPT = 10_000;
const MICROS = 1_000_000;
// Microseconds of our time have no exact sum with fractions: a call is never missed by so small a part of one.
const ROUNDING = 1e-3;

/** The ledger of one process. */
export function createMemoryLedger(options: { readonly keysMax?: number } = {}): Ledger {
  const keysMax = options.keysMax ?? KEYS_MAX_DEFAULT;
  const records = new Map<string, Balance>();
  const released = new Set<string>();

  function charge(entries: readonly LedgerEntry[], nowMs: number): ChargeResult {
    const refused = strictestRefusal(entries, records, nowMs);
    if (refused !== null) return refused;
    makeRoom(records, keysMax, nowMs, entries.length);
    const remaining: Remaining[] = [];
    for (const entry of entries) {
      const record = recordOf(records, entry, nowMs);
      record.value = valueAfter(entry, record.value, nowMs);
      record.endsAtMs = endOf(entry, record.value);
      if (entry.kind !== "grant") remaining.push({ id: entry.limit, remaining: leftOf(entry, record.value, nowMs) });
    }
    return { kind: "granted", hold: { id: `hold_${createUlid(nowMs)}`, entries }, remaining };
  }

  function release(hold: Hold, nowMs: number): void {
    if (released.has(hold.id)) return;
    released.add(hold.id);
    if (released.size > RELEASED_KEPT) forgetOldest(released);
    for (const entry of hold.entries) {
      const record = records.get(entry.key);
      if (record === undefined) continue;
      record.value = valueBefore(entry, record.value);
      record.endsAtMs = record.value <= 0 ? nowMs : endOf(entry, record.value);
    }
  }

  function usage(entries: readonly MeteredEntry[], nowMs: number): readonly LimitUsage[] {
    return entries.map((entry) => usageOf(entry, currentValue(records, entry.key, nowMs), nowMs));
  }

  return { charge, usage, release };
}

function strictestRefusal(entries: readonly LedgerEntry[], records: ReadonlyMap<string, Balance>, nowMs: number): ChargeResult | null {
  let worst: { by: LedgerEntry; retryAfterMs: number } | null = null;
  // Two entries with one key (a limit charged for the same thing twice) must not both pass on the room of one.
  const planned = new Map<string, number>();
  for (const entry of entries) {
    const value = planned.get(entry.key) ?? currentValue(records, entry.key, nowMs);
    const waitMs = waitOf(entry, value, nowMs);
    if (waitMs !== null && (worst === null || waitMs > worst.retryAfterMs)) worst = { by: entry, retryAfterMs: waitMs };
    planned.set(entry.key, valueAfter(entry, value, nowMs));
  }
  return worst === null ? null : { kind: "refused", ...worst };
}

function currentValue(records: ReadonlyMap<string, Balance>, key: string, nowMs: number): number {
  const record = records.get(key);
  return record === undefined || record.endsAtMs <= nowMs ? 0 : record.value;
}

/** How long to wait until the entry would pass, or null if it passes now. */
function waitOf(entry: LedgerEntry, value: number, nowMs: number): number | null {
  switch (entry.kind) {
    case "rate": {
      const nowUs = nowMs * 1000;
      const allowedAtUs = Math.max(value, nowUs) - (entry.burst - 1) * entry.intervalUs;
      return allowedAtUs <= nowUs ? null : Math.ceil((allowedAtUs - nowUs) / 1000);
    }
    case "budget":
      return value + entry.micros <= entry.capMicros ? null : Math.max(0, entry.windowEndsAtMs - nowMs);
    case "grant":
      return value === 0 ? null : 0;
  }
}

function valueAfter(entry: LedgerEntry, value: number, nowMs: number): number {
  switch (entry.kind) {
    case "rate":
      return Math.max(value, nowMs * 1000) + entry.intervalUs;
    case "budget":
      return value + entry.micros;
    case "grant":
      return 1;
  }
}

function valueBefore(entry: LedgerEntry, value: number): number {
  switch (entry.kind) {
    case "rate":
      return value - entry.intervalUs;
    case "budget":
      return Math.max(0, value - entry.micros);
    case "grant":
      return 0;
  }
}

function endOf(entry: LedgerEntry, value: number): number {
  switch (entry.kind) {
    case "rate":
      return Math.ceil(value / 1000);
    case "budget":
      return entry.windowEndsAtMs;
    case "grant":
      return entry.lapsesAtMs;
  }
}

function leftOf(entry: MeteredEntry, value: number, nowMs: number): number {
  if (entry.kind === "budget") return entry.capMicros - value;
  const used = Math.max(0, value - nowMs * 1000) / entry.intervalUs;
  return Math.max(0, Math.floor(entry.burst - used + ROUNDING));
}

function usageOf(entry: MeteredEntry, value: number, nowMs: number): LimitUsage {
  const left = Math.max(0, leftOf(entry, value, nowMs));
  switch (entry.kind) {
    case "rate":
      return { used: entry.burst - left, remaining: left, share: (entry.burst - left) / entry.burst };
    case "budget":
      // A budget of nothing is used up from the beginning.
      return { used: value / MICROS, remaining: left / MICROS, share: entry.capMicros === 0 ? 1 : Math.min(1, value / entry.capMicros) };
  }
}

function recordOf(records: Map<string, Balance>, entry: LedgerEntry, nowMs: number): Balance {
  const known = records.get(entry.key);
  if (known !== undefined) {
    if (known.endsAtMs <= nowMs) known.value = 0;
    return known;
  }
  const fresh = { value: 0, endsAtMs: nowMs };
  records.set(entry.key, fresh);
  return fresh;
}

function makeRoom(records: Map<string, Balance>, keysMax: number, nowMs: number, needed: number): void {
  if (records.size + needed <= keysMax) return;
  for (const [key, record] of records) if (record.endsAtMs <= nowMs) records.delete(key);
  if (records.size + needed > keysMax) throw new Error("the ledger is full of limits that still hold");
}

function forgetOldest(ids: Set<string>): void {
  for (const id of ids) {
    ids.delete(id);
    return;
  }
}
