import { describe, expect, it } from "vitest";
import { type Files, lintOf, ruleIf, TOOLS } from "./lint-one.ts";

const ALLOW = "then: allow";
const DENY = "then: deny";

const SCHEMA = JSON.stringify({
  type: "object",
  properties: {
    sum: { type: "integer", minimum: 1, maximum: 100_000 },
    currency: { enum: ["usd", "eur"] },
    to: { $ref: "#/$defs/account" },
    meta: {
      type: "object",
      properties: {
        dry: { type: "boolean" },
        share: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
        tags: { type: "array", maxItems: 3 },
      },
      additionalProperties: false,
    },
  },
  $defs: { account: { type: "string", maxLength: 20 } },
});

const WITH_SCHEMA: Files = {
  tools: TOOLS.replace("    amount:", "    schema: pay.schema.json\n    amount:"),
  "pay.schema.json": SCHEMA,
};

describe("an argument that nobody has", () => {
  it.each([
    ["args.ammount > 5", "{ tools: [pay.create] }", "args.ammount", "`pay.create` have no `ammount`", "allowed: currency, meta, sum, to"],
    [
      "args.too == 1",
      "{ tools: [pay.create] }",
      "args.too",
      "`pay.create` have no `too`",
      "did you mean to? allowed: currency, meta, sum, to",
    ],
    ["has(args.q)", "{ tools: [pay.*] }", "args.q", "`pay.create`, `pay.read` have no `q`", "allowed: currency, id, meta, sum, to"],
  ])("is told where %s reads it with %s", (condition, match, text, message, fix) => {
    expect(lintOf("unknown_argument", { policy: ruleIf(condition, DENY, match) })).toEqual([
      `policy.yaml:6:${condition.startsWith("has") ? 11 : 7}: \`${text}\` reads what is not there: the arguments of ${message} (${fix})`,
    ]);
    expect(lintOf("may_be_absent", { policy: ruleIf(condition, DENY, match) })).toEqual([]);
  });

  it.each([
    ["args.meta.drye", "args.meta.drye", "drye", "did you mean dry? allowed: dry, share, tags"],
    ['args.meta.note == "x"', "args.meta.note", "note", "allowed: dry, share, tags"],
    ["args.meta.dry.x", "args.meta.dry.x", null, ""],
    ["args.meta.dry", "args.meta.dry", null, ""],
  ])("is told by the JSON Schema of its tool where %s reads it", (condition, text, name, fix) => {
    const told = `policy.yaml:6:7: \`${text}\` reads what is not there: the arguments of \`pay.create\` have no \`${name}\` (${fix})`;
    expect(lintOf("unknown_argument", { ...WITH_SCHEMA, policy: ruleIf(condition, ALLOW, "{ tools: [pay.create] }") })).toEqual(
      name === null ? [] : [told],
    );
  });

  it.each([
    ["args.to == 1", "{ tools: [pay.create] }"],
    ['args.id == "1"', "{ tools: [pay.*] }"],
    ["args.anything == 1", "{}"],
    ["args.anything == 1", "{ tools: [pay.create, unknown] }"],
    ["args.meta.anything == 1", "{ tools: [pay.create] }"],
  ])("is not told where %s with %s may be there", (condition, match) => {
    expect(lintOf("unknown_argument", { policy: ruleIf(condition, DENY, match) })).toEqual([]);
  });
});

