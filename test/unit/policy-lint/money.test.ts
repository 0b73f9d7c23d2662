import { describe, expect, it } from "vitest";
import { lintOf, ruleIf, rulesOf, TOOLS } from "./lint-one.ts";

const PRICED = `tools:
  a.pay:
    http: { method: POST, host: a.example, path: /pay, body: json }
    args: { sum: { from: json.sum, type: integer } }
    amount: { value: args.sum, unit: minor, currency: usd }
    cost: 0.30 usd
  a.read: { http: { method: GET, host: a.example, path: /read } }
  a.list: { http: { method: GET, host: a.example, path: /list } }
  a.find: { http: { method: GET, host: a.example, path: /find } }
  a.look: { http: { method: GET, host: a.example, path: /look } }
`;

const ALL = "{ id: all, then: allow }";

function policyOf(limit: string, ...rules: readonly string[]): string {
  return `${rulesOf(...(rules.length === 0 ? [ALL] : rules))}limits:\n  - ${limit}\n`;
}

describe("a budget over calls whose money nobody knows", () => {
  const BUDGET = "id: l, per: [agent], of: cost, budget: 5 usd per day";
  const found = (limit: string, ...rules: readonly string[]) =>
    lintOf("price_unknown", { policy: policyOf(limit, ...rules), tools: PRICED });
  const told = (calls: string) =>
    `policy.yaml:5:32: calls of ${calls} have no \`cost\`, so this budget denies every one of them that it covers (price_unknown) ` +
    "(give the limit a match, or the tools a `cost`)";

  it.each([
    [`{ ${BUDGET}, match: { tools: [a.read] } }`, "`a.read`"],
    [`{ ${BUDGET}, match: { tools: [a.pay, a.read] } }`, "`a.read`"],
    [`{ ${BUDGET}, match: { tools: [a.*] } }`, "`a.find`, `a.list`, `a.look` and others"],
    [`{ ${BUDGET}, match: { hosts: [a.example], paths: [/read, /pay] } }`, "`a.read`"],
    [`{ ${BUDGET}, match: { methods: [POST] } }`, "hosts without tools in the catalogue"],
    [`{ ${BUDGET}, match: { hosts: [.b.example] } }`, "hosts without tools in the catalogue"],
    [`{ ${BUDGET}, if: tool == "a.read" }`, "`a.read` and hosts without tools in the catalogue"],
    [`{ ${BUDGET}, if: cost > usd(1), match: { tools: [a.read] } }`, "`a.read`"],
    [`{ ${BUDGET} }`, "`a.find`, `a.list`, `a.look` and others"],
  ])("is told of %s", (limit, calls) => {
    expect(found(limit)).toEqual([told(calls)]);
    expect(lintOf("unreachable_limit", { policy: policyOf(limit), tools: PRICED })).toEqual([]);
  });

  it.each([
    ["{ id: r, then: allow, match: { tools: [a.pay, a.read] } }", "`a.read`"],
    ["{ id: r, then: allow, match: { tools: [a.pay, unknown] } }", "the tool `unknown`"],
    ["{ id: r, then: allow, match: { hosts: [b.example] } }", "hosts without tools in the catalogue"],
    ["{ id: r, then: approval_needed, approval: { from: [t] }, match: { tools: [a.read] } }", "`a.read`"],
  ])("is told as far as calls are permitted, by %s", (rule, calls) => {
    expect(found(`{ ${BUDGET} }`, rule)).toEqual([told(calls)]);
  });

  it.each([
    [`{ ${BUDGET}, match: { tools: [a.pay] } }`, ALL],
    [`{ ${BUDGET}, match: { methods: [POST], hosts: [a.example] } }`, ALL],
    [`{ ${BUDGET}, match: { hosts: [a.example] }, if: tool == "a.pay" }`, ALL],
    [`{ ${BUDGET} }`, "{ id: r, then: allow, match: { tools: [a.pay] } }"],
    [`{ ${BUDGET} }`, "{ id: r, then: allow, match: { hosts: [a.example], methods: [POST] } }"],
    [`{ ${BUDGET}, match: { agents: [x] } }`, "{ id: r, then: allow, match: { tools: [a.read], agents: [y] } }"],
    ["{ id: l, per: [agent], rate: 5/s }", ALL],
  ])("is not told of %s beside %s", (limit, rule) => {
    expect(found(limit, rule)).toEqual([]);
  });

  it("is not told of calls that only a rule in shadow permits", () => {
    const rules = ["{ id: r, then: allow, mode: shadow }", "{ id: s, then: allow, match: { tools: [a.pay] } }"];
    expect(found(`{ ${BUDGET} }`, ...rules)).toEqual([]);
  });

  it("is told of a short form, which has no match", () => {
    const policy = "policy: p\nmax_daily_budget: 5 usd\nallowed_domains: [b.example]\n";
    expect(lintOf("price_unknown", { policy, tools: PRICED })).toEqual([
      "policy.yaml:2:19: calls of hosts without tools in the catalogue have no `cost`, so this budget denies every one of them " +
        "that it covers (price_unknown) (give the policy a match or the tools a `cost`, or write a limit with a match in place " +
        "of `max_daily_budget`)",
    ]);
  });

  it("is told of a budget of amounts, and of one in shadow what it would do", () => {
    const limit = "{ id: l, per: [agent], of: amount, budget: 5 usd per day, mode: shadow, match: { tools: [a.pay, a.read] } }";
    expect(found(limit)).toEqual([
      "policy.yaml:5:32: calls of `a.read` have no `amount`, so this budget would deny every one of them that it covers " +
        "(price_unknown) (give the limit a match, or the tools an `amount`)",
    ]);
  });

  it("is told of a guardrail on its own, whose calls others permit", () => {
    const policy = "policy: p\nlimits:\n  - { id: l, per: [agent], of: cost, budget: 5 usd per day, match: { tools: [a.read] } }\n";
    expect(lintOf("price_unknown", { policy, tools: PRICED })).toHaveLength(1);
  });
});

