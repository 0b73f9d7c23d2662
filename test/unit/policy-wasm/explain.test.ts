import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import type { ProgramRule } from "../../../src/policy/program.ts";
import { explainCall } from "../../../src/policy/wasm/explain.ts";
import { ALWAYS, add, allow, ask, deny, limit, MASK, names, program, usd } from "./sample.ts";

const MATCH = {
  agent: "finance-1",
  host: "api.example.com",
  method: "POST",
  segments: ["v1"],
  tool: "pay",
  tools: ["pay"],
  protocol: "http",
};
const CALL = { keys: ["*"], match: MATCH, amount: { currency: "usd", micros: 9_000_000_000 }, caller: { actors: ["x"] } };

const HIDDEN = { ...CALL, match: { ...MATCH, protocol: "tunnel", method: null, tool: null } };
const SET = { name: "x-b", value: "1" };

describe("an explanation", () => {
  it("says of every rule behind the call's keys what each atom saw", () => {
    const rules = [
      allow({ id: "p/small", match: { agent: names("finance-1") }, sure: [[["money_le", ["amount"], usd(5000)]]] }),
      deny({ id: "p/to", maybe: [[["?nin", ["args", "to"], { a: true }]]] }),
      deny({ id: "p/elsewhere" }),
    ];
    expect(explainCall(program(rules, { "*": [0, 1], "h:other": [2] }), CALL)).toEqual([
      {
        rule: "p/small",
        effect: "allow",
        shadow: false,
        guard: false,
        match: { fits: "true", permits: true, opens: true, dimensions: [{ dimension: "agent", saw: "finance-1", truth: "true" }] },
        conditions: [
          {
            mode: "sure",
            applies: false,
            truth: "false",
            clauses: [
              [
                {
                  operator: "money_le",
                  path: ["amount"],
                  operand: usd(5000),
                  saw: CALL.amount,
                  sawKind: "map",
                  against: undefined,
                  truth: "false",
                },
              ],
            ],
          },
        ],
        outcome: "does_not_apply",
      },
      {
        rule: "p/to",
        effect: "deny",
        shadow: false,
        guard: false,
        match: { fits: "true", permits: true, opens: true, dimensions: [] },
        conditions: [
          {
            mode: "maybe",
            applies: true,
            truth: "unknown",
            clauses: [
              [
                {
                  operator: "nin",
                  path: ["args", "to"],
                  operand: { a: true },
                  saw: undefined,
                  sawKind: "absent",
                  against: undefined,
                  truth: "unknown",
                },
              ],
            ],
          },
        ],
        outcome: "decides",
      },
    ]);
  });

  it("says which dimension does not fit or is not known", () => {
    const match = { host: names("other"), path: [{ open: true, n: 0, fixed: [] }], tool: names("pay") };
    const [explained] = explainCall(program([deny({ match })]), { ...CALL, match: { ...MATCH, segments: null, tool: null } });
    expect(explained?.match).toEqual({
      fits: "false",
      permits: false,
      opens: true,
      dimensions: [
        { dimension: "host", saw: "api.example.com", truth: "false" },
        { dimension: "tool", saw: null, truth: "unknown" },
        { dimension: "path", saw: null, wants: ["/**"], truth: "unknown" },
      ],
    });
  });

  it.each<[string, readonly ProgramRule[], Json, readonly string[]]>([
    ["a rule denies", [allow(), ask(), deny()], CALL, ["outranked", "outranked", "decides"]],
    ["a rule asks", [allow(), ask(), add(), limit()], CALL, ["outranked", "decides", "adds", "limits"]],
    ["rules permit", [allow(), allow(), allow({ sure: [] })], CALL, ["decides", "decides", "does_not_apply"]],
    [
      "a rule in shadow denies",
      [allow(), deny({ shadow: true }), deny({ shadow: true, maybe: [] })],
      CALL,
      ["decides", "shadow", "does_not_apply"],
    ],
    ["only a guardrail asks", [ask({ guard: true }), add({ guard: true })], CALL, ["opens_nothing", "adds"]],
    ["a guardrail asks about what is permitted", [ask({ guard: true }), allow()], CALL, ["decides", "outranked"]],
    ["an approval does not name what is hidden", [ask()], HIDDEN, ["opens_nothing"]],
    ["a permit does not name what is hidden", [allow({ maybe: ALWAYS, obligations: [MASK] })], HIDDEN, ["adds"]],
    ["a rule only sets headers", [add({ maybe: null, obligations: [], sets: [SET], sure: ALWAYS })], HIDDEN, ["adds"]],
    [
      "what would set headers is unknown",
      [add({ maybe: null, obligations: [], sets: [SET], sure: [[["eq", ["x"], 1]]] })],
      CALL,
      ["does_not_apply"],
    ],
  ])("tells what came of each rule where %s", (_, rules, call, outcomes) => {
    const numbered = rules.map((rule, number) => ({ ...rule, id: `p/${number}` }));
    expect(explainCall(program(numbered), call).map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  it("tells both values that are compared", () => {
    const comparing = deny({ maybe: [[["?in_f", ["caller", "agent"], ["caller", "actors"]]]] });
    const [explained] = explainCall(program([comparing]), CALL);
    expect(explained?.conditions[0]?.clauses).toEqual([
      [
        {
          operator: "in_f",
          path: ["caller", "agent"],
          operand: ["caller", "actors"],
          saw: undefined,
          sawKind: "absent",
          against: ["x"],
          truth: "unknown",
        },
      ],
    ]);
  });

  it("says what roles, groups, operation and model were seen", () => {
    const match = { role: names("a"), group: names("g"), operation: names("charge"), model: names("") };
    const seen = { ...MATCH, roles: ["a", "b"], groups: null, operation: "refund", model: "" };
    const [explained] = explainCall(program([deny({ match })]), { ...CALL, match: seen });
    expect(explained?.match.dimensions).toEqual([
      { dimension: "operation", saw: "refund", truth: "false" },
      { dimension: "model", saw: "", truth: "false" },
      { dimension: "role", saw: ["a", "b"], truth: "true" },
      { dimension: "group", saw: null, truth: "unknown" },
    ]);
  });

  it("has nothing to say of what is no call", () => {
    for (const input of [null, [], "x", {}, { keys: "*" }, { keys: [1, "toString"] }])
      expect(explainCall(program([deny()]), input)).toEqual([]);
  });
});
