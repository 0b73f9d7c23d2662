import { describe, expect, it } from "vitest";
import { createExplanations, type ExplanationDraft } from "../../../src/authorize/explanations.ts";
import type { RuleExplanation, RulePart } from "../../../src/core/explanation.ts";
import { NOW } from "./a-world.ts";

const BYTES_MAX = 256 * 1024;

function rule(id: string, { outcome = "does_not_apply", bytes = 0 }: { outcome?: RulePart; bytes?: number } = {}): RuleExplanation {
  const match = { fits: "true", permits: true, opens: true, dimensions: [] } as const;
  // A character of two bytes: what counts is bytes.
  const operand = "é".repeat(bytes / 2);
  const atom = { operator: "eq", path: ["args", "to"], operand, saw: "hmac:1", sawKind: "text", truth: "false" } as const;
  const conditions = [{ mode: "maybe", applies: false, truth: "false", clauses: [[atom]] } as const];
  return { rule: id, effect: "deny", shadow: false, guard: false, match, conditions, outcome };
}

function draft(decisionId: string, rules: readonly RuleExplanation[] = [rule("p/r")]): ExplanationDraft {
  const verdict = { decision: "deny", class: "policy", code: "denied_by_rule", rule: "p/r" } as const;
  return { decisionId, tenant: "default", agent: "a-1", atMs: NOW, mode: "enforce", ...verdict, rules };
}

describe("the explanations that are kept", () => {
  it("are found by the id of the decision, as they were", () => {
    const explanations = createExplanations();
    explanations.keep(draft("one"));
    explanations.keep(draft("none", []));
    expect(explanations.find("one")).toEqual({ ...draft("one"), rulesLeftOut: 0 });
    expect(explanations.find("none")).toEqual({ ...draft("none", []), rulesLeftOut: 0 });
    expect(explanations.find("two")).toBeNull();
    expect(explanations.find("__proto__")).toBeNull();
  });

  it("are the newest hundred", () => {
    const explanations = createExplanations();
    for (let made = 0; made < 130; made++) explanations.keep(draft(`d${made}`));
    const found = Array.from({ length: 130 }, (_, at) => at).filter((at) => explanations.find(`d${at}`) !== null);
    expect(found).toEqual(Array.from({ length: 100 }, (_, at) => at + 30));
  });

  it("hold on to nothing that they were made of", () => {
    const explanations = createExplanations();
    const rules = [rule("p/r")];
    explanations.keep(draft("one", rules));
    rules.push(rule("p/later"));
    expect(explanations.find("one")?.rules.map((one) => one.rule)).toEqual(["p/r"]);
  });

  it("leave out what would make one longer than 256 KiB, rules that came to nothing first, and say how many", () => {
    const explanations = createExplanations();
    const part = { bytes: 100 * 1024 };
    const rules = [rule("p/a", part), rule("p/b", part), rule("p/c", { ...part, outcome: "decides" }), rule("p/d", part), rule("p/e")];
    explanations.keep(draft("one", rules));
    const found = explanations.find("one");
    expect(found?.rules.map((one) => one.rule)).toEqual(["p/a", "p/c", "p/e"]);
    expect(found?.rulesLeftOut).toBe(2);
    expect(Buffer.byteLength(JSON.stringify(found))).toBeLessThanOrEqual(BYTES_MAX);
  });

  it("fill 256 KiB and no more", () => {
    const explanations = createExplanations();
    explanations.keep(draft("probe"));
    const bytesOf = (id: string) => Buffer.byteLength(JSON.stringify(explanations.find(id)));
    const room = BYTES_MAX - bytesOf("probe");
    // The id and the operand of the rule differ by what fills the room; a comma more is counted than is written.
    explanations.keep(draft("fits-", [rule("p/r", { bytes: 2 * Math.floor((room - 1) / 2) - 2 })]));
    expect(explanations.find("fits-")?.rulesLeftOut).toBe(0);
    expect(bytesOf("fits-")).toBeGreaterThan(BYTES_MAX - 8);
    explanations.keep(draft("more-", [rule("p/r", { bytes: 2 * Math.floor(room / 2) + 2 })]));
    expect(explanations.find("more-")).toMatchObject({ rules: [], rulesLeftOut: 1, rule: "p/r" });
  });
});
