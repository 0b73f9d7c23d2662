import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import { OPERATORS } from "../../../src/policy/compile/operators.ts";
import type { Atom, ProgramRule } from "../../../src/policy/program.ts";
import { createEngine } from "../../../src/policy/wasm/create-engine.ts";
import { explainCall } from "../../../src/policy/wasm/explain.ts";
import { judgeAtom } from "../../../src/policy/wasm/judge-atom.ts";
import { parseProgram } from "../../../src/policy/wasm/parse-program.ts";
import { needTool } from "../../tools/need-tool.ts";
import { SOAK_FACTOR, seedOf } from "../../tools/soak-factor.ts";
import { WASM } from "../policy-wasm/sample.ts";
import { evaluateWithOpa, OPA_TIMEOUT_MS } from "./evaluate-with-opa.ts";
import { createRandom } from "./random.ts";
import { makeCall } from "./random-call.ts";
import { makeProgram } from "./random-program.ts";
import { referenceVerdict } from "./reference-verdict.ts";

const PROGRAMS = 300 * SOAK_FACTOR;
const FIRST_SEED = seedOf(0);
const CALLS_EACH = 15;
const opa = await needTool("opa");

const engine = createEngine({ wasm: WASM });
const groups = Array.from({ length: PROGRAMS }, (_, seed) => {
  const random = createRandom(FIRST_SEED + seed);
  return { policies: makeProgram(random), calls: Array.from({ length: CALLS_EACH }, () => makeCall(random)) };
});
const cases = groups.flatMap(({ policies, calls }) => {
  const loaded = engine.load(JSON.stringify({ policies }));
  return calls.map((call) => ({
    policies,
    call,
    verdict: JSON.parse(loaded.evaluate("sluice/verdict", JSON.stringify(call)))[0].result,
    ruling: JSON.parse(loaded.evaluate("sluice/ruling", JSON.stringify(call)))[0].result,
  }));
});

describe(`the engine in Wasm, over ${cases.length} random calls`, () => {
  it("is asked about every decision and every kind of rule", () => {
    expect(groups.filter(({ policies }) => parseProgram(policies).kind === "refused")).toEqual([]);
    const counts = (wanted: (verdict: readonly (readonly number[])[]) => boolean) => cases.filter(({ verdict }) => wanted(verdict)).length;
    const least = cases.length / 50;
    for (const decision of [0, 2, 3]) expect(counts(([first]) => (first as unknown) === decision)).toBeGreaterThan(least);
    for (const place of [1, 2, 3, 4, 5, 6]) expect(counts((verdict) => (verdict[place]?.length ?? 0) > 0)).toBeGreaterThan(least);
  });

  it("meets every operator where it is true, false and unknown", () => {
    const met = new Set<string>();
    for (const { policies, call } of cases) {
      for (const { sure, maybe } of policies.rules) for (const atom of (sure ?? maybe ?? []).flat()) meet(atom, call, met);
    }
    const wanted = Object.entries(OPERATORS).flatMap(([name, { twin }]) =>
      ["true", "false", ...(twin ? ["unknown"] : [])].map((truth) => `${name} ${truth}`),
    );
    expect(wanted.filter((one) => !met.has(one))).toEqual([]);
  });

  it("decides as the three-valued rule says", () => {
    const differing = cases.filter(({ policies, call, verdict }) => !isSame(referenceVerdict(policies, call), verdict));
    expect(differing.slice(0, 1)).toEqual([]);
  });

  it("is explained as it decides", () => {
    const differing = cases.filter(({ policies, call, verdict }) => !isExplained(explainCall(policies, call), policies.rules, verdict));
    expect(differing.slice(0, 1)).toEqual([]);
  });

  it.skipIf(opa === null)("decides as `opa eval` does on the same data, in both entries", { timeout: OPA_TIMEOUT_MS }, () => {
    const answers = evaluateWithOpa(opa ?? "", groups);
    expect(answers.length).toBe(cases.length);
    const differing = cases.filter(({ verdict, ruling }, at) => {
      const answer = answers[at];
      return answer === undefined || !isSame(answer.verdict, verdict) || !isSame(sorted(answer.ruling), sorted(ruling));
    });
    expect(differing.slice(0, 1)).toEqual([]);
  });
});

function meet(atom: Atom, base: Json, met: Set<string>): void {
  met.add(`${atom[0].replace("?", "")} ${judgeAtom(atom, base)}`);
}

type Explained = ReturnType<typeof explainCall>;

/** What the explanation says of each rule puts the verdict together again. */
function isExplained(explained: Explained, rules: readonly ProgramRule[], verdict: readonly (readonly number[])[]): boolean {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const conditionOf = (one: Explained[number], mode: "sure" | "maybe") => one.conditions.find((condition) => condition.mode === mode);
  const applies = (one: Explained[number], mode: "sure" | "maybe") => conditionOf(one, mode)?.applies ?? false;
  const isIn = (outcome: string) => (one: Explained[number]) => one.outcome === outcome;
  const goesAlong = (one: Explained[number]) => !one.shadow && one.effect !== "deny";
  const lists = [
    explained.filter(isIn("decides")),
    explained.filter((one) => goesAlong(one) && applies(one, "maybe") && (byId.get(one.rule)?.obligations.length ?? 0) > 0),
    explained.filter(isIn("limits")),
    explained.filter(isIn("shadow")),
    explained.filter((one) => applies(one, "maybe") && (conditionOf(one, "maybe")?.truth !== "true" || one.match.fits !== "true")),
    explained.filter((one) => goesAlong(one) && isCertain(one) && (byId.get(one.rule)?.sets.length ?? 0) > 0),
  ];
  const idsAt = (place: number) => (verdict[place] ?? []).map((number) => rules[number]?.id);
  return isSame(
    lists.map((list) => list.map(({ rule }) => rule)),
    [1, 2, 3, 4, 5, 6].map(idsAt),
  );
}

function isCertain({ match, conditions }: Explained[number]): boolean {
  return match.fits === "true" && conditions.some(({ mode, truth }) => mode === "sure" && truth === "true");
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Objects leave Wasm in the order of their hashes. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
