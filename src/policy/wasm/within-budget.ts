import type { Clock } from "../../core/clock.ts";
import type { Observer } from "../../core/observer.ts";
import type { Program } from "../program.ts";

/** How long one evaluation may take before it is told. */
export type EvaluationBudget = { readonly us: number; readonly monotonicUs: Clock["monotonicUs"] };

export const EVALUATION_BUDGET_US = 5_000;

/** A busy machine makes many calls slow at once: each is counted, one a second is named. */
const NAMED_EVERY_US = 1_000_000;
const RULES_NAMED_MAX = 20;

export type Watched = {
  readonly budget: EvaluationBudget;
  readonly observer: Observer;
  readonly program: Program;
  readonly policy: string;
};

/** The same evaluation, which counts the calls that took too long and names the rules that they were judged by. */
export function withinBudget(evaluate: (input: string) => string, watched: Watched): (input: string) => string {
  const { budget, observer, program, policy } = watched;
  let namedUs = Number.NEGATIVE_INFINITY;

  return function evaluateInTime(input) {
    const beganUs = budget.monotonicUs();
    try {
      return evaluate(input);
    } finally {
      const endedUs = budget.monotonicUs();
      if (endedUs - beganUs > budget.us) tell(input, endedUs, endedUs - beganUs);
    }
  };

  function tell(input: string, nowUs: number, tookUs: number): void {
    observer.count("sluice_policy_slow_calls_total", { policy });
    if (nowUs - namedUs < NAMED_EVERY_US) return;
    namedUs = nowUs;
    const rules = rulesBehind(program, input);
    observer.log("warn", "a call's rules took longer than their budget", {
      policy,
      us: Math.round(tookUs),
      budgetUs: budget.us,
      rules: rules.slice(0, RULES_NAMED_MAX).join(" "),
      ruleCount: rules.length,
    });
  }
}

/** Ids of the rules that the call's keys lead to. */
function rulesBehind(program: Program, input: string): readonly string[] {
  const { keys }: { readonly keys: readonly string[] } = JSON.parse(input);
  const numbers = new Set(keys.flatMap((key) => program.index[key] ?? []));
  return [...numbers].sort((a, b) => a - b).map((number) => program.rules[number]?.id ?? String(number));
}
