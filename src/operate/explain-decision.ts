import type { Call } from "../core/call.ts";
import type { Caller } from "../core/caller.ts";
import type { RuleExplanation } from "../core/explanation.ts";
import type { Intent } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import type { Ruling } from "../core/ruling.ts";
import { decideOffline, type GivenFacts, type OfflineDecision } from "./decide-offline.ts";
import { explainOutcome, type OutcomeExplanation } from "./explain-outcome.ts";
import { type DecisionDetails, detailsOf } from "./facts-of-decision.ts";

export type Explained = OfflineDecision & {
  /** Every rule that the call could have met; empty when the call did not come as far as the policy. */
  readonly rules: readonly RuleExplanation[];
  readonly why: OutcomeExplanation;
  readonly details: DecisionDetails;
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
  let [intent, ruling]: [Intent | null, Ruling | null] = [null, null];
  const watched: PreparedPolicy = {
    ...policy,
    decide: (input) => {
      intent = input.intent;
      rules = policy.explain(input);
      ruling = policy.decide(input);
      return ruling;
    },
  };
  const offline = { call, caller, nowMs, ...(given === undefined ? {} : { given }) };
  const { decision, receipt } = await decideOffline(watched, offline, pseudonyms);
  return { decision, receipt, rules, why: explainOutcome(rules, receipt), details: detailsOf({ decision, receipt, intent, ruling }) };
}
