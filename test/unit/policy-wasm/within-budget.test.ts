import { describe, expect, it } from "vitest";
import { type Observer, SILENT } from "../../../src/core/observer.ts";
import { preparePolicy } from "../../../src/policy/wasm/prepare-policy.ts";
import { EVALUATION_BUDGET_US } from "../../../src/policy/wasm/within-budget.ts";
import { allow, deny, input, program, WASM } from "./sample.ts";

const SECRET = "a value of the call";

/** A policy whose every evaluation takes as long as said. */
function policyThatTakes(us: () => number, rules = [allow({ id: "p/a" }), deny({ id: "p/d", maybe: [[["has", ["args", "x"], null]]] })]) {
  let nowUs = 0;
  let isRunning = false;
  const monotonicUs = () => {
    if (isRunning) nowUs += us();
    isRunning = !isRunning;
    return nowUs;
  };
  const counted: unknown[] = [];
  const logged: unknown[][] = [];
  const observer: Observer = { ...SILENT, count: (...args) => counted.push(args), log: (...args) => logged.push(args) };
  const policy = preparePolicy({
    program: program(rules, { "*": rules.map((_, number) => number) }),
    wasm: WASM,
    name: "p",
    revision: "1",
    digest: "d",
    observer,
    budget: { us: EVALUATION_BUDGET_US, monotonicUs },
  });
  return { policy, counted, logged, wait: (waitedUs: number) => (nowUs += waitedUs) };
}

const asked = () => input({ intent: { args: { x: SECRET } } });

describe("a call over its budget", () => {
  it("is counted and its rules named, and nothing of the call", () => {
    const { policy, counted, logged } = policyThatTakes(() => EVALUATION_BUDGET_US + 1);
    expect(policy.decide(asked()).kind).toBe("deny");
    expect(counted).toEqual([["sluice_policy_slow_calls_total", { policy: "p" }]]);
    expect(logged).toEqual([
      ["warn", "a call's rules took longer than their budget", { policy: "p", us: 5_001, budgetUs: 5_000, rules: "p/a p/d", ruleCount: 2 }],
    ]);
    expect(JSON.stringify(logged)).not.toContain(SECRET);
  });

  it("is none where the time is just enough", () => {
    const { policy, counted, logged } = policyThatTakes(() => EVALUATION_BUDGET_US);
    expect(policy.decide(asked()).kind).toBe("deny");
    expect([counted, logged]).toEqual([[], []]);
  });

  it("is counted each time and named once a second", () => {
    const { policy, counted, logged, wait } = policyThatTakes(() => 6_000);
    for (let i = 0; i < 10; i++) policy.decide(asked());
    expect([counted.length, logged.length]).toEqual([10, 1]);
    wait(1_000_000);
    policy.decide(asked());
    expect([counted.length, logged.length]).toEqual([11, 2]);
  });

  it("names no more rules than a line holds, and says how many there were", () => {
    const rules = Array.from({ length: 64 }, (_, number) => allow({ id: `p/r${number}` }));
    const { policy, logged } = policyThatTakes(() => 6_000, rules);
    policy.decide(asked());
    expect(logged[0]?.[2]).toMatchObject({
      ruleCount: 64,
      rules: rules
        .slice(0, 20)
        .map(({ id }) => id)
        .join(" "),
    });
  });

  it("is counted where the engine threw as well", () => {
    const { policy, counted } = policyThatTakes(() => 6_000);
    expect(() => policy.decide(input({ target: { host: "\ud800" } }))).toThrow("illegal");
    expect(counted.length).toBe(1);
  });
});
