import type { RuleExplanation } from "../core/explanation.ts";
import type { Intent } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { caseToCall } from "../policy/compile/case-to-call.ts";
import type { CaseOutcome, PolicyCase } from "../policy/compile/cases.ts";
import { headersRemoved, headersSet, redactionsOf } from "./changes-of.ts";
import { decideOffline } from "./decide-offline.ts";
import { namesOf } from "./facts-of-decision.ts";

export type CaseWorld = {
  readonly policy: PreparedPolicy;
  readonly pseudonyms: Pseudonyms;
  readonly nowMs: number;
};

/** What came of a case, and what every rule that it could have met saw; none where it did not come as far as the policy. */
export type DecidedCase = CaseOutcome & { readonly explanations: readonly RuleExplanation[] };

/** Decides cases as the server would, each with fresh limits and nothing approved. */
export function createCaseDecider({ policy, pseudonyms, nowMs }: CaseWorld): (policyCase: PolicyCase) => Promise<DecidedCase> {
  return async function decideCase(policyCase): Promise<DecidedCase> {
    let explanations: readonly RuleExplanation[] = [];
    let intent: Intent | null = null;
    const watched: PreparedPolicy = {
      ...policy,
      decide: (input) => {
        intent = input.intent;
        explanations = policy.explain(input);
        return policy.decide(input);
      },
    };
    const { call, caller } = caseToCall(policyCase, policy.catalogue);
    const { decision, receipt } = await decideOffline(
      watched,
      { call, caller, nowMs: policyCase.nowMs ?? nowMs, given: policyCase },
      pseudonyms,
    );
    return {
      decision: decision.kind,
      class: decision.kind === "deny" ? decision.class : null,
      code: receipt.code,
      rule: receipt.rule,
      ...namesOf(intent),
      rules: explanations.filter(({ conditions }) => conditions.some(({ applies }) => applies)).map(({ rule }) => rule),
      redactions: redactionsOf(receipt.obligations),
      limits: receipt.limits.map(({ id }) => id),
      shadow: receipt.shadow,
      set: headersSet(decision, receipt.obligations),
      removed: headersRemoved(decision),
      fault: receipt.fault,
      explanations,
    };
  };
}
