import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Json } from "../../../src/core/intent.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { OPERATORS } from "../../../src/policy/compile/operators.ts";
import type { Program, ProgramRule } from "../../../src/policy/program.ts";
import { createInputBuilder } from "../../../src/policy/wasm/build-input.ts";
import { createEngine } from "../../../src/policy/wasm/create-engine.ts";
import { judgeAtom } from "../../../src/policy/wasm/judge-atom.ts";
import { parseProgram } from "../../../src/policy/wasm/parse-program.ts";
import { allOf, anyOf, type Truth } from "../../../src/policy/wasm/truth.ts";
import { needTool } from "../../tools/need-tool.ts";
import { SOAK_FACTOR, seedOf } from "../../tools/soak-factor.ts";
import { WASM } from "../policy-wasm/sample.ts";
import type { Around } from "./cel-rewrite.ts";
import { createCelTruth } from "./cel-truth.ts";
import { evaluateWithOpa, OPA_TIMEOUT_MS } from "./evaluate-with-opa.ts";
import { createRandom } from "./random.ts";
import { makeExampleInput } from "./random-example-input.ts";
import { makePolicyFiles, type SourceFile } from "./random-policy-files.ts";
import { makePolicyInput } from "./random-policy-input.ts";
import { referenceVerdict } from "./reference-verdict.ts";

const POLICIES = 150 * SOAK_FACTOR;
const FIRST_SEED = seedOf(0);
const CALLS_EACH = 20;
const EXAMPLE_CALLS_EACH = 1_100;
const FOLDER = join(import.meta.dirname, "../../../policies/examples");

const opa = await needTool("opa");
const engine = createEngine({ wasm: WASM });

/** The policy on its way through compiler, input and engine, and by CEL's evaluator through the three-valued rule. */
function judge(files: readonly SourceFile[], inputs: readonly PolicyInput[]) {
  const program = compile(files);
  const buildInput = createInputBuilder(program);
  const loaded = engine.load(JSON.stringify({ policies: program }));
  const truths = new Map(conditionsOf(files).map(({ id, condition, around }) => [id, createCelTruth(condition, around)]));
  return inputs.map((input) => {
    const text = buildInput(input);
    const call: Json = JSON.parse(text);
    const truthOf = new Map(program.rules.map(({ id }) => [id, truths.get(id)?.(input) ?? 1]));
    return {
      program,
      call,
      verdict: JSON.parse(loaded.evaluate("sluice/verdict", text))[0].result,
      byCel: referenceVerdict(program, call, ({ id }) => truthOf.get(id) ?? 1),
      conditions: program.rules.map((rule) => ({ rule, byAtoms: judgeRule(rule, call), byCel: truthOf.get(rule.id) })),
    };
  });
}

const AS_NUMBER: { readonly [truth in Truth]: number } = { true: 1, unknown: 0.5, false: 0 };

/** What the atoms of each reading of a condition say, one by one. */
function judgeRule({ sure, maybe }: ProgramRule, call: Json): readonly number[] {
  const readings = [sure, maybe].filter((clauses) => clauses !== null);
  return readings.map((clauses) => AS_NUMBER[anyOf(clauses.map((clause) => allOf(clause.map((atom) => judgeAtom(atom, call)))))]);
}

function compile(files: readonly SourceFile[]): Program {
  const compiled = compilePolicies(files);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
  const parsed = parseProgram(JSON.parse(JSON.stringify(compiled.program)));
  if (parsed.kind === "refused") throw new Error(parsed.reason);
  return parsed.program;
}

type Source = {
  readonly policy?: string;
  readonly time_zone?: string;
  readonly rules?: readonly Entry[];
  readonly limits?: readonly Entry[];
};
type Entry = { readonly id: string; readonly if?: string; readonly match?: { readonly paths?: readonly string[] } };
type Condition = { readonly id: string; readonly condition: string; readonly around: Around };

/** `policy/id` and condition of every rule and limit that has one. */
function conditionsOf(files: readonly SourceFile[]): readonly Condition[] {
  return files.flatMap(({ text }) => {
    const { policy = "", time_zone: timeZone = "UTC", rules = [], limits = [] }: Source = parse(text);
    return [...rules, ...limits].flatMap(({ id, if: condition, match }) => {
      const around = { policy, timeZone, segments: bindingsOf(match?.paths ?? []) };
      return condition === undefined ? [] : [{ id: `${policy}/${id}`, condition, around }];
    });
  });
}

