import type { Call } from "../core/call.ts";
import type { Caller } from "../core/caller.ts";
import type { RuleExplanation } from "../core/explanation.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { decideOffline, type GivenFacts, type OfflineDecision } from "./decide-offline.ts";
import { explainOutcome, type OutcomeExplanation } from "./explain-outcome.ts";

export type Explained = OfflineDecision & {
  /** Every rule that the call could have met; empty when the call did not come as far as the policy. */
  readonly rules: readonly RuleExplanation[];
  readonly why: OutcomeExplanation;
};

export type ExplainOptions = {
  readonly policy: PreparedPolicy;
  readonly call: Call;
  readonly caller: Caller;
  readonly pseudonyms: Pseudonyms;
  readonly nowMs: number;
  /** What a case says of the world around the call. */
  readonly given?: GivenFacts;
};

/** Decides one call off-line and tells what each candidate rule saw. */
export async function explainDecision({ policy, call, caller, pseudonyms, nowMs, given }: ExplainOptions): Promise<Explained> {
  let rules: readonly RuleExplanation[] = [];
  const watched: PreparedPolicy = {
    ...policy,
    decide: (input) => {
      rules = policy.explain(input);
      return policy.decide(input);
    },
  };
  const offline = { call, caller, nowMs, ...(given === undefined ? {} : { given }) };
  const { decision, receipt } = await decideOffline(watched, offline, pseudonyms);
  return { decision, receipt, rules, why: explainOutcome(rules, receipt) };
}