describe("an allow wider than the schema of its tool", () => {
  it.each([
    ['args.currency == "jpy"', 'args.currency` may be "jpy"', 'the schema allows "usd", "eur"'],
    ['args.currency in ["usd", "gbp"]', 'args.currency` may be "gbp"', 'the schema allows "usd", "eur"'],
    ["args.currency == 5", "args.currency` may be 5", 'the schema allows "usd", "eur"'],
    ["args.sum <= 200000", "args.sum` may be up to 200000", "the schema's maximum is 100000"],
    ["args.sum < 100002", "args.sum` may be up to 100002", "the schema's maximum is 100000"],
    ["args.sum >= 0", "args.sum` may be down to 0", "the schema's minimum is 1"],
    ["args.sum > -1", "args.sum` may be down to -1", "the schema's minimum is 1"],
    ["args.sum == 0", "args.sum` may be 0", "the schema allows values of type integer from 1 to 100000"],
    ["args.sum in [5, 5.5]", "args.sum` may be 5.5", "the schema allows values of type integer from 1 to 100000"],
    ["args.meta.share <= 1", "args.meta.share` may be up to 1", "the schema wants less than 1"],
    ["args.meta.share >= 0", "args.meta.share` may be down to 0", "the schema wants more than 0"],
    ["args.to == 5", "args.to` may be 5", "the schema allows values of type string"],
    ["args.to", "args.to` may be true", "the schema allows values of type string"],
    ["!(args.sum > 200000)", "args.sum` may be up to 200000", "the schema's maximum is 100000"],
  ])("is told at %s", (condition, what, fix) => {
    const column = 7 + condition.indexOf("args");
    expect(lintOf("wider_than_schema", { ...WITH_SCHEMA, policy: ruleIf(condition, ALLOW, "{ tools: [pay.create] }") })).toEqual([
      `policy.yaml:6:${column}: \`${what} here, which the schema of \`pay.create\` refuses (${fix})`,
    ]);
  });

  it.each([
    ["size(args.to) <= 30", "args.to` may have the size 30", "the schema's limit is 20"],
    ["size(args.meta.tags) < 5", "args.meta.tags` may have the size 4", "the schema's limit is 3"],
  ])("is told at %s", (condition, what, fix) => {
    expect(lintOf("wider_than_schema", { ...WITH_SCHEMA, policy: ruleIf(condition, ALLOW, "{ tools: [pay.create] }") })).toEqual([
      `policy.yaml:6:12: \`${what} here, which the schema of \`pay.create\` refuses (${fix})`,
    ]);
  });

  it.each([
    ['args.currency == "usd"', ALLOW],
    ['args.currency != "jpy"', ALLOW],
    ["args.sum <= 100000", ALLOW],
    ["args.sum < 100001", ALLOW],
    ["args.sum >= 1", ALLOW],
    ["args.sum > 0", ALLOW],
    ["args.meta.share < 1", ALLOW],
    ["args.meta.share > 0", ALLOW],
    ["args.meta.dry", ALLOW],
    ['args.to == "acct_1"', ALLOW],
    ["size(args.to) <= 20", ALLOW],
    ["args.sum <= 200000", DENY],
    ["has(args.to)", ALLOW],
  ])("is not told at %s of a rule with %s", (condition, then) => {
    expect(lintOf("wider_than_schema", { ...WITH_SCHEMA, policy: ruleIf(condition, then, "{ tools: [pay.create] }") })).toEqual([]);
  });

  it.each([
    ["whose tools have no schema", { policy: ruleIf('args.currency == "jpy"', ALLOW, "{ tools: [pay.create] }") }],
    ["of which one tool has none", { ...WITH_SCHEMA, policy: ruleIf('args.currency == "jpy"', ALLOW, "{ tools: [pay.*] }") }],
    ["without tools", { ...WITH_SCHEMA, policy: ruleIf('args.currency == "jpy"', ALLOW, "{}") }],
  ])("is not told of a rule %s", (_, files) => {
    expect(lintOf("wider_than_schema", files)).toEqual([]);
  });

  it.each([
    ["anyOf", { anyOf: [{ const: "a" }, { type: "string" }] }],
    ["a reference with more beside it", { $ref: "#/$defs/a", maxLength: 5 }],
    ["true", true],
  ])("is not guessed where the schema of the argument is %s", (_, to) => {
    const schema = JSON.stringify({
      type: "object",
      properties: { sum: {}, currency: {}, meta: {}, to },
      $defs: { a: { type: "string" } },
    });
    const files = { ...WITH_SCHEMA, "pay.schema.json": schema };
    expect(lintOf("wider_than_schema", { ...files, policy: ruleIf("args.to == 5", ALLOW, "{ tools: [pay.create] }") })).toEqual([]);
  });
});

