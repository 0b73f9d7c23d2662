import { describe, expect, it } from "vitest";
import { comparePrograms } from "../../../src/policy/diff/compare-programs.ts";
import { mayWiden } from "../../../src/policy/diff/differences.ts";
import { compileFiles } from "../policy-compile/compile-one.ts";

const TOOLS = `tools:
  pay.create: { http: { method: POST, host: pay.example, path: /v1/pay, body: form }, args: { sum: { from: form.sum, type: integer }, currency: { from: form.currency } }, amount: { value: args.sum, unit: minor, currency: args.currency } }
`;
const policy = (rules: string, head = "") => `policy: p\n${head}${rules}`;
const rules = (...lines: readonly string[]) =>
  `rules:\n  - { id: base, match: { hosts: [pay.example] }, then: deny }\n${lines.map((line) => `  - ${line}\n`).join("")}`;
const limits = (line: string) => `limits:\n  - ${line}\n`;
const compare = (was: string, is: string) => comparePrograms(compileFiles(was, TOOLS), compileFiles(is, TOOLS));

/** The parts of the rule `p/x` that changed, those that may widen with an exclamation mark. */
function partsOf(was: string, is: string): readonly string[] {
  return compare(policy(was), policy(is)).rules.flatMap((rule) => {
    const mark = (text: string, widens: boolean) => `${text}${widens ? "!" : ""}`;
    return rule.kind === "changed" ? rule.changes.map((change) => mark(change.part, change.mayWiden)) : [mark(rule.kind, rule.mayWiden)];
  });
}

const allow = (part: string) => rules(`{ id: x, match: { agents: [a, b], tools: [pay.create] }, then: allow${part} }`);
const deny = (part: string) => rules(`{ id: x, match: { agents: [a, b], tools: [pay.create] }, then: deny${part} }`);
const ask = (part: string) => rules(`{ id: x, match: { agents: [a, b] }, then: approval_needed, approval: { ${part} } }`);
const rule = (text: string) => rules(`{ id: x, ${text} }`);
const rate = (text: string) => limits(`{ id: x, per: [agent], ${text} }`);

const ASK = "then: approval_needed, approval: { from: [t] }";