describe("money in a currency that its tool never has", () => {
  it.each([
    ["{ id: l, per: [agent], of: amount, budget: 5 eur per day, match: { tools: [a.pay] } }", 40, "amount"],
    ["{ id: l, per: [agent], of: cost, budget: 5 eur per day, match: { tools: [a.pay] } }", 38, "cost"],
  ])("is told of %s", (limit, column, of) => {
    expect(lintOf("currency_mismatch", { policy: policyOf(limit), tools: PRICED })).toEqual([
      `policy.yaml:5:${column + 8}: the \`${of}\` of \`a.pay\` is never in eur, so this budget denies every call of them that it covers ` +
        "(currency_mismatch) (write the budget in the currency of the catalogue, or give the limit a match)",
    ]);
  });

  it.each([
    ["amount > eur", "then: deny", "true in rules that restrict"],
    ["amount <= eur", "then: allow", "false in rules that permit"],
  ])("is told where %s is compared with %s", (start, then, counts) => {
    const condition = start.replace("eur", 'money("5", "eur")');
    expect(lintOf("currency_mismatch", { policy: ruleIf(condition, then, "{ tools: [a.pay] }"), tools: PRICED })).toEqual([
      `policy.yaml:6:7: the \`amount\` of \`a.pay\` is never in eur, so this test is unknown, which counts as ${counts} ` +
        "(compare in the currency of the catalogue)",
    ]);
  });

  it.each([
    [
      "a budget in the tool's currency",
      policyOf("{ id: l, per: [agent], of: amount, budget: 5 usd per day, match: { tools: [a.pay] } }"),
      PRICED,
    ],
    [
      "a budget over a currency of the call",
      policyOf("{ id: l, per: [agent], of: amount, budget: 5 eur per day, match: { tools: [pay.create] } }"),
      TOOLS,
    ],
    ["a comparison in the tool's currency", ruleIf("amount > usd(5)", "then: deny", "{ tools: [a.pay] }"), PRICED],
    ["a comparison over a currency of the call", ruleIf('amount > money("5", "eur")', "then: deny", "{ tools: [pay.create] }"), TOOLS],
  ])("is not told of %s", (_, policy, tools) => {
    expect(lintOf("currency_mismatch", { policy, tools })).toEqual([]);
  });
});

describe("a rule that measures money of calls without any", () => {
  const RESTRICTS = "true in rules that restrict (name in the match the tools that have one, or write";

  it.each([
    ["amount > usd(5)", "then: deny", "{ tools: [a.read] }", "`a.read`"],
    ["amount > usd(5)", "then: deny", "{ tools: [a.pay, a.read] }", "`a.read`"],
    ["!(amount <= usd(5))", "then: approval_needed\n    approval: { from: [t] }", "{ tools: [a.pay, a.read] }", "`a.read`"],
    ["amount > usd(5)", "redact: [{ header: x-a }]", "{ tools: [a.read] }", "`a.read`"],
    ["amount > usd(5)", "then: deny", "{ hosts: [b.example] }", "hosts without tools in the catalogue"],
    ["amount > usd(5)", "then: deny", "{ tools: [a.pay, unknown] }", "the tool `unknown`"],
    ["amount > cost", "then: deny", "{ tools: [a.read] }", "`a.read`"],
  ])("is told at %s of one with %s and %s", (condition, then, match, calls) => {
    const column = condition.startsWith("!") ? 9 : 7;
    const [line] = lintOf("unknown_amount", { policy: ruleIf(condition, then, match), tools: PRICED });
    expect(line).toBe(
      `policy.yaml:6:${column}: calls of ${calls} have no \`amount\`, so this test is unknown in every one of them, which counts as ` +
        `${RESTRICTS} \`amount\` at the tools, in the catalogue)`,
    );
  });

  it("is told of one that permits only where none of its tools has any", () => {
    const found = (match: string) => lintOf("unknown_amount", { policy: ruleIf("cost <= usd(5)", "then: allow", match), tools: PRICED });
    expect(found("{ tools: [a.read] }")).toEqual([
      "policy.yaml:6:7: calls of `a.read` have no `cost`, so this test is unknown in every one of them, which counts as " +
        "false in rules that permit (write `cost` at the tools, in the catalogue)",
    ]);
    expect(found("{ tools: [a.pay, a.read] }")).toEqual([]);
    expect(found("{}")).toEqual([]);
  });

  it.each([
    ["amount > usd(5)", "{ tools: [a.pay] }"],
    ['tool == "a.pay" && amount > usd(5)', "{ hosts: [a.example] }"],
    ["has(args.sum) && amount > usd(5)", "{}"],
    ["caller.agent == 'x'", "{ tools: [a.read] }"],
  ])("is not told at %s with %s", (condition, match) => {
    expect(lintOf("unknown_amount", { policy: ruleIf(condition, "then: deny", match), tools: PRICED })).toEqual([]);
  });

  it("is not told of calls that no rule permits", () => {
    const policy = rulesOf("{ id: a, then: allow, match: { tools: [a.pay] } }", "{ id: b, then: deny, if: amount > usd(5) }");
    expect(lintOf("unknown_amount", { policy, tools: PRICED })).toEqual([]);
  });
});
