import type { Pseudonyms } from "../core/keys.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { caseToCall } from "../policy/compile/case-to-call.ts";
import { type CaseOutcome, type DecideCase, redactionsOf } from "../policy/compile/cases.ts";
import type { Program } from "../policy/program.ts";
import { createInputBuilder } from "../policy/wasm/build-input.ts";
import { explainCall } from "../policy/wasm/explain.ts";
import { decideOffline } from "./decide-offline.ts";

export type CaseWorld = {
  /** The program that was prepared as `policy`. */
  readonly program: Program;
  readonly policy: PreparedPolicy;
  readonly pseudonyms: Pseudonyms;
  readonly nowMs: number;
};

/** Decides cases as the server would, each with fresh limits and nothing approved. */
export function createCaseDecider({ program, policy, pseudonyms, nowMs }: CaseWorld): DecideCase {
  const buildInput = createInputBuilder(program);
  return async function decideCase(policyCase): Promise<CaseOutcome> {
    let applied: readonly string[] = [];
    const watched: PreparedPolicy = {
      ...policy,
      decide: (input) => {
        applied = explainCall(program, JSON.parse(buildInput(input)))
          .filter(({ conditions }) => conditions.some((condition) => condition.applies))
          .map(({ rule }) => rule);
        return policy.decide(input);
      },
    };
    const { call, caller } = caseToCall(policyCase, policy.catalogue);
    const { decision, receipt } = await decideOffline(watched, { call, caller, nowMs }, pseudonyms);
    return {
      decision: decision.kind,
      class: decision.kind === "deny" ? decision.class : null,
      code: receipt.code,
      rule: receipt.rule,
      rules: applied,
      redactions: redactionsOf(receipt.obligations),
      limits: receipt.limits.map(({ id }) => id),
    };
  };
}
