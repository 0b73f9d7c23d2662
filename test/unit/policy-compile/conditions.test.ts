import { describe, expect, it } from "vitest";
import { compileFiles, findRule } from "./compile-one.ts";

const clauses = (condition: string, then: "allow" | "deny") => {
  const program = compileFiles(`policy: p\nrules:\n  - id: a\n    then: ${then}\n    if: |\n      ${condition}\n`);
  const { sure, maybe } = findRule(program, "p/a");
  return { sure, maybe };
};

const USD5 = { currency: "usd", micros: 5_000_000 };

describe("a condition", () => {
  it.each([
    ['caller.agent == "a"', [[["eq", ["caller", "agent"], "a"]]]],
    ['"a" != caller.agent', [[["ne", ["caller", "agent"], "a"]]]],
    ["5 < http.port", [[["gt", ["http", "port"], 5]]]],
    ["5 >= http.port", [[["le", ["http", "port"], 5]]]],
    ["!(args.a <= 1)", [[["gt", ["args", "a"], 1]]]],
    ["!(args.a > 1)", [[["le", ["args", "a"], 1]]]],
    ["!(args.a >= 1)", [[["lt", ["args", "a"], 1]]]],
    ["!(cost >= usd(5))", [[["money_lt", ["cost"], USD5]]]],
    ["!(args.a < 1.5)", [[["ge", ["args", "a"], 1.5]]]],
    ["args.a == -1", [[["eq", ["args", "a"], -1]]]],
    ["amount == usd(5)", [[["money_eq", ["amount"], USD5]]]],
    ["amount != usd(5)", [[["money_ne", ["amount"], USD5]]]],
    ["!(amount > usd(5))", [[["money_le", ["amount"], USD5]]]],
    ["usd(5) <= cost", [[["money_ge", ["cost"], USD5]]]],
    ['amount < usd("0.30")', [[["money_lt", ["amount"], { currency: "usd", micros: 300_000 }]]]],
    ['args.a in ["x", "y"]', [[["in", ["args", "a"], { x: true, y: true }]]]],
    ['!(args.a in ["x"])', [[["nin", ["args", "a"], { x: true }]]]],
    ["args.a in [1, 2]", [[["in_list", ["args", "a"], [1, 2]]]]],
    ["!(args.a in [true])", [[["nin_list", ["args", "a"], [true]]]]],
    ['"a" in caller.roles', [[["contains_elem", ["caller", "roles"], "a"]]]],
    ['!("a" in caller.roles)', [[["lacks_elem", ["caller", "roles"], "a"]]]],
    ["has(args.a.b)", [[["has", ["args", "a", "b"], null]]]],
    ["!has(args.a)", [[["hasnt", ["args", "a"], null]]]],
    ['"k.x" in http.headers', [[["has", ["http", "headers", "k.x"], null]]]],
    ['http.path.startsWith("/v1")', [[["prefix", ["http", "path"], "/v1"]]]],
    ['!http.path.startsWith("/v1")', [[["nprefix", ["http", "path"], "/v1"]]]],
    ["args.a", [[["truthy", ["args", "a"], null]]]],
    ["!args.a", [[["falsy", ["args", "a"], null]]]],
    ["true", [[]]],
    ["!true", []],
    ["false || args.a", [[["truthy", ["args", "a"], null]]]],
    ["args.a && args.a", [[["truthy", ["args", "a"], null]]]],
    ["!(args.a && http.port == 1)", [[["falsy", ["args", "a"], null]], [["ne", ["http", "port"], 1]]]],
    [
      "(args.a || args.b) && args.c",
      [
        [
          ["truthy", ["args", "a"], null],
          ["truthy", ["args", "c"], null],
        ],
        [
          ["truthy", ["args", "b"], null],
          ["truthy", ["args", "c"], null],
        ],
      ],
    ],
    ['caller.actors.exists(a, a == "x")', [[["some", ["caller", "actors"], [[["eq", [], "x"]]]]]]],
    ['!caller.actors.exists(a, a == "x")', [[["every", ["caller", "actors"], [[["ne", [], "x"]]]]]]],
    [
      'args.items.exists(i, i.sku == "x" && i.n > 1 || has(i.gift))',
      [
        [
          [
            "some",
            ["args", "items"],
            [
              [
                ["eq", ["sku"], "x"],
                ["gt", ["n"], 1],
              ],
              [["has", ["gift"], null]],
            ],
          ],
        ],
      ],
    ],
    ['findings.exists(f, f.kind == "pii.ssn")', [[["some", ["findings"], [[["eq", ["kind"], "pii.ssn"]]]]]]],
    ['envoy.context.zone == "a"', [[["eq", ["envoy", "context", "zone"], "a"]]]],
  ])("%s permits where it is surely true", (condition, sure) => {
    expect(clauses(condition, "allow")).toEqual({ sure, maybe: null });
  });

  it.each([
    ['caller.agent == "a"', [[["?eq", ["caller", "agent"], "a"]]]],
    ["amount > usd(5)", [[["?money_gt", ["amount"], USD5]]]],
    [
      "has(args.a) && args.a > 5",
      [
        [
          ["has", ["args", "a"], null],
          ["?gt", ["args", "a"], 5],
        ],
      ],
    ],
    ['!caller.actors.exists(a, a.startsWith("x"))', [[["?every", ["caller", "actors"], [[["?nprefix", [], "x"]]]]]]],
    ["args.a", [[["?truthy", ["args", "a"], null]]]],
  ])("%s restricts where it may be true", (condition, maybe) => {
    expect(clauses(condition, "deny")).toEqual({ sure: null, maybe });
  });

  it("of an allow that redacts is judged once for each", () => {
    const program = compileFiles("policy: p\nrules:\n  - { id: a, then: allow, if: args.a > 1, redact: [{ header: x }] }\n");
    expect(findRule(program, "p/a")).toMatchObject({ sure: [[["gt", ["args", "a"], 1]]], maybe: [[["?gt", ["args", "a"], 1]]] });
  });

  it("that is absent is always true", () => {
    const program = compileFiles("policy: p\nrules:\n  - { id: a, then: allow }\n  - { id: b, then: deny }\n");
    expect(findRule(program, "p/a")).toMatchObject({ sure: [[]], maybe: null });
    expect(findRule(program, "p/b")).toMatchObject({ sure: null, maybe: [[]] });
  });

  it("keeps a member called __proto__", () => {
    expect(JSON.stringify(clauses('args.a in ["__proto__"]', "allow").sure)).toBe('[[["in",["args","a"],{"__proto__":true}]]]');
  });

  it("may have 64 alternatives", () => {
    const six = Array.from({ length: 6 }, (_, i) => `(http.port == ${i} || args.a == ${i})`).join(" && ");
    expect(clauses(six, "allow").sure).toHaveLength(64);
  });
});