describe("two programs", () => {
  it("do not differ where order, names of files and words of conditions differ", () => {
    const one =
      "rules:\n  - { id: a, if: \"caller.agent == 'x' && (args.n < 5 || args.m in ['b', 'a'])\", then: deny }\n  - { id: b, then: allow, match: { hosts: [b.example, a.example] } }\n";
    const other =
      "rules:\n  - { id: b, then: allow, match: { hosts: [a.example, b.example] } }\n  - { id: a, if: \"(args.m in ['a', 'b'] || args.n < 5) && caller.agent == 'x'\", then: deny }\n";
    expect(compare(policy(one), policy(other))).toEqual({ rules: [], others: [], versionsKept: [] });
  });

  it.each([
    ["an allow added", rules(), allow(""), ["added!"]],
    ["an allow added in shadow", rules(), allow(", mode: shadow"), ["added"]],
    ["an allow removed", allow(""), rules(), ["removed"]],
    ["a deny added", rules(), deny(""), ["added"]],
    ["a deny removed", deny(""), rules(), ["removed!"]],
    ["a deny in shadow removed", deny(", mode: shadow"), rules(), ["removed"]],
    ["a question added, which may open what was denied", rules(), ask("from: [t]"), ["added!"]],
    ["a question removed", ask("from: [t]"), rules(), ["removed!"]],
    ["a redaction added", rules(), rule("redact: [{ header: x-a }]"), ["added"]],
    ["a redaction removed", rule("redact: [{ header: x-a }]"), rules(), ["removed!"]],
    ["a header that is set", rules(), rule("set: { x-a: b }"), ["added!"]],
    ["a limit removed", rate("rate: 5/s"), "rules: []\nmax_requests_per_second: 1\n", ["added", "removed!"]],

    ["a deny turned into an allow", deny(""), allow(""), ["effect!"]],
    ["an allow turned into a deny", allow(""), deny(""), ["effect"]],
    ["a deny turned into a question", rule("then: deny"), rule("then: approval_needed, approval: { from: [t] }"), ["effect!", "approval"]],
    ["a question turned into a deny", rule("then: approval_needed, approval: { from: [t] }"), rule("then: deny"), ["effect", "approval"]],
    [
      "an allow turned into a question",
      rule("then: allow"),
      rule("then: approval_needed, approval: { from: [t] }"),
      ["effect", "approval"],
    ],
    ["a deny that enters shadow", deny(""), deny(", mode: shadow"), ["mode!"]],
    ["a deny that leaves shadow", deny(", mode: shadow"), deny(""), ["mode"]],
    ["an allow that enters shadow", allow(""), allow(", mode: shadow"), ["mode"]],
    ["an allow that leaves shadow", allow(", mode: shadow"), allow(""), ["mode!"]],
    ["a shadow that grows", allow(", mode: shadow"), rule("match: { agents: [a] }, then: allow, mode: shadow"), ["match"]],

    ["an allow for fewer agents", rule("match: { agents: [a, b] }, then: allow"), rule("match: { agents: [a] }, then: allow"), ["match"]],
    [
      "an allow for other agents",
      rule("match: { agents: [a, b] }, then: allow"),
      rule("match: { agents: [a, c] }, then: allow"),
      ["match!"],
    ],
    ["an allow for every agent", rule("match: { agents: [a, b] }, then: allow"), rule("then: allow"), ["match!"]],
    [
      "an allow for a family",
      rule("match: { agents: [a-1, a-2] }, then: allow"),
      rule('match: { agents: ["a-*"] }, then: allow'),
      ["match!"],
    ],
    [
      "an allow for one of a family",
      rule('match: { agents: ["a-*"] }, then: allow'),
      rule("match: { agents: [a-1, a-2] }, then: allow"),
      ["match"],
    ],
    [
      "an allow with one dimension more and one less",
      rule("match: { agents: [a] }, then: allow"),
      rule("match: { methods: [GET] }, then: allow"),
      ["match!"],
    ],
    ["an allow for tunnels", rule("then: allow"), rule("match: { protocols: [tunnel] }, then: allow"), ["match!"]],
    [
      "an allow for http, as before",
      rule("match: { protocols: [http] }, then: allow"),
      rule("match: { protocols: [http], agents: [a] }, then: allow"),
      ["match"],
    ],
    [
      "an allow for unknown tools",
      rule("match: { hosts: [pay.example] }, then: allow"),
      rule("match: { hosts: [pay.example], tools: [unknown] }, then: allow"),
      ["match!"],
    ],
    [
      "an allow below a path",
      rule("match: { paths: [/v1/**] }, then: allow"),
      rule("match: { paths: [/v1/a/**, /v1/b] }, then: allow"),
      ["match"],
    ],
    [
      "an allow above a path",
      rule("match: { paths: [/v1/a/*] }, then: allow"),
      rule("match: { paths: [/v1/*/*] }, then: allow"),
      ["match!"],
    ],
    [
      "an allow of a shorter path",
      rule("match: { paths: [/v1/a/**] }, then: allow"),
      rule("match: { paths: [/v1/a] }, then: allow"),
      ["match"],
    ],
    [
      "an allow of a path that is open now",
      rule("match: { paths: [/v1/a] }, then: allow"),
      rule("match: { paths: [/v1/a/**] }, then: allow"),
      ["match!"],
    ],
    ["a deny for fewer agents", rule("match: { agents: [a, b] }, then: deny"), rule("match: { agents: [a] }, then: deny"), ["match!"]],
    ["a deny for more agents", rule("match: { agents: [a] }, then: deny"), rule("match: { agents: [a, b] }, then: deny"), ["match"]],
    ["a question for more agents", ask("from: [t]"), rule("then: approval_needed, approval: { from: [t] }"), ["match!"]],

    [
      "an allow of a path with a segment less",
      rule('match: { paths: ["/*/*/**"] }, then: allow'),
      rule('match: { paths: ["/*/**"] }, then: allow'),
      ["match!"],
    ],
    [
      "a question about more",
      rule("then: approval_needed, approval: { from: [t] }, if: http.port == 1"),
      ask("from: [t]").replace("match: { agents: [a, b] }, ", ""),
      ["condition!"],
    ],
    ["a question about less", ask("from: [t]"), ask("from: [t]").replace("then:", "if: http.port == 1, then:"), ["condition!"]],
    ["an allow up to less", allow(', if: "amount <= usd(50)"'), allow(', if: "amount <= usd(40)"'), ["condition"]],
    ["an allow up to more", allow(', if: "amount <= usd(50)"'), allow(', if: "amount <= usd(60)"'), ["condition!"]],
    [
      "an allow up to another currency",
      allow(', if: "amount <= usd(50)"'),
      allow(', if: \'amount <= money("40", "eur")\''),
      ["condition!"],
    ],
    ["an allow with one test more", allow(", if: args.sum < 5"), allow(", if: \"args.sum < 5 && args.currency == 'usd'\""), ["condition"]],
    ["an allow with one test less", allow(", if: \"args.sum < 5 && args.currency == 'usd'\""), allow(", if: args.sum < 5"), ["condition!"]],
    [
      "an allow with an alternative more",
      allow(", if: args.sum < 5"),
      allow(", if: \"args.sum < 5 || args.currency == 'usd'\""),
      ["condition!"],
    ],
    [
      "an allow of fewer currencies",
      allow(`, if: 'args.currency in ["usd", "eur"]'`),
      allow(`, if: 'args.currency in ["usd"]'`),
      ["condition"],
    ],
    [
      "an allow of more currencies",
      allow(`, if: 'args.currency in ["usd", "eur"]'`),
      allow(`, if: 'args.currency in ["usd", "eur", "jpy"]'`),
      ["condition!"],
    ],
    ["an allow without its condition", allow(", if: args.sum < 5"), allow(""), ["condition!"]],
    ["an allow with a condition", allow(""), allow(", if: args.sum < 5"), ["condition"]],
    ["a deny from less", deny(', if: "amount > usd(50)"'), deny(', if: "amount > usd(40)"'), ["condition"]],
    ["a deny from more", deny(', if: "amount > usd(50)"'), deny(', if: "amount > usd(60)"'), ["condition!"]],
    ["a deny with one test more", deny(", if: args.sum > 5"), deny(", if: \"args.sum > 5 && args.currency == 'usd'\""), ["condition!"]],
    ["a deny without its condition", deny(", if: args.sum > 5"), deny(""), ["condition"]],
    [
      "a redaction with a condition",
      rule("redact: [{ header: x-a }]"),
      rule("redact: [{ header: x-a }], if: http.port == 1"),
      ["condition!"],
    ],
    ["a limit with a condition", rate("rate: 5/s"), rate("rate: 5/s, if: http.port == 1"), ["condition!"]],
    [
      "an allow that takes out, with a condition",
      allow(", redact: [{ header: x-a }]"),
      allow(", redact: [{ header: x-a }], if: args.sum < 5"),
      ["condition!"],
    ],

    ["another redaction", rule("redact: [{ header: x-a }]"), rule("redact: [{ header: x-a }, { query: k }]"), ["takes out"]],
    ["a redaction less", rule("redact: [{ header: x-a }, { query: k }]"), rule("redact: [{ query: k }]"), ["takes out!"]],
    ["a redaction that leaves more", rule("redact: [{ header: x-a }]"), rule("redact: [{ header: x-a, with: mask }]"), ["takes out!"]],
    ["redactions in another order", rule("redact: [{ header: x-a }, { query: k }]"), rule("redact: [{ query: k }, { header: x-a }]"), []],
    ["another header that is set", rule("set: { x-a: b }"), rule("set: { x-a: c }"), ["sets!"]],

    ["one person less", ask("from: [t], count: 2"), ask("from: [t]"), ["approval!"]],
    ["one person more", ask("from: [t]"), ask("from: [t], count: 2"), ["approval"]],
    ["a group more that may approve", ask("from: [t]"), ask("from: [t, u]"), ["approval!"]],
    ["a group less that may approve", ask("from: [t, u]"), ask("from: [t]"), ["approval"]],
    ["nobody excluded any more", ask("from: [t], exclude: [ana]"), ask("from: [t]"), ["approval!"]],
    ["no note any more", ask("from: [t], note: required"), ask("from: [t]"), ["approval!"]],
    ["a longer life of the question", ask("from: [t], expires: 5m"), ask("from: [t], expires: 6m"), ["approval!"]],
    ["a longer life of the yes", ask("from: [t], use_within: 5m"), ask("from: [t], use_within: 6m"), ["approval!"]],
    ["a shorter life of both", ask("from: [t], expires: 5m, use_within: 5m"), ask("from: [t], expires: 4m, use_within: 4m"), ["approval"]],

    ["a rate raised", rate("rate: 5/s, burst: 5"), rate("rate: 6/s, burst: 5"), ["limit raised!"]],
    ["a burst raised", rate("rate: 5/s, burst: 5"), rate("rate: 5/s, burst: 6"), ["limit raised!"]],
    ["a rate lowered", rate("rate: 5/s, burst: 5"), rate("rate: 4/s, burst: 5"), ["limit lowered"]],
    ["a rate in other words", rate("rate: 60/m, burst: 5"), rate("rate: 1/s, burst: 5"), ["limit lowered"]],
    ["a burst for a rate", rate("rate: 5/s, burst: 5"), rate("rate: 4/s, burst: 6"), ["limit!"]],
    ["a budget raised", rate("of: cost, budget: 5 usd per day"), rate("of: cost, budget: 6 usd per day"), ["limit raised!"]],
    ["a budget lowered", rate("of: cost, budget: 5 usd per day"), rate("of: cost, budget: 4 usd per day"), ["limit lowered"]],
    ["a budget of something else", rate("of: cost, budget: 5 usd per day"), rate("of: amount, budget: 4 usd per day"), ["limit!"]],
    ["a limit per something else", rate("rate: 5/s"), limits("{ id: x, per: [tool], rate: 4/s }"), ["limit!"]],

    ["another code", deny(", code: a"), deny(", code: b"), ["code"]],
    ["another reason and hint", deny(", reason: a, hint: b"), deny(", reason: c, hint: d"), ["wording"]],
  ])("tell %s", (_name, was, is, parts) => {
    expect(partsOf(was, is)).toEqual(parts);
  });

  it("tell a change in words", () => {
    const [first] = compare(
      policy(allow(', if: "amount <= usd(50)"')),
      policy(rules("{ id: x, match: { agents: [a-*], tools: [pay.create] }, then: allow, if: args.sum > 1 }")),
    ).rules;
    expect(first).toEqual({
      kind: "changed",
      id: "p/x",
      effect: "allow",
      changes: [
        { part: "match", was: "agent a, b; tool pay.create", is: "agent a-*; tool pay.create", mayWiden: true },
        { part: "condition", was: "amount is at most 50 usd", is: "args.sum is more than 1", mayWiden: true },
      ],
    });
  });

  it("tell a lowered limit as one that may widen where a condition holds back while much of it is left", () => {
    const file = (count: number) =>
      `policy: p\nrules:\n  - { id: a, if: 'usage["x"].remaining > 3', then: deny }\nlimits:\n  - { id: x, per: [agent], rate: ${count}/s, burst: 5 }\n`;
    expect(compare(file(5), file(4)).rules).toMatchObject([{ id: "p/x", changes: [{ part: "limit lowered", mayWiden: true }] }]);
  });

  it.each<[string, string, boolean]>([
    ["a deny where most of it is used up", "then: deny, if: 'usage[\"x\"].share > 0.8'", false],
    ["a deny where little is left", "then: deny, if: 'usage[\"x\"].remaining <= 1'", false],
    ["an allow while little of it is used up", "match: { hosts: [pay.example] }, then: allow, if: 'usage[\"x\"].share < 0.5'", false],
    ["what is taken out near its end", "redact: [{ header: x-a }], if: 'usage[\"x\"].share >= 0.9'", false],
    ["a deny in shadow", "then: deny, mode: shadow, if: 'usage[\"x\"].share < 0.8'", false],
    ["a question beside a rule that allows all", `${ASK}, match: { hosts: [open.example] }, if: 'usage["x"].share > 0.9'`, false],
    ["a question of what nothing allows", `${ASK}, match: { hosts: [pay.example] }, if: 'usage["x"].share > 0.9'`, true],
    ["a deny while little of it is used up", "then: deny, if: 'usage[\"x\"].share < 0.8'", true],
    ["an allow when most of it is used up", "match: { hosts: [pay.example] }, then: allow, if: 'usage[\"x\"].share > 0.5'", true],
    ["a deny by what is used", "then: deny, if: 'usage[\"x\"].used > 3'", true],
    ["a deny by two usages", 'then: deny, if: \'usage["x"].share > usage["x"].used\'', true],
  ])("that lower a limit whose usage a condition reads may widen only where less could be held back: %s", (_, reader, widens) => {
    const open = "{ id: open, match: { hosts: [open.example] }, then: allow }";
    const file = (count: number) => policy(`${rules(open, `{ id: reader, ${reader} }`)}${rate(`rate: ${count}/s, burst: 5`)}`);
    const changed = compare(file(5), file(4)).rules;
    expect(changed).toMatchObject([{ id: "p/x", changes: [{ part: "limit lowered", mayWiden: widens }] }]);
    expect(compare(file(4), file(5)).rules).toMatchObject([{ id: "p/x", changes: [{ part: "limit raised", mayWiden: true }] }]);
  });

  it("of which only the version did not change are told by policy, unless words alone changed", () => {
    const file = (version: string, line: string) => policy(rules(line), version);
    const kept = (was: string, is: string) => compare(was, is).versionsKept;
    const [one, other] = ["{ id: x, then: deny }", "{ id: x, then: deny, match: { agents: [a] } }"];
    expect(kept(file("version: 1.0.0\n", one), file("version: 1.0.0\n", other))).toEqual([{ policy: "p", version: "1.0.0" }]);
    expect(kept(file("version: 1.0.0\n", one), file("", other))).toEqual([{ policy: "p", version: "1.0.0" }]);
    expect(kept(file("version: 1.0.0\n", one), file("version: 1.0.1\n", other))).toEqual([]);
    expect(kept(file("", one), file("", other))).toEqual([]);
    expect(kept(file("version: 1.0.0\n", one), file("version: 1.0.0\n", "{ id: x, then: deny, reason: r }"))).toEqual([]);
  });
});

