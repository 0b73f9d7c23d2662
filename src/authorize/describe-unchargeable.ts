import type { Intent } from "../core/intent.ts";
import type { Limit } from "../core/ruling.ts";
import type { LimitRefusal } from "../limits/limited-call.ts";

/** Why a budget cannot be kept of a call, for operators: names of the policy and of the catalogue, never content. */
export function describeUnchargeable({ limit: id }: LimitRefusal, limits: readonly Limit[], intent: Intent): string {
  const bound = limits.find((limit) => limit.id === id)?.bound;
  if (bound?.kind !== "budget") return `${id} cannot be charged`;
  const money = bound.of === "amount" ? intent.amount : intent.cost;
  if (money !== null) return `${id} is in ${bound.currency}, the call's ${bound.of} in ${money.currency}`;
  const { tool, amountExpected, model } = intent;
  if (tool.kind !== "known") return `${id} is of ${bound.of}, and the call is no tool whose ${bound.of} is known`;
  if (bound.of === "amount" && amountExpected) return `${id} is of amount, and the call has none that can be read`;
  if (bound.of === "cost" && model.kind === "known") return `${id} is of cost, and ${tool.name} has none for the model that is asked`;
  return `${id} is of ${bound.of}, and the tool ${tool.name} has none`;
}
