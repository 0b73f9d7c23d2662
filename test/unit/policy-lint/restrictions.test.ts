import { describe, expect, it } from "vitest";
import { lintOf, ruleIf, rulesOf, TOOLS } from "./lint-one.ts";

const REQUIRING = JSON.stringify({
  type: "object",
  required: ["sum", "meta"],
  properties: {
    sum: { type: "integer" },
    currency: {},
    to: {},
    meta: { type: "object", required: ["note"], properties: { note: {}, other: {} } },
  },
});

const ABSENCE = "may be absent, and then this rule applies, because unknown counts as true in rules that restrict";

describe("a restricting rule that reads what may be absent", () => {
  it.each([
    ["caller.subject == 'x'", "caller.subject", "has(caller.subject)"],
    ['http.headers["x-a"] == "b"', 'http.headers["x-a"]', '"x-a" in http.headers', '!("x-a" in http.headers)'],
    ['http.query.q == "b"', "http.query.q", "has(http.query.q)"],
    ["caller.labels.team == 'x'", "caller.labels.team", "has(caller.labels.team)"],
    ["args.anything == 1", "args.anything", "has(args.anything)"],
    ["args.a == 1 || args.a == 2", "args.a", "has(args.a)"],
    ['args.tags.exists(t, t == "x")', "args.tags", "has(args.tags)"],
    ["args.flag == false", "args.flag", "has(args.flag)"],
    ["args.meta.flag", "args.meta.flag", "has(args.meta.flag)"],
  ])("is told at %s", (condition, text, presence, absence = `!${presence}`) => {
    expect(lintOf("may_be_absent", { policy: ruleIf(condition, "then: deny") })).toEqual([
      `policy.yaml:6:7: \`${text}\` ${ABSENCE} (write ${presence} && … if absence should not count, or ${absence} || … if it should)`,
    ]);
  });

  it.each(["model", "operation"])("is told at %s, for which the match asks", (name) => {
    expect(lintOf("may_be_absent", { policy: ruleIf(`${name} == "x"`, "then: deny") })).toEqual([
      `policy.yaml:6:7: \`${name}\` ${ABSENCE} (write ${name}s: ["*"] in \`match\` if absence should not count)`,
    ]);
  });

  it.each([
    ['args.to == "bad"', "{ tools: [pay.create] }", "has(args.to)"],
    ["size(args.to) > 5", "{ tools: [pay.create] }", "has(args.to)"],
    ['args.meta.tags.exists(t, t == "x")', "{ tools: [pay.create] }", "has(args.meta.tags)"],
    ['args.to == "bad"', "{ tools: [pay.create, pay.read] }", "has(args.to)"],
    ['args.id == "bad"', "{ tools: [pay.create, pay.read] }", "has(args.id)"],
    ['args.id == "bad"', "{ tools: [pay.read, unknown] }", "has(args.id)"],
    ['has(args.meta) && args.meta.to == "bad"', "{ tools: [pay.create] }", "has(args.meta.to)"],
  ])("is told at %s of an argument that a call of %s may lack", (condition, match, presence) => {
    const found = lintOf("may_be_absent", { policy: ruleIf(condition, "then: deny", match) });
    expect(found.map((line) => / \(write (\S+) && /.exec(line)?.[1])).toEqual([presence]);
  });

  it.each([
    ['args.id == "bad"', "{ tools: [pay.read] }"],
    ["args.sum > 5", "{ tools: [pay.create] }"],
    ["args.meta.note == 'x'", "{ tools: [pay.create] }"],
    ["has(args.to) && args.to == 'x'", "{ tools: [pay.create] }"],
    ["!has(args.to) || args.to == 'x'", "{ tools: [pay.create] }"],
  ])("is not told at %s with %s, which is always there or asked for", (condition, match) => {
    const files = { tools: TOOLS.replace("    amount:", "    schema: pay.schema.json\n    amount:"), "pay.schema.json": REQUIRING };
    expect(lintOf("may_be_absent", { ...files, policy: ruleIf(condition, "then: deny", match) })).toEqual([]);
  });

  it.each([
    ["args.meta.other == 'x'", REQUIRING],
    ["args.meta.note == 'x'", REQUIRING.replace('"type":"object","required":["note"]', '"required":["note"]')],
    ["args.meta.note == 'x'", REQUIRING.replace(',"meta"]', "]")],
    ["args.sum > 5", REQUIRING.replace('"required":["sum","meta"]', '"anyOf":[{"required":["sum"]}]')],
  ])("is told at %s, which the schema does not ask for in every call", (condition, schema) => {
    const tools = TOOLS.replace("    amount:", "    schema: pay.schema.json\n    amount:");
    const policy = ruleIf(condition, "then: deny", "{ tools: [pay.create] }");
    expect(lintOf("may_be_absent", { tools, "pay.schema.json": schema, policy })).toHaveLength(1);
  });

  it("is not told of a rule that only sets headers", () => {
    expect(lintOf("may_be_absent", { policy: ruleIf("args.x == 1", 'set: { x-a: "1" }') })).toEqual([]);
  });

  it("is told of redactions and limits too", () => {
    const policy = [
      "policy: p",
      "rules:",
      "  - { id: a, if: args.x == 1, redact: [{ header: x-a }] }",
      "limits:",
      "  - { id: b, per: [agent], rate: 5/s, if: args.y == 1 }",
      "",
    ].join("\n");
    expect(lintOf("may_be_absent", { policy }).map((line) => line.split(": ")[0])).toEqual(["policy.yaml:3:18", "policy.yaml:5:43"]);
  });

  it.each([
    ["caller.subject == 'x'", "then: allow"],
    ["has(caller.subject) && caller.subject == 'x'", "then: deny"],
    ['!("x-a" in http.headers) || http.headers["x-a"] == "b"', "then: deny"],
    ["caller.agent == 'x'", "then: deny"],
    ["amount > usd(5)", "then: deny"],
  ])("is not told at %s of a rule with %s", (condition, then) => {
    expect(lintOf("may_be_absent", { policy: ruleIf(condition, then) })).toEqual([]);
  });
});

describe("an allow by exclusion", () => {
  it.each([
    ['args.to != "bad"', "args.to"],
    ['!(args.to in ["bad"])', "args.to"],
    ["!(args.to in [1, 2])", "args.to"],
    ['!args.to.startsWith("bad")', "args.to"],
    ['!args.to.endsWith("bad")', "args.to"],
    ['!args.to.contains("bad")', "args.to"],
    ['!args.to.matches("bad")', "args.to"],
    ['!inCidr(caller.session, "10.0.0.0/8")', "caller.session"],
    ['!("bad" in caller.roles)', "caller.roles"],
    ['!caller.actors.exists(a, a == "bad" || a.startsWith("x"))', "caller.actors"],
    ['caller.actors.all(a, a != "bad")', "caller.actors"],
    ['args.meta.x == 1 || caller.subject != "x"', "caller.subject"],
    ['"admin" in caller.groups && !("trainee" in caller.roles)', "caller.roles"],
    ['"admin" in caller.roles || !("trainee" in caller.roles)', "caller.roles", 42],
    ['has(args.to) && args.to != "bad"', "args.to", 16],
    ['size(args.to) < 5 && args.to != "bad"', "args.to", 21],
    ['caller.roles.exists(r, r != "x") && !("bad" in caller.roles)', "caller.roles", 47],
  ])("is told at %s", (condition, text, at = condition.indexOf(text)) => {
    const column = 7 + at;
    expect(lintOf("negation_in_allow", { policy: ruleIf(condition, "then: allow") })).toEqual([
      `policy.yaml:6:${column}: this rule allows every \`${text}\` but those it names, so also what nobody has thought of ` +
        "(name what is allowed, or allow all and deny these in a rule of their own)",
    ]);
  });

  it.each([
    ['args.to != "bad"', "then: deny"],
    ['args.to == "good"', "then: allow"],
    ["!has(args.to)", "then: allow"],
    ["!args.meta", "then: allow"],
    ["args.meta != true", "then: allow"],
    ["!(amount > usd(5))", "then: allow"],
    ["http.port != 80", "then: allow"],
    ['time.weekday != "fri"', "then: allow"],
    ['time.date != "2026-12-24"', "then: allow"],
    ['protocol != "tunnel"', "then: allow"],
    ['!findings.exists(f, f.kind == "pii.ssn")', "then: allow"],
    ['!findings.exists(f, f.where == "path")', "then: allow"],
    ['!(args.to != "good")', "then: allow"],
    ['caller.actors.all(a, a in ["x", "y"])', "then: allow"],
    ['args.to in ["a", "b"] && args.to != "a"', "then: allow"],
    ['http.path.startsWith("/v1/") && !http.path.startsWith("/v1/admin")', "then: allow"],
    ['"admin" in caller.roles && !("trainee" in caller.roles)', "then: allow"],
    ['caller.roles.exists(r, r.startsWith("admin-")) && !("trainee" in caller.roles)', "then: allow"],
    ['caller.roles.all(r, r in ["a", "b"]) && !("b" in caller.roles)', "then: allow"],
    ["args.time_limit != 0 && args.time_limit < 5", "then: allow"],
    ['args.date >= timestamp("2026-01-01T00:00:00Z") && args.date != timestamp("2026-12-24T00:00:00Z")', "then: allow"],
    ['args.to.contains("@ours.example") && args.to != "root@ours.example"', "then: allow"],
  ])("is not told at %s of a rule with %s", (condition, then) => {
    expect(lintOf("negation_in_allow", { policy: ruleIf(condition, then) })).toEqual([]);
  });
});

describe("a limit that no call reaches", () => {
  const limitsOf = (limit: string, ...rules: readonly string[]) =>
    `${rulesOf("{ id: a, then: allow, match: { tools: [pay.read, pay.create, crm.find] } }", ...rules)}limits:\n  - ${limit}\n`;

  it.each([
    [
      "{ id: l, per: [agent], rate: 5/s, if: time.hour > 22 && time.hour < 23 }",
      "5:43",
      "no call is ever charged to this limit: there is no `time.hour` that is more than 22 and is less than 23",
      "remove it, or correct the condition",
    ],
    [
      "{ id: l, per: [agent], rate: 5/s, match: { tools: [pay.read], hosts: [crm.example] } }",
      "5:39",
      "no call is ever charged to this limit: the host of its match is that of none of its tools: `pay.read`",
      "remove it, or correct its match",
    ],
  ])("is told of %s", (limit, place, message, fix) => {
    expect(lintOf("unreachable_limit", { policy: limitsOf(limit) })).toEqual([`policy.yaml:${place}: ${message} (${fix})`]);
    expect(lintOf("never_applies", { policy: limitsOf(limit) })).toEqual([]);
  });

  it("is told where all it covers is denied", () => {
    const policy = limitsOf(
      "{ id: l, per: [agent], rate: 5/s, match: { methods: [DELETE] } }",
      "{ id: no, then: deny, match: { methods: [DELETE, PUT] } }",
    );
    expect(lintOf("unreachable_limit", { policy })).toEqual([
      "policy.yaml:6:5: `p/no` (policy.yaml:4) denies every call that this limit covers, and only calls that go on are charged " +
        "(remove this limit, or narrow `p/no`)",
    ]);
  });

  it.each([
    ["{ id: l, per: [agent], rate: 5/s }", []],
    ["{ id: l, per: [agent], rate: 5/s, if: amount > usd(5) && amount < usd(3) }", []],
    ["{ id: l, per: [agent], of: amount, budget: 5 usd per day, match: { tools: [pay.*] } }", []],
    ["{ id: l, per: [agent], of: amount, budget: 5 usd per day }", []],
    ["{ id: l, per: [agent], of: cost, budget: 5 usd per day, match: { tools: [pay.read, unknown] } }", []],
    ["{ id: l, per: [agent], rate: 5/s, match: { methods: [DELETE] } }", ["{ id: no, then: deny, mode: shadow }"]],
    ["{ id: l, per: [agent], rate: 5/s }", ["{ id: no, then: deny, match: { methods: [DELETE] } }"]],
  ])("is not told of %s", (limit, rules) => {
    expect(lintOf("unreachable_limit", { policy: limitsOf(limit, ...rules) })).toEqual([]);
  });

  it("is not told of a guardrail's beside a tenant's deny", () => {
    const guardrail = "policy: g\nlimits:\n  - { id: l, per: [agent], rate: 5/s }\n";
    expect(lintOf("unreachable_limit", { policy: rulesOf("{ id: no, then: deny }") }, guardrail)).toEqual([]);
  });
});
