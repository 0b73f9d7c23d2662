import type { Caller } from "../core/caller.ts";
import type { Intent } from "../core/intent.ts";
import type { Limit, LimitDimension } from "../core/ruling.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { LimitedCall, LimitRefusal } from "./limited-call.ts";
import { LIMITERS } from "./limiters/index.ts";

export type EntriesResult = { readonly kind: "entries"; readonly entries: readonly LedgerEntry[] } | LimitRefusal;

export type ChargedCall = {
  readonly caller: Caller;
  readonly intent: Intent;
  /** Shadow charges its own copy, so that watching never uses up what enforcing needs. */
  readonly shadow: boolean;
  readonly nowMs: number;
};

/** The ledger entries of a call, one for each limit that covers it. */
export function entriesOf(limits: readonly Limit[], call: ChargedCall): EntriesResult {
  const entries: LedgerEntry[] = [];
  for (const limit of limits) {
    const entry = entryOf(limit, {
      limit: limit.id,
      key: keyOf(limit, call),
      timeZone: limit.timeZone,
      amount: call.intent.amount,
      cost: call.intent.cost,
      nowMs: call.nowMs,
    });
    if (entry.kind === "unchargeable") return entry;
    entries.push(entry);
  }
  return { kind: "entries", entries };
}

function entryOf(limit: Limit, call: LimitedCall): LedgerEntry | LimitRefusal {
  switch (limit.bound.kind) {
    case "rate":
      return LIMITERS.rate(limit.bound, call);
    case "budget":
      return LIMITERS.budget(limit.bound, call);
  }
}

function keyOf(limit: Limit, call: ChargedCall): string {
  let key = `${call.shadow ? "s" : "e"}${part(call.caller.tenant)}${part(limit.id)}`;
  for (const dimension of limit.per) key += part(dimensionValue(dimension, call));
  return key;
}

function part(text: string): string {
  return `${text.length}:${text}`;
}

/** An absent value shares one key: it is limited together with the other calls that lack it, never unlimited. */
function dimensionValue(dimension: LimitDimension, { caller, intent }: ChargedCall): string {
  switch (dimension) {
    case "tenant":
      return caller.tenant;
    case "agent":
      return caller.agent;
    case "subject":
      return caller.subject ?? "";
    case "session":
      return caller.session ?? "";
    case "host":
      return intent.target.host;
    case "tool":
      return intent.tool.kind === "known" ? intent.tool.name : intent.tool.kind;
    case "model":
      return "";
    default:
      return caller.labels[dimension.slice("labels.".length)] ?? "";
  }
}
