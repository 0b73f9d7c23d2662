import { describe, expect, it } from "vitest";
import { lintOf, ruleIf, rulesOf } from "./lint-one.ts";

const ALLOW = "then: allow";
const DENY = "then: deny";

describe("a rule that permits never applies", () => {
  it.each([
    ["amount > usd(5) && amount <= usd(3)", 7, "there is no `amount` that is more than 5 usd and is at most 3 usd"],
    ['amount > usd(5) && amount > money("5", "eur")', 7, "there is no `amount` that is more than 5 usd and is more than 5 eur"],
    ["amount < usd(0)", 7, "there is no `amount` that is less than 0 usd"],
    ['args.to == "a" && args.to == "b"', 7, 'there is no `args.to` that is "a" and is "b"'],
    ['args.to in ["a", "b"] && args.to in ["c"]', 7, 'there is no `args.to` that is one of "a", "b" and is one of "c"'],
    ['args.to == "a" && args.to != "a"', 7, 'there is no `args.to` that is "a" and is not "a"'],
    ['args.to in ["a"] && !(args.to in ["a", "b"])', 7, 'there is no `args.to` that is one of "a" and is none of "a", "b"'],
    ['args.to == "a" && args.to == 1', 7, 'there is no `args.to` that is "a" and is 1'],
    ['args.to == "ab" && args.to.startsWith("b")', 7, 'there is no `args.to` that is "ab" and begins with "b"'],
    ['args.to.startsWith("a") && args.to.startsWith("b")', 7, 'there is no `args.to` that begins with "a" and begins with "b"'],
    ['args.to.endsWith("a") && !args.to.contains("a")', 7, 'there is no `args.to` that ends with "a" and does not contain "a"'],
    ['args.to.matches("^a") && !args.to.matches("^a")', 7, 'there is no `args.to` that matches "^a" and does not match "^a"'],
    ["args.meta.n > 2 && args.meta.n in [1, 2]", 7, "there is no `args.meta.n` that is more than 2 and is one of 1, 2"],
    [
      "args.meta.n >= 2 && args.meta.n <= 2 && args.meta.n != 2",
      7,
      "there is no `args.meta.n` that is at least 2 and is at most 2 and is not 2",
    ],
    ["args.meta.n >= 2 && args.meta.n < 2 && args.meta.n <= 2", 7, "there is no `args.meta.n` that is at least 2 and is less than 2"],
    ["!has(args.to) && args.to == caller.subject", 12, "there is no `args.to` that is absent and is the same as caller.subject"],
    ['time.weekday.startsWith("m") && time.weekday.endsWith("e")', 7, 'there is no `time.weekday` that begins with "m" and ends with "e"'],
    ["findings.exists(f, f.confidence > 1)", 7, "there is no `findings` that has an element where it confidence is more than 1"],
    ["args.meta && !args.meta", 7, "there is no `args.meta` that is true and is false"],
    ['args.meta == "a" && args.meta.x == "b"', 7, 'there is no `args.meta` that is "a" and has parts'],
    ["has(args.meta) && !has(args.meta)", 11, "there is no `args.meta` that is there and is absent"],
    ["size(args.to) > 2 && size(args.to) < 3", 12, "there is no `args.to` that has a size of more than 2 and has a size less than 3"],
    ["size(args.to) < 0", 12, "there is no `args.to` that has a size less than 0"],
    ['time.hour > 22 && time.weekday == "mon" && time.hour < 23', 7, "there is no `time.hour` that is more than 22 and is less than 23"],
    [
      'time.date < "2026-01-01" && time.date > "2026-06-01"',
      7,
      'there is no `time.date` that is before "2026-01-01" and is after "2026-06-01"',
    ],
    ['"a" in caller.roles && !("a" in caller.roles)', 14, 'there is no `caller.roles` that has the element "a" and lacks the element "a"'],
    ['caller.actors.exists(a, a == "x" && a == "y")', 7, 'there is no `caller.actors` that has an element where it is "x" and is "y"'],
    [
      'args.to == "a" && args.to == "b" || args.to == "c" && args.to == 1',
      7,
      'none of its 2 alternatives can be true; in the first there is no `args.to` that is "a" and is "b"',
    ],
    [
      "args.to == caller.subject && args.to != caller.subject",
      7,
      "there is no `args.to` that is the same as caller.subject and is not the same as caller.subject",
    ],
    [
      'timestamp("2026-01-01T00:00:00Z") > args.to && args.to > timestamp("2026-02-01T00:00:00Z")',
      43,
      "there is no `args.to` that is before 2026-01-01T00:00:00.000Z and is after 2026-02-01T00:00:00.000Z",
    ],
  ])("if %s", (condition, column, why) => {
    expect(lintOf("never_applies", { policy: ruleIf(condition, ALLOW) })).toEqual([
      `policy.yaml:6:${column}: this rule never applies: ${why} (remove it, or correct the condition)`,
    ]);
  });

  it.each([
    ["{ agents: [a, fin-*] }", 'caller.agent == "b"', 'there is no `caller.agent` that is "b" and begins with "fin-"'],
    [
      "{ hosts: [.example.com] }",
      'http.host == "a.example.org"',
      'there is no `http.host` that is "a.example.org" and ends with ".example.com"',
    ],
    ["{ methods: [GET] }", 'http.method == "POST"', 'there is no `http.method` that is "POST" and is one of "GET"'],
    ["{ protocols: [http] }", 'protocol == "tunnel"', 'there is no `protocol` that is "tunnel" and is one of "http"'],
    ["{ tools: [pay.create] }", 'tool == "pay.read"', 'there is no `tool` that is "pay.read" and is one of "pay.create"'],
  ])("where its match %s contradicts its condition %s", (match, condition, why) => {
    expect(lintOf("never_applies", { policy: ruleIf(condition, ALLOW, match) })).toEqual([
      `policy.yaml:6:7: this rule never applies: ${why} (remove it, or correct the condition)`,
    ]);
  });

  it.each([
    ["{ tools: [pay.read], methods: [POST] }", "the method of its match is that of none of its tools: `pay.read`"],
    ["{ tools: [pay.*], hosts: [crm.example] }", "the host of its match is that of none of its tools: `pay.create`, `pay.read`"],
    ["{ tools: [pay.read], paths: [/v2/**] }", "the path of its match is that of none of its tools: `pay.read`"],
    [
      "{ tools: [pay.*], methods: [GET], paths: [/v1/pay] }",
      "host, method and path of its match are together those of none of its tools: `pay.create`, `pay.read`",
    ],
    [
      "{ tools: [unknown], hosts: [other.example] }",
      "no host of its match has tools in the catalogue, and only there a tool can be unknown",
    ],
    [
      "{ tools: [pay.read], protocols: [tunnel, upgrade] }",
      "the protocol tunnel or upgrade hides the tool of a call, so none is known to fit",
    ],
    ["{ methods: [CONNECT], protocols: [tunnel] }", "the protocol tunnel hides the method of a call, so none is known to fit"],
    ["{ paths: [/a], protocols: [tunnel] }", "the protocol tunnel hides the path of a call, so none is known to fit"],
  ])("with the match %s", (match, why) => {
    expect(lintOf("never_applies", { policy: `policy: p\nrules:\n  - id: r\n    then: allow\n    match: ${match}\n` })).toEqual([
      `policy.yaml:5:5: this rule never applies: ${why} (remove it, or correct its match)`,
    ]);
  });

  it("where its condition is the word false", () => {
    expect(lintOf("never_applies", { policy: ruleIf("false", ALLOW) })).toEqual([
      "policy.yaml:5:9: this rule never applies: its condition is never true (remove it, or correct the condition)",
    ]);
  });

  it.each([
    "amount > usd(3) && amount <= usd(5)",
    'amount > usd(5) || amount > money("5", "eur")',
    'args.to == "a" || args.to == "b"',
    'args.to in ["a", "b"] && args.to != "a"',
    'args.to.startsWith("a") && args.to.startsWith("ab") && !args.to.startsWith("abc")',
    'args.to.matches("^a") && !args.to.matches("^b")',
    "args.meta.n > 2 && args.meta.n < 2.5",
    "args.meta.n >= 2 && args.meta.n <= 2",
    'has(args.meta) && args.meta.x == "b"',
    'args.meta == "a" && !has(args.meta.x)',
    'time.date >= "2026-01-01" && time.date <= "2026-01-01"',
    "time.hour >= 22 && time.hour < 23",
    "size(args.to) > 2 && size(args.to) < 4",
    '"a" in caller.roles && !("b" in caller.roles)',
    'args.to == "a" && args.to == "b" || args.to == "c"',
    'caller.actors.exists(a, a == "x") && caller.actors.exists(a, a == "y")',
    "args.to == caller.subject && args.to != caller.tenant",
  ])("but %s does", (condition) => {
    expect(lintOf("never_applies", { policy: ruleIf(condition, ALLOW) })).toEqual([]);
    expect(lintOf("never_true", { policy: ruleIf(condition, ALLOW) })).toEqual([]);
  });

  it.each([
    "{ tools: [pay.*], methods: [GET] }",
    "{ tools: [pay.*, crm.find], hosts: [crm.example], paths: [/people] }",
    "{ tools: [unknown], hosts: ['pay.example'] }",
    "{ protocols: [tunnel], hosts: [.example] }",
    "{ protocols: [tunnel, http], tools: [pay.read] }",
    "{ protocols: [upgrade], methods: [GET], paths: [/a] }",
  ])("but the match %s does", (match) => {
    expect(lintOf("never_applies", { policy: rulesOf(`{ id: r, then: allow, match: ${match} }`) })).toEqual([]);
  });
});

