import type { Limit } from "../../core/ruling.ts";
import type { LedgerEntry, MeteredEntry } from "../ledger.ts";
import type { BoundOf, LimitedCall, LimitRefusal } from "../limited-call.ts";
import { chargeBudget, lookAtBudget } from "./budget.ts";
import { rateEntry } from "./rate.ts";

type Limiter<K extends Limit["bound"]["kind"]> = {
  /** What the call is charged. */
  readonly charge: (bound: BoundOf<K>, call: LimitedCall) => LedgerEntry | LimitRefusal;
  /** Where what was charged so far stands. */
  readonly look: (bound: BoundOf<K>, call: LimitedCall) => MeteredEntry;
};

/** Every kind of limit: how a call becomes an entry of the ledger. */
export const LIMITERS = {
  rate: { charge: rateEntry, look: rateEntry },
  budget: { charge: chargeBudget, look: lookAtBudget },
} satisfies { [K in Limit["bound"]["kind"]]: Limiter<K> };
