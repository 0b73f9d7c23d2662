import type { Micros } from "../core/money.ts";
import type { LimitUsage } from "../core/policy-input.ts";

/** One line of a charge. All entries of a call are charged together or not at all. */
export type LedgerEntry =
  /** A rate by the generic cell rate algorithm: one call every `intervalUs`, `burst` of them at once from rest. */
  | { readonly kind: "rate"; readonly limit: string; readonly key: string; readonly intervalUs: number; readonly burst: number }
  /** Money inside one window; the window is part of the key, so that what it held is forgotten when it ends. */
  | {
      readonly kind: "budget";
      readonly limit: string;
      readonly key: string;
      readonly micros: Micros;
      readonly capMicros: Micros;
      readonly windowEndsAtMs: number;
    }
  /** A grant: a quota of one that never comes back. */
  | { readonly kind: "grant"; readonly limit: string; readonly key: string; readonly lapsesAtMs: number };

/** A limit as it is looked at, without a charge. */
export type MeteredEntry =
  | Extract<LedgerEntry, { readonly kind: "rate" }>
  | Omit<Extract<LedgerEntry, { readonly kind: "budget" }>, "micros">;

/** What a granted charge reserved, to be given back if the call does not go on after all. */
export type Hold = { readonly id: string; readonly entries: readonly LedgerEntry[] };

/** What is left of a limit: calls of a rate, micros of a budget. */
export type Remaining = { readonly id: string; readonly remaining: number };

export type ChargeResult =
  | { readonly kind: "granted"; readonly hold: Hold; readonly remaining: readonly Remaining[] }
  /** `by` is the entry that refused; when several do, the one with the longest wait. */
  | { readonly kind: "refused"; readonly by: LedgerEntry; readonly retryAfterMs: number };

/** Rates, budgets and grants of calls. */
export type Ledger = {
  /** Charges all entries in one atomic act, or none. */
  readonly charge: (entries: readonly LedgerEntry[], nowMs: number) => ChargeResult | Promise<ChargeResult>;
  /** How far the limits behind the entries are used up, in their order. Looking leaves no mark. */
  readonly usage: (entries: readonly MeteredEntry[], nowMs: number) => readonly LimitUsage[] | Promise<readonly LimitUsage[]>;
  /** Gives a hold back; a second time does nothing. */
  readonly release: (hold: Hold, nowMs: number) => void | Promise<void>;
};