describe("what stands around the rules", () => {
  const ALLOW = policy("rules:\n  - { id: x, match: { hosts: [pay.example] }, then: allow }\n");
  const others = (was: string, is: string, file = ALLOW) =>
    comparePrograms(compileFiles(file, was), compileFiles(file, is)).others.map(
      (one) => `${one.kind} ${one.of} ${one.name}${mayWiden(one) ? "!" : ""}: ${one.says.join()}`,
    );
  const tool = (http: string, rest = "") => `tools:\n  t.a: { http: { ${http} }${rest} }\n`;
  const GET = "method: GET, host: pay.example, path: /a";
  const NONE = "groups: { none: { agents: [z] } }\n";

  it.each([
    ["a tool that a rule lets pass", NONE, tool(GET), ["added tool t.a!: GET pay.example/a"]],
    [
      "a tool that no rule lets pass",
      NONE,
      tool(GET.replace("pay", "other")),
      ["added tool t.a: GET other.example/a", "added host other.example!: now named exactly, which opens it where it is a private one"],
    ],
    ["a tool that is gone", tool(GET), NONE, ["removed tool t.a!: GET pay.example/a"]],
    [
      "a tool of another path",
      tool(GET),
      tool(GET.replace("/a", "/:b/**")),
      ['changed tool t.a!: path: [{"kind":"literal","text":"a"}] → [{"kind":"bind","name":"b"},{"kind":"rest"}]'],
    ],
    [
      "an argument from somewhere else",
      tool(GET, ", args: { a: { from: query.a } }"),
      tool(GET, ", args: { a: { from: query.b } }"),
      [
        'changed tool t.a!: args: [{"from":{"key":"a","kind":"query"},"name":"a","type":"any"}] → [{"from":{"key":"b","kind":"query"},"name":"a","type":"any"}]',
      ],
    ],
    [
      "an argument that records show",
      tool(GET, ", args: { a: { from: query.a } }"),
      tool(GET, ", args: { a: { from: query.a, record: true } }"),
      [],
    ],
    ["another cost", tool(GET, ", cost: 1 usd"), tool(GET, ", cost: 2 usd"), [expect.stringContaining("changed tool t.a!: cost: ")]],
  ])("is told: %s", (_name, was, is, wanted) => {
    expect(others(was, is).filter((text) => !text.includes("group none"))).toEqual(wanted);
  });

  it("is told of groups, as widening where a rule asks for them", () => {
    const group = (agents: string) => `groups: { g: { agents: [${agents}] } }\n`;
    expect(others(group("a"), group("a, b"))).toEqual(["changed group g: a → a, b"]);
    const asking = policy("rules:\n  - { id: x, match: { groups: [g] }, then: deny }\n");
    expect(others(group("a"), group("a, b-*"), asking)).toEqual(["changed group g!: a → a, b-*"]);
    expect(others(group("a, b"), group("b, a"), asking)).toEqual([]);
  });
});