describe("a sum without a currency", () => {
  const tool = (args: string, amount = "") =>
    `tools:\n  t.pay:\n    http: { method: POST, host: t.example, path: /pay, body: json }\n    args:\n      ${args}\n${amount}`;
  const BUDGET = "policy: p\nrules:\n  - { id: a, then: allow }\nlimits:\n  - { id: b, per: [agent], of: amount, budget: 5 usd per day }\n";

  it.each([
    ["amount", "currency"],
    ["total_price", "currency"],
    ["feeCents", "payCurrency"],
  ])("is told at the argument %s beside %s", (name, currency) => {
    const tools = tool(`${name}: { from: json.a, type: integer }\n      ${currency}: { from: json.c }`);
    expect(lintOf("no_currency", { policy: ruleIf("true", ALLOW), tools })).toEqual([
      `tools.yaml:5:7: \`${name}\` looks like a sum of money, and the tool does not say that it is one ` +
        `(write \`amount: { value: args.${name}, unit: minor, currency: args.${currency} }\` at the tool)`,
    ]);
  });

  it("is told where a budget of money covers its tool", () => {
    const tools = `${tool("amount: { from: json.a, type: integer }")}${TOOLS.slice("tools:\n".length)}`;
    expect(lintOf("no_currency", { policy: BUDGET, tools })).toEqual([
      "tools.yaml:5:7: `amount` looks like a sum of money, which `p/b` cannot charge: its currency is not said " +
        "(write `amount: { value: args.amount, unit: minor, currency: usd }` at the tool)",
    ]);
  });

  it.each([
    ["args.sum <= 5000", "args.sum", "compare `amount`, for example amount <= usd(50)", TOOLS, "pay.create"],
    ["args.sum in [1, 2] || args.sum == 5", "args.sum", "compare `amount`, for example amount <= usd(50)", TOOLS, "pay.create"],
    [
      "args.price < 5",
      "args.price",
      "write `amount` with its currency at the tools, and compare that",
      tool("price: { from: json.a, type: number }"),
      "t.pay",
    ],
  ])("is told where %s compares it as a number", (condition, text, fix, tools, name) => {
    const found = lintOf("no_currency", { policy: ruleIf(condition, ALLOW, `{ tools: [${name}] }`), tools });
    expect(found.at(-1)).toMatch(/^policy\.yaml:6:/);
    expect(found.at(-1)?.replace(/^policy\.yaml:6:\d+: /, "")).toBe(
      `\`${text}\` is compared as a number, whatever its currency is (${fix})`,
    );
  });

  it.each([
    ["that is a text", tool("amount: { from: json.a, type: string }\n      currency: { from: json.c }")],
    ["that is a count", tool("total_count: { from: json.a, type: integer }\n      currency: { from: json.c }")],
    [
      "that the tool says",
      tool(
        "amount: { from: json.a, type: integer }\n      currency: { from: json.c }",
        "    amount: { value: args.amount, unit: minor, currency: args.currency }\n",
      ),
    ],
    ["that nothing asks for", tool("amount: { from: json.a, type: integer }")],
  ])("is not told of an argument %s", (_, tools) => {
    expect(lintOf("no_currency", { policy: ruleIf("true", ALLOW), tools })).toEqual([]);
  });

  it.each([
    ["of which all tools have one currency", "usd", "usd", true],
    ["of which the tools have different ones", "usd", "eur", false],
    ["of which one tool takes its currency from the call", "usd", "args.c", false],
  ])("is told at the number of an argument, except %s", (_, one, other, isFine) => {
    const toolIn = (name: string, currency: string) =>
      [
        `  ${name}:`,
        `    http: { method: POST, host: t.example, path: /${name}, body: json }`,
        "    args: { amount: { from: json.a, type: integer }, c: { from: json.c } }",
        `    amount: { value: args.amount, unit: minor, currency: ${currency} }`,
      ].join("\n");
    const tools = `tools:\n${toolIn("a", one)}\n${toolIn("b", other)}\n`;
    const found = lintOf("no_currency", { policy: ruleIf("args.amount <= 5000", ALLOW, "{ tools: [a, b] }"), tools });
    expect(found).toHaveLength(isFine ? 0 : 1);
  });

  it.each(["amount <= usd(50)", "has(args.sum)", 'args.to == "x"', "args.meta.sum > 5"])("is not told at %s", (condition) => {
    expect(lintOf("no_currency", { policy: ruleIf(condition, ALLOW, "{ tools: [pay.create] }") })).toEqual([]);
  });
});
