import type { Caller } from "../core/caller.ts";
import type { Intent } from "../core/intent.ts";
import type { Limit, LimitDimension } from "../core/ruling.ts";

export type ChargedCall = {
  readonly caller: Caller;
  /** The caller's, those of the policy's own files included. */
  readonly groups: readonly string[];
  readonly intent: Intent;
  /** Shadow charges its own copy, so that watching never uses up what enforcing needs. */
  readonly shadow: boolean;
  readonly nowMs: number;
};

// An agent names the model, and must not fill the ledger with it.
const MODEL_CHARS_MAX = 128;
const NO_GROUP: readonly string[] = [""];

/** The keys that a limit has for a call: one, or one for each group where it is per group. */
export function keysOf(limit: Limit, call: ChargedCall): readonly string[] {
  const groups = limit.per.includes("group") && call.groups.length > 0 ? new Set(call.groups) : NO_GROUP;
  return Array.from(groups, (group) => keyOf(limit, call, group));
}

/** Whether everything the limit tells calls apart by can be seen of this one. */
export function isSeen({ per }: Limit, { intent }: ChargedCall): boolean {
  return !(
    (per.includes("tool") && intent.tool.kind === "undetermined") ||
    (per.includes("model") && intent.model.kind === "undetermined")
  );
}

function keyOf(limit: Limit, call: ChargedCall, group: string): string {
  let key = `${call.shadow ? "s" : "e"}${part(call.caller.tenant)}${part(limit.id)}`;
  for (const dimension of limit.per) key += part(dimension === "group" ? group : dimensionValue(dimension, call));
  return key;
}

function part(text: string): string {
  return `${text.length}:${text}`;
}

/** An absent value shares one key: it is limited together with the other calls that lack it, never unlimited. */
function dimensionValue(dimension: Exclude<LimitDimension, "group">, { caller, intent }: ChargedCall): string {
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
      return intent.model.kind === "known" ? intent.model.name.slice(0, MODEL_CHARS_MAX) : intent.model.kind;
    default:
      return caller.labels[dimension.slice("labels.".length)] ?? "";
  }
}
