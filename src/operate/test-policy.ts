import type { CaseOutcome } from "../policy/compile/cases.ts";
import type { Problem } from "../policy/compile/problem.ts";
import { loadFolder } from "../policy/sources/load-folder.ts";
import type { CaseExplanation } from "./case-runner.ts";
import { locateRules, type RulePlace } from "./locate-rules.ts";
import { runCases } from "./run-cases.ts";

export type CaseResult = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** What of the expectation was not met; none when the case passed. */
  readonly differences: readonly string[];
  readonly got: CaseOutcome;
  /** Why, of a case that did not pass. */
  readonly explanation: CaseExplanation | null;
};

export type TestedPolicy =
  | {
      readonly kind: "tested";
      /** By file, and as they stand there. */
      readonly results: readonly CaseResult[];
      readonly failed: number;
      /** How many rules and limits there are. */
      readonly rules: number;
      /** Those that no case ever hit. */
      readonly neverHit: readonly RulePlace[];
      readonly warnings: readonly Problem[];
    }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

export type TestOptions = {
  readonly folder: string;
  readonly guardrailFolders?: readonly string[];
  /** The engine's module. */
  readonly wasm: Uint8Array;
  readonly nowMs: number;
  /** How many threads share many cases. */
  readonly threads: number;
};

/** Runs every case of a policy folder against its compiled program. */
export async function testPolicy({ folder, guardrailFolders = [], wasm, nowMs, threads }: TestOptions): Promise<TestedPolicy> {
  const loaded = await loadFolder(folder, guardrailFolders);
  if (loaded.kind === "refused") return { kind: "invalid", problems: loaded.problems };
  const { program, revision, digest, cases, warnings } = loaded;
  const runs = await runCases({ program, wasm, name: "test", revision, digest, nowMs }, cases, { threads });
  const results = runs.flatMap(({ outcome, differences, explanation }, at): readonly CaseResult[] => {
    const policyCase = cases[at];
    if (policyCase === undefined) return [];
    const { name, file, line } = policyCase;
    return [{ name, file, line, differences, got: outcome, explanation }];
  });
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  const hit = new Set(runs.flatMap(({ outcome }) => [...outcome.rules, ...outcome.limits]));
  const missed = program.rules.filter(({ id }) => !hit.has(id));
  const places = missed.length === 0 ? new Map<string, RulePlace>() : await locateRules(folder, guardrailFolders);
  const neverHit = missed.map(({ id }) => places.get(id) ?? { id, file: folder, line: 1 });
  return { kind: "tested", results, failed, rules: program.rules.length, neverHit, warnings };
}
