import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import { OPERATORS } from "../../../src/policy/compile/operators.ts";
import type { Atom } from "../../../src/policy/program.ts";
import { createEngine } from "../../../src/policy/wasm/create-engine.ts";
import { judgeAtom } from "../../../src/policy/wasm/judge-atom.ts";
import { needTool } from "../../tools/need-tool.ts";
import { add, allow, deny, program, WASM } from "./sample.ts";

const opa = await needTool("opa");
const ENGINE = join(import.meta.dirname, "../../../policies/engine");
const TIMEOUT_MS = 60_000;

function evaluate<T>(query: string): T {
  const answer = execFileSync(opa ?? "", ["eval", "-d", ENGINE, query], { maxBuffer: 1 << 26 });
  return JSON.parse(answer.toString()).result[0].expressions[0].value;
}

/** What the engine's own tests expect: an atom, its twin, a call, and whether the atom is true, false or unknown of it. */
type Expectation = readonly [atom: Atom, twin: Atom, call: Json, state: "true" | "false" | "unknown"];

/** Which of three rules apply: one in shadow permits, one in shadow denies, one adds an obligation and sets a header. */
const VERDICTS = {
  true: [3, [], [2], [], [0, 1], [], [2]],
  unknown: [3, [], [2], [], [1], [1, 2], []],
  false: [3, [], [], [], [], [], []],
};

describe.skipIf(opa === null)("the engine's own tests", { timeout: TIMEOUT_MS }, () => {
  it("try every operator where it is true, false and unknown", () => {
    const wanted = Object.entries(OPERATORS).map(([name, { twin }]) => [name, ["false", "true", ...(twin ? ["unknown"] : [])]]);
    expect(evaluate("data.sluice_test.tried")).toEqual(Object.fromEntries(wanted));
  });

  it("pass", () => {
    const told = execFileSync(opa ?? "", ["test", "--timeout", "60s", ENGINE]).toString();
    expect(told).toMatch(/^PASS: \d+\/\d+\n$/);
  });

  it("hold in Wasm and for explanations what they hold natively", () => {
    const expectations: readonly Expectation[] = evaluate("data.sluice_test.expectations");
    expect(expectations.length).toBeGreaterThan(1_500);
    const verdictOf = createVerdicts();
    const differing = expectations.filter(
      ([atom, twin, call, state]) =>
        JSON.stringify(verdictOf(atom, twin, call)) !== JSON.stringify(VERDICTS[state]) ||
        (isExplainable(atom) && judgeAtom(atom, call) !== state),
    );
    expect(differing).toEqual([]);
  });
});

function createVerdicts(): (atom: Atom, twin: Atom, call: Json) => unknown {
  const engine = createEngine({ wasm: WASM });
  const loaded = new Map<string, ReturnType<typeof engine.load>>();
  return function verdictOf(atom, twin, call) {
    const key = JSON.stringify(atom);
    const rules = [
      allow({ shadow: true, sure: [[atom]] }),
      deny({ shadow: true, maybe: [[twin]] }),
      add({ sure: [[atom]], maybe: [[twin]], sets: [{ name: "x-b", value: "1" }] }),
    ];
    const one = loaded.get(key) ?? engine.load(JSON.stringify({ policies: program(rules) }));
    loaded.set(key, one);
    return JSON.parse(one.evaluate("sluice/verdict", JSON.stringify(call)))[0].result;
  };
}

/** A pattern that is none is refused before anything is explained. */
function isExplainable(atom: Atom): boolean {
  return !JSON.stringify(atom).includes('"("');
}
