import { describe, expect, it } from "vitest";
import type { ValueKind } from "../../../src/core/explanation.ts";
import type { Json } from "../../../src/core/intent.ts";
import { allow, CALLER, deny, input, names, prepare } from "./sample.ts";

describe("a prepared policy", () => {
  it.each<[Json | undefined, ValueKind]>([
    [undefined, "absent"],
    [null, "null"],
    ["", "text"],
    [0, "number"],
    [false, "boolean"],
    [[], "list"],
    [{}, "map"],
  ])("explains what a test saw and of what kind it was: %j is %s", (value, sawKind) => {
    const policy = prepare([deny({ maybe: [[["?eq", ["args", "to"], "a"]]] })]);
    const args: Record<string, Json> = value === undefined ? {} : { to: value };
    const atom = policy.explain(input({ intent: { args } }))[0]?.conditions[0]?.clauses[0]?.[0];
    expect(atom).toMatchObject({ operator: "eq", path: ["args", "to"], operand: "a", sawKind });
    expect(atom?.saw).toEqual(value);
  });

  it("explains by the input that it decides by, and decides the same before and after", () => {
    const policy = prepare([
      allow({ id: "p/a", match: { agent: names("finance-1") } }),
      deny({ id: "p/d", maybe: [[["?eq", ["caller", "labels", "team"], "b"]]] }),
    ]);
    const of = (team: string) => input({ caller: { ...CALLER, labels: { team } } });
    const decided = policy.decide(of("b"));
    expect(decided).toMatchObject({ kind: "deny", by: [{ rule: "p/d" }] });
    expect(policy.explain(of("b")).map(({ rule, outcome }) => [rule, outcome])).toEqual([
      ["p/a", "outranked"],
      ["p/d", "decides"],
    ]);
    expect(policy.explain(of("a")).map(({ rule, outcome }) => [rule, outcome])).toEqual([
      ["p/a", "decides"],
      ["p/d", "does_not_apply"],
    ]);
    expect(policy.decide(of("b"))).toEqual(decided);
  });
});