function bindingsOf(paths: readonly string[]): Readonly<Record<string, number>> {
  const segments = (paths[0] ?? "").split("/").slice(1);
  return Object.fromEntries(segments.flatMap((segment, at) => (segment.startsWith(":") ? [[segment.slice(1), at]] : [])));
}

describe("policies in YAML with random conditions", () => {
  const cases = Array.from({ length: POLICIES }, (_, seed) => {
    const random = createRandom(FIRST_SEED + seed);
    const files = makePolicyFiles(random);
    return judge(
      files,
      Array.from({ length: CALLS_EACH }, () => makePolicyInput(random)),
    );
  }).flat();

  it(`decide ${POLICIES * CALLS_EACH} calls as CEL's own evaluator does through the three-valued rule`, () => {
    expect(cases.length).toBe(POLICIES * CALLS_EACH);
    expect(findDifference(cases)).toEqual([]);
  });

  it("are true, false and unknown, atom by atom, as CEL's own evaluator says through the three-valued rule", () => {
    const pairs = cases.flatMap(({ call, conditions }) => conditions.map((condition) => ({ call, ...condition })));
    const differing = pairs.filter(({ byAtoms, byCel }) => byAtoms.some((truth) => truth !== byCel));
    expect(differing.slice(0, 1)).toEqual([]);
    expect(pairs.length).toBeGreaterThan(2_000 * SOAK_FACTOR);
    for (const truth of [0, 0.5, 1]) expect(pairs.filter(({ byCel }) => byCel === truth).length).toBeGreaterThan(pairs.length / 10);
  });

  it("have every operator of the language", () => {
    const text = JSON.stringify(cases.map(({ program }) => program.rules));
    const missing = Object.keys(OPERATORS).filter((op) => !text.includes(`["${op}",`) && !text.includes(`["?${op}",`));
    expect(missing).toEqual([]);
  });

  it("meet every decision and what is unknown", () => {
    expectVariety(cases);
  });
});

describe.each(["payments", "health"] as const)("the example policy %s", (name) => {
  const folder = join(FOLDER, name);
  const files = readdirSync(folder).map((file) => ({ name: file, text: readFileSync(join(folder, file), "utf8") }));
  const random = createRandom(7);
  const cases = judge(
    files,
    Array.from({ length: EXAMPLE_CALLS_EACH }, () => makeExampleInput(random, name)),
  );

  it(`decides ${EXAMPLE_CALLS_EACH} calls as CEL's own evaluator does through the three-valued rule`, () => {
    expect(findDifference(cases)).toEqual([]);
  });

  it("decides them as its compiled conditions do by the three-valued rule", () => {
    const differing = cases.filter(({ program, call, verdict }) => !isSame(referenceVerdict(program, call), verdict));
    expect(differing.slice(0, 1)).toEqual([]);
  });

  it.skipIf(opa === null)("decides them as `opa eval` does on the same data", { timeout: OPA_TIMEOUT_MS }, () => {
    const program = compile(files);
    const answers = evaluateWithOpa(opa ?? "", [{ policies: program, calls: cases.map(({ call }) => call) }]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(cases.map(({ verdict }) => verdict));
  });

  it("is asked what it allows, denies and takes out", () => {
    const count = (wanted: (verdict: readonly (readonly number[])[]) => boolean) => cases.filter(({ verdict }) => wanted(verdict)).length;
    for (const wanted of [0, 3]) expect(count(([decision]) => (decision as unknown) === wanted)).toBeGreaterThan(50);
    expect(count(([, , adding]) => (adding?.length ?? 0) > 0)).toBeGreaterThan(50);
    expect(count(([, , , limiting]) => (limiting?.length ?? 0) > 0)).toBeGreaterThan(50);
  });
});

type Judged = ReturnType<typeof judge>[number];

function findDifference(cases: readonly Judged[]) {
  return cases
    .filter(({ verdict, byCel }) => !isSame(verdict, byCel))
    .slice(0, 1)
    .map(({ program, conditions, ...rest }) => ({ ...rest, rules: JSON.stringify(program.rules), conditions: JSON.stringify(conditions) }));
}

function expectVariety(cases: readonly Judged[]): void {
  const least = cases.length / 20;
  for (const decision of [0, 2, 3]) expect(cases.filter(({ verdict }) => verdict[0] === decision).length).toBeGreaterThan(least);
  expect(cases.filter(({ verdict }) => verdict[5].length > 0).length).toBeGreaterThan(least);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
