import { describe, expect, it } from "vitest";
import type { Obligation } from "../../../src/core/ruling.ts";
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
const HEADER = { name: "x-b", value: "1" };
const OBLIGATIONS: readonly Obligation[] = [
  { kind: "redact_finding", finding: "pii.ssn", with: "label", on: "both" },
  { kind: "redact_query", key: "q", with: "hash" },
  { kind: "redact_form", key: "f", with: "mask" },
  { kind: "redact_json", path: [{ kind: "member", name: "a" }, { kind: "elements" }], with: "remove", on: "response" },
  { kind: "remove_header", name: "x-a" },
];
const sure = (...atom: readonly unknown[]) => program([allow({ sure: [[atom as never]] })]);
const maybe = (...atom: readonly unknown[]) => program([deny({ maybe: [[atom as never]] })]);

describe("a program", () => {
  it("is taken as it is where it has no gap", () => {
    expect(parseProgram(FULL)).toEqual({ kind: "parsed", program: FULL });
    expect(parseProgram(program([]))).toMatchObject({ kind: "parsed" });
    const rest = {
      ...program([limit(), ask({ guard: true }), add({ maybe: null, obligations: [], sets: [HEADER], sure: [[]] })]),
      groups: { treasury: names("a") },
      usage: ["p/calls"],
    };
    expect(parseProgram(rest)).toEqual({ kind: "parsed", program: rest });
    expect(parseProgram(withCost({ kind: "by_model", prices: [{ model: "gpt-5*", money: usd(1) }] }))).toMatchObject({ kind: "parsed" });
    expect(parseProgram(program([add({ obligations: OBLIGATIONS })]))).toMatchObject({ kind: "parsed" });
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
    ["that permits as a guardrail", program([allow({ guard: true })]), /it is a guardrail, and permits/],
    [
      "that sets headers as a guardrail",
      program([add({ guard: true, sets: [HEADER], sure: [[]] })]),
      /it is a guardrail, and sets headers/,
    ],
    ["that sets headers without a condition", program([add({ sets: [HEADER] })]), /it sets headers, and has no condition for that/],
    ["that reads how far no limit is used", { ...program([limit()]), usage: ["p/other"] }, /the usage of limit p\/other is read/],
    ["with a group that is a list", { ...program([]), groups: { treasury: ["a"] } }, /groups/],
    ["with a price by model without a model", withCost({ kind: "by_model", prices: [{ money: usd(1) }] }), /model/],
  ])("is refused where it is %s", (_, data, reason) => {
    expect(parseProgram(data)).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
  });
});

describe("an atom", () => {
  it.each<[string, unknown]>([
    ["of a known operator", sure("eq", ["args", "x"], "a")],
    ["of its strict twin", maybe("?eq", ["args", "x"], true)],
    ["of presence, where unknown counts as false", sure("has", ["args", "x"], null)],
    ["of presence, where unknown counts as true", maybe("hasnt", ["args", "x"], null)],
    ["over elements", maybe("?some", ["findings"], [[["?eq", ["kind"], "a"]], []])],
    ["over the element itself", sure("every", ["caller", "actors"], [[["nprefix", [], "p-"]]])],
    ["of a set", sure("in", ["args", "x"], { a: true })],
    ["of a list", sure("nin_list", ["args", "x"], [1, 2])],
    ["of money", maybe("?money_gt", ["amount"], { currency: "usd", micros: 1 })],
    ["of a pattern", sure("matches", ["args", "x"], "^a[0-9]{3}$")],
    ["of a network", maybe("?ncidr", ["args", "x"], "2001:db8::/32")],
    ["of a moment", maybe("?time_ge", ["args", "x"], 1_782_043_200_000)],
    ["of a size", sure("size_le", ["args", "x"], 3)],
    ["of another field", sure("in_f", ["args", "x"], ["caller", "groups"])],
  ])("%s is taken", (_, data) => {
    expect(parseProgram(data)).toMatchObject({ kind: "parsed" });
  });

  it.each<[string, unknown]>([
    ["of no operator", sure("equals", ["x"], 1)],
    ["of an operator that every object has", sure("toString", ["x"], 1)],
    ["of a number for an operator", sure(1, ["x"], 1)],
    ["of a twin of presence", maybe("?has", ["x"], null)],
    ["of a twin of a twin", maybe("??eq", ["x"], 1)],
    ["of a twin, where unknown must count as false", sure("?eq", ["x"], 1)],
    ["of no twin, where unknown must count as true", maybe("eq", ["x"], 1)],
    ["over elements by a twin, where unknown must count as false", sure("some", ["x"], [[["?eq", [], 1]]])],
    ["over elements by no twin, where unknown must count as true", maybe("?some", ["x"], [[["eq", [], 1]]])],
    ["too short", sure("eq", ["x"])],
    ["too long", sure("eq", ["x"], 1, 1)],
    ["with a path of numbers", sure("eq", [0], 1)],
    ["with a path as text", sure("eq", "args.x", 1)],
    ["equal to null", sure("eq", ["x"], null)],
    ["equal to a list", sure("eq", ["x"], [])],
    ["less than a text", sure("lt", ["x"], "a")],
    ["in a list of texts as a set", sure("in", ["x"], ["a"])],
    ["in a set that says false", sure("in", ["x"], { a: false })],
    ["in an empty list", sure("in_list", ["x"], [])],
    ["in a list of two types", sure("in_list", ["x"], [1, "1"])],
    ["with a prefix that is none", sure("prefix", ["x"], 1)],
    ["true of something", sure("truthy", ["x"], true)],
    ["of money without a currency", sure("money_le", ["x"], { micros: 1 })],
    ["of a pattern that is none", sure("matches", ["x"], "(")],
    ["of a pattern that RE2 has not", sure("matches", ["x"], "(?=a)")],
    ["of a network that is none", sure("cidr", ["x"], "10.0.0.1")],
    ["of a network mapped from IPv4", sure("cidr", ["x"], "::ffff:0:0/96")],
    ["of half a millisecond", sure("time_eq", ["x"], 0.5)],
    ["of a field that is a text", sure("eq_f", ["x"], "args.y")],
    ["over elements of elements", sure("some", ["x"], [[["some", [], [[]]]]])],
    ["over elements against a field", sure("some", ["x"], [[["eq_f", [], ["args", "y"]]]])],
    ["over elements by no clauses", sure("some", ["x"], [["eq", [], 1]])],
  ])("%s is refused", (_, data) => {
    expect(parseProgram(data)).toMatchObject({ kind: "refused" });
  });
});

function withCost(cost: unknown) {
  return { ...FULL, catalogue: FULL.catalogue.map((entry) => ({ ...entry, cost })) };
}

function budget(micros: number) {
  const bound = { kind: "budget", micros, currency: usd(0).currency, period: "day", of: "amount" } as const;
  return { id: "p/b", per: ["agent" as const], bound, timeZone: "UTC" } as never as NonNullable<ReturnType<typeof limit>["limit"]>;
}
