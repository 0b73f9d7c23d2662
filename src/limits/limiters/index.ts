import type { Limit } from "../../core/ruling.ts";
import type { LedgerEntry } from "../ledger.ts";
import type { BoundOf, LimitedCall, LimitRefusal } from "../limited-call.ts";
import { budgetEntry } from "./budget.ts";
import { rateEntry } from "./rate.ts";

/** Every kind of limit: how a call becomes an entry of the ledger. */
export const LIMITERS = {
  rate: rateEntry,
  budget: budgetEntry,
} satisfies { [K in Limit["bound"]["kind"]]: (bound: BoundOf<K>, call: LimitedCall) => LedgerEntry | LimitRefusal };
