import { createHash } from "node:crypto";
import type { RuleExplanation } from "../core/explanation.ts";
import type { Pseudonyms } from "../core/keys.ts";
import { SILENT } from "../core/observer.ts";
import type { CaseOutcome, PolicyCase } from "../policy/compile/cases.ts";
import { compareOutcome } from "../policy/compile/compare-outcome.ts";
import type { Program } from "../policy/program.ts";
import { preparePolicy } from "../policy/wasm/prepare-policy.ts";
import { createCaseDecider, type DecidedCase } from "./decide-case.ts";
import { explainOutcome, type OutcomeExplanation } from "./explain-outcome.ts";

/** What a thread needs to run cases: data alone, so that it can be sent to one. */
export type CaseBench = {
  readonly program: Program;
  /** The engine's module. */
  readonly wasm: Uint8Array;
  readonly name: string;
  readonly revision: string;
  readonly digest: string;
  readonly nowMs: number;
};

export type CaseRun = {
  readonly outcome: CaseOutcome;
  /** What of the expectation was not met; none when the case passed. */
  readonly differences: readonly string[];
  /** Why, of a case that did not pass. */
  readonly explanation: CaseExplanation | null;
};

export type CaseExplanation = OutcomeExplanation & { readonly rules: readonly RuleExplanation[] };

/** Hashes in cases are compared with nothing: what keeps them secret in a server is not there. */
const NO_SECRET: Pseudonyms = { hmacHex: (text) => createHash("sha256").update(text).digest("hex") };

/** Decides cases on the engine that decides in production. */
export function openCaseDecider({
  program,
  wasm,
  name,
  revision,
  digest,
  nowMs,
}: CaseBench): (policyCase: PolicyCase) => Promise<DecidedCase> {
  const policy = preparePolicy({ program, wasm, name, revision, digest, observer: SILENT });
  return createCaseDecider({ policy, pseudonyms: NO_SECRET, nowMs });
}

/** Decides cases and compares what came of each with what it expects. */
export function createCaseRunner(bench: CaseBench): (policyCase: PolicyCase) => Promise<CaseRun> {
  const decide = openCaseDecider(bench);
  return async function runCase(policyCase) {
    const { explanations, ...outcome } = await decide(policyCase);
    const differences = compareOutcome(policyCase.expect, outcome);
    const explanation =
      differences.length === 0 ? null : { ...explainOutcome(explanations, outcome), rules: explanations.filter(mattersTo(differences)) };
    return { outcome, differences, explanation };
  };
}

/** Where only what is charged or taken out is another, the rules that charge or take out say why. */
function mattersTo(differences: readonly string[]): (rule: RuleExplanation) => boolean {
  const only = (...keys: readonly string[]) => differences.every((line) => keys.some((key) => line.startsWith(`${key}:`)));
  if (!only("limits", "redactions")) return () => true;
  const [limits, redactions] = [!only("redactions"), !only("limits")];
  return ({ effect, conditions, outcome }) =>
    (limits && effect === "limit") || (redactions && (effect === "add" || conditions.length > 1)) || outcome === "decides";
}
