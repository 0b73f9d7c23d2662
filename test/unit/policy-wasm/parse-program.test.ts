import { describe, expect, it } from "vitest";
import { RULES_BEHIND_A_KEY_MAX } from "../../../src/policy/program.ts";
import { parseProgram } from "../../../src/policy/wasm/parse-program.ts";
import { add, allow, ask, deny, limit, MASK, names, program, rule, TREASURY, usd } from "./sample.ts";

const FULL = {
  ...program([allow({ match: { agent: names("a"), path: [{ open: false, n: 1, fixed: [[0, "v1"]] }] } }), ask(), add(), limit()]),
  reads: [{ host: "*", body: true, detectors: ["pii.ssn"] }],
  catalogue: [
    {
      tool: "pay",
      method: "POST",
      host: "api.example.com",
      path: [{ kind: "literal", text: "v1" }, { kind: "bind", name: "id" }, { kind: "any" }, { kind: "rest" }],
      body: "form",
      args: [{ name: "amount", from: { kind: "form", key: "amount" }, type: "integer", record: false }],
      amount: { argument: "amount", unit: "minor", currency: { kind: "fixed", code: "usd" } },
      model: null,
      cost: { kind: "fixed", money: usd(1) },
      schema: null,
    },
  ],
};
const withAtom = (...atom: readonly unknown[]) => program([deny({ maybe: [[atom as never]] })]);

describe("a program", () => {
  it("is taken as it is where it has no gap", () => {
    expect(parseProgram(FULL)).toEqual({ kind: "parsed", program: FULL });
    expect(parseProgram(program([]))).toMatchObject({ kind: "parsed" });
  });

  it.each<[string, unknown, RegExp]>([
    ["null", null, /expected object/],
    ["a list", [], /expected object/],
    ["of another format", { ...FULL, format: 2 }, /format/],
    ["of no format", { ...FULL, format: undefined }, /format/],
    ["of more than is known", { ...FULL, more: 1 }, /more/],
    ["without rules", { ...FULL, rules: undefined }, /rules/],
    ["with an effect that is none", program([{ ...deny(), effect: "sanitize" } as never]), /effect/],
    ["with a rule without a match", program([{ ...deny(), match: undefined } as never]), /match/],
    ["with a dimension that is none", program([deny({ match: { weekday: names("x") } as never })]), /weekday/],
    ["with a limit in parts of micros", program([limit({ limit: budget(0.5) })]), /micros/],
    ["with a negative limit", program([limit({ limit: budget(-1) })]), /micros/],
    ["with a dimension of a limit that is none", program([limit({ limit: { ...budget(1), per: ["agents" as never] } })]), /dimension/],
    ["with an approval by nobody", program([ask({ approval: { ...TREASURY, from: [] } })]), /from/],
    ["whose index leads nowhere", program([deny()], { "*": [0, 1] }), /the index names rule 1, which is not there/],
    [
      "with a rule that no key leads to",
      program([deny(), deny({ id: "p/lost" })], { "*": [0] }),
      /rule p\/lost: no key of the index leads to it/,
    ],
    ["with a negative rule number", program([deny()], { "*": [0, -1] }), /index/],
    ["with too many rules behind a key", program(Array(RULES_BEHIND_A_KEY_MAX + 1).fill(deny())), /index/],
    ["that permits without a condition", program([rule({ effect: "allow" })]), /it permits, and has no condition for it/],
    ["that redacts without a condition", program([allow({ obligations: [MASK] })]), /it redacts, and has no condition for that/],
    ["that denies without a condition", program([rule()]), /it restricts or adds, and has no condition/],
    ["that adds without a condition", program([rule({ effect: "add" })]), /it restricts or adds, and has no condition/],
    ["that asks without a condition", program([ask({ maybe: null })]), /it restricts, and has no condition/],
    ["that asks nobody", program([ask({ approval: null })]), /it asks for an approval, and does not say whose/],
    ["that limits without a condition", program([limit({ maybe: null })]), /it limits, and has no condition/],
    ["that limits nothing", program([limit({ limit: null })]), /it limits, and has no limit/],
  ])("is refused where it is %s", (_, data, reason) => {
    expect(parseProgram(data)).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
  });
});

describe("an atom", () => {
  it.each<[string, readonly unknown[]]>([
    ["of a known operator", ["eq", ["args", "x"], "a"]],
    ["of its strict twin", ["?eq", ["args", "x"], true]],
    ["of presence", ["has", ["args", "x"], null]],
    ["over elements", ["?some", ["findings"], [[["?eq", ["kind"], "a"]], []]]],
    ["over the element itself", ["every", ["caller", "actors"], [[["nprefix", [], "p-"]]]]],
    ["of a set", ["in", ["args", "x"], { a: true }]],
    ["of a list", ["nin_list", ["args", "x"], [1, 2]]],
    ["of money", ["?money_gt", ["amount"], { currency: "usd", micros: 1 }]],
  ])("%s is taken", (_, atom) => {
    expect(parseProgram(withAtom(...atom))).toMatchObject({ kind: "parsed" });
  });

  it.each<[string, readonly unknown[]]>([
    ["of no operator", ["equals", ["x"], 1]],
    ["of an operator that every object has", ["toString", ["x"], 1]],
    ["of a twin of presence", ["?has", ["x"], null]],
    ["of a twin of a twin", ["??eq", ["x"], 1]],
    ["too short", ["eq", ["x"]]],
    ["too long", ["eq", ["x"], 1, 1]],
    ["with a path of numbers", ["eq", [0], 1]],
    ["with a path as text", ["eq", "args.x", 1]],
    ["equal to null", ["eq", ["x"], null]],
    ["equal to a list", ["eq", ["x"], []]],
    ["less than a text", ["lt", ["x"], "a"]],
    ["in a list of texts as a set", ["in", ["x"], ["a"]]],
    ["in a set that says false", ["in", ["x"], { a: false }]],
    ["in an empty list", ["in_list", ["x"], []]],
    ["in a list of two types", ["in_list", ["x"], [1, "1"]]],
    ["with a prefix that is none", ["prefix", ["x"], 1]],
    ["true of something", ["truthy", ["x"], true]],
    ["of money without a currency", ["money_le", ["x"], { micros: 1 }]],
    ["over elements of elements", ["some", ["x"], [[["some", [], [[]]]]]]],
    ["over elements by no clauses", ["some", ["x"], [["eq", [], 1]]]],
  ])("%s is refused", (_, atom) => {
    expect(parseProgram(withAtom(...atom))).toMatchObject({ kind: "refused" });
  });
});

function budget(micros: number) {
  const bound = { kind: "budget", micros, currency: usd(0).currency, period: "day", of: "amount" } as const;
  return { id: "p/b", per: ["agent" as const], bound, timeZone: "UTC" } as never as NonNullable<ReturnType<typeof limit>["limit"]>;
}
