import { type CaseOutcome, compareOutcome, type DecideCase, type PolicyCase } from "../policy/compile/cases.ts";
import type { Problem } from "../policy/compile/problem.ts";
import { type LoadedPolicy, loadFolder } from "../policy/sources/load-folder.ts";

export type CaseResult = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** What of the expectation was not met; none when the case passed. */
  readonly differences: readonly string[];
};

export type TestedPolicy =
  | {
      readonly kind: "tested";
      readonly results: readonly CaseResult[];
      readonly failed: number;
      /** Rules and limits that no case ever hit. */
      readonly neverHit: readonly string[];
      readonly warnings: readonly Problem[];
    }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

export type TestOptions = {
  readonly folder: string;
  /** Gives the decider for a compiled folder; it sees each case alone. */
  readonly prepare: (loaded: LoadedPolicy & { readonly kind: "loaded" }) => DecideCase;
};

/** Runs every case of a policy folder against its compiled program. */
export async function testPolicy({ folder, prepare }: TestOptions): Promise<TestedPolicy> {
  const loaded = await loadFolder(folder);
  if (loaded.kind === "refused") return { kind: "invalid", problems: loaded.problems };
  const decide = prepare(loaded);
  const hit = new Set<string>();
  const results: CaseResult[] = [];
  for (const policyCase of loaded.cases) {
    const { name, file, line } = policyCase;
    results.push({ name, file, line, differences: await runCase(policyCase, decide, hit) });
  }
  const neverHit = loaded.program.rules.map((rule) => rule.id).filter((id) => !hit.has(id));
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  return { kind: "tested", results, failed, neverHit, warnings: loaded.warnings };
}

async function runCase(policyCase: PolicyCase, decide: DecideCase, hit: Set<string>): Promise<readonly string[]> {
  const outcome: CaseOutcome = await decide(policyCase);
  for (const rule of [...outcome.rules, ...outcome.limits]) hit.add(rule);
  return compareOutcome(policyCase.expect, outcome);
}
