import type { Explanations } from "../authorize/explanations.ts";
import type { Explanation } from "../core/explanation.ts";
import type { Operator } from "../core/person.ts";
import { explainOutcome, type OutcomeExplanation } from "./explain-outcome.ts";
import { seesTenant } from "./sees-tenant.ts";

export type ShownExplanation = { readonly explanation: Explanation; readonly why: OutcomeExplanation };

/** Why a call was decided so. Another tenant's decision has none, so that its id tells nothing. */
export function showExplanation(kept: Pick<Explanations, "find">, operator: Operator, decisionId: string): ShownExplanation | null {
  const explanation = kept.find(decisionId);
  if (explanation === null || !seesTenant(operator, explanation.tenant)) return null;
  return { explanation, why: explainOutcome(explanation.rules, explanation) };
}
