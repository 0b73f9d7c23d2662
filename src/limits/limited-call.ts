import type { Money } from "../core/money.ts";
import type { Limit } from "../core/ruling.ts";

export type BoundOf<K extends Limit["bound"]["kind"]> = Extract<Limit["bound"], { kind: K }>;

/** One limit and what of the call it charges. */
export type LimitedCall = {
  readonly limit: string;
  /** Made of tenant, limit and every dimension of `per`, each with its length, so that no value can imitate another key. */
  readonly key: string;
  readonly timeZone: string;
  readonly amount: Money | null;
  readonly cost: Money | null;
  readonly nowMs: number;
};

/** A limit that covers the call but cannot be charged. */
export type LimitRefusal = { readonly kind: "unchargeable"; readonly limit: string; readonly code: "price_unknown" | "currency_mismatch" };
