import { describe, expect, it } from "vitest";
import type { RuleExplanation } from "../../../src/core/explanation.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import type { Program } from "../../../src/policy/program.ts";
import { createInputBuilder } from "../../../src/policy/wasm/build-input.ts";
import { createEngine } from "../../../src/policy/wasm/create-engine.ts";
import { explainCall } from "../../../src/policy/wasm/explain.ts";
import { SOAK_FACTOR, seedOf } from "../../tools/soak-factor.ts";
import { createRandom } from "../policy-differential/random.ts";
import { WASM } from "../policy-wasm/sample.ts";
import { makeRules, policyOf, TOOLS } from "./random-folder.ts";
import { createCallMaker } from "./random-lint-call.ts";

const FOLDERS = 250 * SOAK_FACTOR;
// The work of many cases, on a machine that may be busy.
const TIMEOUT_MS = 60_000 * SOAK_FACTOR;
const FIRST_SEED = seedOf(0);
const CALLS_EACH = 40;
const FIRST_RULE_LINE = 3;

const engine = createEngine({ wasm: WASM });

const folders = Array.from({ length: FOLDERS }, (_, seed) => {
  const random = createRandom(FIRST_SEED + seed);
  const rules = makeRules(random);
  const compiled = compile(rules);
  if (compiled.kind === "invalid") return [];
  const makeCall = createCallMaker(compiled.program.catalogue);
  return [{ rules, ...compiled, calls: Array.from({ length: CALLS_EACH }, () => makeCall(random)) }];
}).flat();

type Folder = (typeof folders)[number];

function compile(rules: readonly string[]) {
  return compilePolicies([
    { name: "policy.yaml", text: policyOf(rules) },
    { name: "tools.yaml", text: TOOLS },
  ]);
}

/** Findings of a kind with the number of their rule among the lines. */
function found(code: string): readonly { readonly folder: Folder; readonly line: number }[] {
  return folders.flatMap((folder) =>
    folder.warnings.flatMap((warning) => (warning.code === code ? [{ folder, line: warning.line - FIRST_RULE_LINE }] : [])),
  );
}

function explanationsOf({ folder: { program, calls, rules }, line }: ReturnType<typeof found>[number]): readonly RuleExplanation[] {
  const id = `p/${JSON.parse(rules[line] ?? "{}").id}`;
  const buildInput = createInputBuilder(program);
  return calls.flatMap((call) => explainCall(program, JSON.parse(buildInput(call))).filter(({ rule }) => rule === id));
}

const LEAST = FOLDERS / 20;

describe(`the linter, over ${folders.length} random policies with ${CALLS_EACH} calls each`, { timeout: TIMEOUT_MS }, () => {
  it("looks at most of them", () => {
    expect(folders.length).toBeGreaterThan(FOLDERS / 3);
  });

  it("says of no rule that applies that it never applies", () => {
    const findings = found("never_applies");
    expect(findings.length).toBeGreaterThan(LEAST);
    const wrong = findings.filter((finding) => explanationsOf(finding).some(({ conditions }) => conditions.some(({ applies }) => applies)));
    expect(wrong.map(describeFinding).slice(0, 1)).toEqual([]);
  });

  it("says of no rule that comes true that it never does", () => {
    const findings = found("never_true");
    expect(findings.length).toBeGreaterThan(LEAST);
    const isTrue = ({ match, conditions }: RuleExplanation) => match.fits === "true" && conditions.some(({ truth }) => truth === "true");
    const wrong = findings.filter((finding) => explanationsOf(finding).some(isTrue));
    expect(wrong.map(describeFinding).slice(0, 1)).toEqual([]);
  });

  it("says of no rule that changes a decision that another one swallows it", () => {
    const findings = found("swallowed");
    expect(findings.length).toBeGreaterThan(LEAST);
    const wrong = findings.filter(({ folder, line }) => {
      const without = compile(folder.rules.toSpliced(line, 1));
      if (without.kind === "invalid") return folder.rules.length > 1;
      return difference(folder, without.program) !== null;
    });
    expect(wrong.map(describeFinding).slice(0, 1)).toEqual([]);
  });
});

/** The first call that the two programs decide differently. */
function difference({ program, calls }: Folder, other: Program): PolicyInput | null {
  const [a, b] = [judgeWith(program), judgeWith(other)];
  return calls.find((call) => JSON.stringify(a(call)) !== JSON.stringify(b(call))) ?? null;
}

type Ruling = {
  readonly decision: string;
  readonly approvals: readonly unknown[];
  readonly obligations: readonly unknown[];
  readonly sets: readonly unknown[];
};

/** The decision, and what comes with it where the call can go on. */
function judgeWith(program: Program): (call: PolicyInput) => unknown {
  const buildInput = createInputBuilder(program);
  const loaded = engine.load(JSON.stringify({ policies: program }));
  const distinct = (parts: readonly unknown[]) => [...new Set(parts.map((part) => JSON.stringify(part)))].sort();
  return function judge(call) {
    const ruling: Ruling = JSON.parse(loaded.evaluate("sluice/ruling", buildInput(call)))[0].result;
    if (ruling.decision === "deny") return "deny";
    return [ruling.decision, distinct(ruling.approvals), distinct(ruling.obligations), distinct(ruling.sets)];
  };
}

function describeFinding({ folder, line }: ReturnType<typeof found>[number]) {
  const warning = folder.warnings.find((one) => one.line - FIRST_RULE_LINE === line);
  return { rule: folder.rules[line], rules: folder.rules, message: warning?.message };
}
