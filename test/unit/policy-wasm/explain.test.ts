import { describe, expect, it } from "vitest";
import { explainCall } from "../../../src/policy/wasm/explain.ts";
import { allow, deny, names, program, usd } from "./sample.ts";

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
              [{ operator: "money_le", path: ["amount"], operand: usd(5000), saw: CALL.amount, against: undefined, truth: "false" }],
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
              [{ operator: "nin", path: ["args", "to"], operand: { a: true }, saw: undefined, against: undefined, truth: "unknown" }],
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
        { dimension: "path", saw: null, truth: "unknown" },
      ],
    });
  });

  it("has nothing to say of what is no call", () => {
    for (const input of [null, [], "x", {}, { keys: "*" }, { keys: [1, "toString"] }])
      expect(explainCall(program([deny()]), input)).toEqual([]);
  });
});