describe("a rule that restricts", () => {
  it.each([
    ["time.hour > 22 && time.hour < 23", "there is no `time.hour` that is more than 22 and is less than 23"],
    ["has(args.to) && !has(args.to)", "there is no `args.to` that is there and is absent"],
    ['protocol == "http" && protocol == "tunnel"', 'there is no `protocol` that is "http" and is "tunnel"'],
  ])("never applies if %s, which is never unknown", (condition, why) => {
    expect(lintOf("never_applies", { policy: ruleIf(condition, DENY) })).toEqual([
      `policy.yaml:6:${condition.startsWith("has") ? 11 : 7}: this rule never applies: ${why} (remove it, or correct the condition)`,
    ]);
  });

  it("applies only to what is unknown where its condition contradicts itself", () => {
    const policy = ruleIf("amount > usd(5) && amount <= usd(3)", DENY);
    expect(lintOf("never_applies", { policy })).toEqual([]);
    expect(lintOf("never_true", { policy })).toEqual([
      "policy.yaml:6:7: this rule applies only where something is unknown: there is no `amount` that is more than 5 usd and is at most 3 usd (remove it, or correct the condition)",
    ]);
  });

  it("applies only to what is hidden where its tools are called otherwise", () => {
    const policy = rulesOf("{ id: r, then: deny, match: { tools: [pay.read], methods: [POST] } }");
    expect(lintOf("never_applies", { policy })).toEqual([]);
    expect(lintOf("never_true", { policy })).toEqual([
      "policy.yaml:3:26: this rule applies only where something is unknown: the method of its match is that of none of its tools: `pay.read` (remove it, or correct its match)",
    ]);
  });

  it.each([
    ["{ tools: [pay.read], hosts: [crm.example] }", "the host of its match is that of none of its tools: `pay.read`"],
    ["{ tools: [pay.read], methods: [POST], protocols: [http] }", "the method of its match is that of none of its tools: `pay.read`"],
  ])("never applies with the match %s, which nothing hidden fits", (match, why) => {
    expect(lintOf("never_applies", { policy: rulesOf(`{ id: r, then: deny, match: ${match} }`) })).toEqual([
      `policy.yaml:3:26: this rule never applies: ${why} (remove it, or correct its match)`,
    ]);
  });

  it.each(['!has(args.meta) && args.meta.x == "b"', 'caller.actors.exists(a, a == "x" && a == "y")'])(
    "applies to what is unknown where it can never be true that %s",
    (condition) => {
      expect(lintOf("never_applies", { policy: ruleIf(condition, DENY) })).toEqual([]);
      expect(lintOf("never_true", { policy: ruleIf(condition, DENY) })).toHaveLength(1);
    },
  );

  it("may meet a hidden call to another port of its tool's host", () => {
    const policy = rulesOf("{ id: r, then: deny, match: { tools: [pay.read], hosts: ['pay.example:8443'] } }");
    expect(lintOf("never_applies", { policy })).toEqual([]);
    expect(lintOf("never_true", { policy })).toHaveLength(1);
  });

  it("may be meant for calls that hide their tool", () => {
    const policy = rulesOf("{ id: r, then: deny, match: { tools: [pay.read], protocols: [tunnel] } }");
    expect(lintOf("never_true", { policy })).toEqual([]);
  });

  it("in shadow is looked at too", () => {
    const policy = rulesOf("{ id: r, then: deny, if: 'false', mode: shadow }");
    expect(lintOf("never_applies", { policy })).toEqual([
      "policy.yaml:3:30: this rule never applies: its condition is never true (remove it, or correct the condition)",
    ]);
  });
});

describe("an allow that redacts", () => {
  it("never permits and redacts only what is unknown where it contradicts itself", () => {
    const policy = ruleIf("amount < usd(0)", "then: allow\n    redact: [{ header: x-a }]");
    expect(lintOf("never_applies", { policy })).toEqual([]);
    expect(lintOf("never_true", { policy })).toHaveLength(1);
  });
});
