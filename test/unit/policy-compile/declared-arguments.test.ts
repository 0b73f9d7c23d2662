import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { compileFiles, findRule } from "./compile-one.ts";
import { decideCases } from "./decide-with.ts";

const TOOLS = `tools:
  x.pay: { http: { method: POST, host: x.example, path: /pay, body: json }, args: { n: { from: json.n, type: integer }, to: { from: json.to, type: string }, a: { from: json.a }, due: { from: json.due, type: integer }, k: { from: json.k, type: string } } }
  x.send: { http: { method: POST, host: x.example, path: /send, body: form }, args: { n: { from: form.n, type: number }, to: { from: form.to }, a: { from: form.a, type: integer }, k: { from: form.k, type: integer } } }
  x.read: { http: { method: GET, host: x.example, path: /read }, args: { q: { from: query.q }, only: { from: query.only, type: integer } } }
`;

const rule = (match: string, condition: string, then = "allow") =>
  `policy: p\nrules:\n  - id: r\n    then: ${then}\n    match: ${match}\n    if: |\n      ${condition}\n`;

/** What is wrong with the files, as it is told. */
function problemsIn(files: Readonly<Record<string, string>>): readonly string[] {
  const named = Object.entries({ "tools.yaml": TOOLS, ...files }).map(([name, text]) => ({ name, text }));
  const compiled = compilePolicies(named);
  return compiled.kind === "compiled" ? [] : compiled.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

const messageOf = (match: string, condition: string) => problemsIn({ "p.yaml": rule(match, condition) })[0] ?? null;

describe("the type of an argument", () => {
  it.each([
    ["one tool declares it", "{ tools: [x.pay] }", 'args.n == "5"', "`args.n` is a number by x.pay's catalogue entry"],
    ["all tools declare it alike", "{ tools: [x.pay, x.send] }", 'args.n == "5"', "`args.n` is a number by x.pay's catalogue entry"],
    ["those tools that have it declare it", "{ tools: [x.read, x.send] }", 'args.n == "5"', "a number by x.send's catalogue entry"],
    ["a pattern covers the tools", "{ tools: ['x.*'] }", 'args.only == "5"', "a number by x.read's catalogue entry"],
    ["tools that nobody knows are covered too", "{ tools: [x.pay, unknown] }", 'args.n == "5"', "a number by x.pay's catalogue entry"],
    ["it is text in all of them", "{ tools: [x.pay, x.send] }", "args.to == true", "a text without type by x.send's catalogue entry"],
    ["it is not in JSON", "{ tools: [x.read] }", "args.q == true", "a text without type by x.read's catalogue entry"],
  ])("holds where %s", (_, match, condition, message) => {
    expect(messageOf(match, condition)).toContain(message);
  });

  it.each([
    ["the rule names no tool", "{ hosts: [x.example] }", 'args.n == "5"'],
    ["tools declare it differently", "{ tools: [x.pay, x.send] }", 'args.k == "5" || args.k > 5'],
    ["one of the tools leaves it open", "{ tools: [x.pay, x.send] }", 'args.a == "5"'],
    ["nobody has it", "{ tools: [x.pay] }", 'args.other == "5"'],
    ["JSON may hold anything", "{ tools: [x.pay] }", "args.a == true || args.a.b > 5 || args.a in [1, 2]"],
    ["something inside it is meant", "{ tools: [x.pay] }", "args.a.n > 5"],
  ])("is open where %s", (_, match, condition) => {
    expect(messageOf(match, condition)).toBeNull();
  });

  it("holds for the tools of the policy's own match, and for limits", () => {
    const policy = "policy: p\nmatch: { tools: [x.pay] }\n";
    const told = [expect.stringContaining("`args.n` is a number by x.pay's catalogue entry")];
    expect(problemsIn({ "p.yaml": `${policy}rules:\n  - { id: r, then: deny, if: args.n == "5" }\n` })).toEqual(told);
    expect(problemsIn({ "p.yaml": `${policy}limits:\n  - { id: l, per: [agent], rate: 5/s, if: args.n == "5" }\n` })).toEqual(told);
  });

  it("of a guardrail is that of its own tools, and no other may be meant", () => {
    const tools = `${TOOLS}  y.pay: { http: { method: POST, host: g.example, path: /pay, body: json }, args: { n: { from: json.n, type: string } } }\n`;
    const own = "tools:\n  g.pay: { http: { method: GET, host: g.example, path: /g }, args: { n: { from: query.n, type: integer } } }\n";
    const codesOf = (match: string) => {
      const named = [
        { name: "guard-tools.yaml", text: own },
        { name: "guard.yaml", text: rule(match, 'args.n == "5"', "deny").replace("policy: p", "policy: g") },
      ];
      const files = [
        { name: "tools.yaml", text: tools },
        { name: "p.yaml", text: rule("{ tools: [x.pay] }", "args.n == 5") },
      ];
      const compiled = compilePolicies(files, { guardrails: named });
      return compiled.kind === "invalid" ? compiled.problems.map(({ code }) => code) : [];
    };
    expect(codesOf("{ tools: [g.pay] }")).toEqual(["type_error"]);
    expect(codesOf("{ tools: [g.pay, unknown] }")).toEqual(["guardrail"]);
  });
});

describe("a condition of the declared type", () => {
  it.each([
    ["args.n == 5", ["eq", ["args", "n"], 5]],
    ["5 < args.n", ["gt", ["args", "n"], 5]],
    ["args.n in [1, 2]", ["in_list", ["args", "n"], [1, 2]]],
    ['args.due < timestamp("1970-01-01T00:00:01Z")', ["time_lt", ["args", "due"], 1000]],
    ['args.n <= duration("90m")', ["le", ["args", "n"], 5400]],
    ["args.n < http.port", ["lt_f", ["args", "n"], ["http", "port"]]],
    ["args.n < args.due", ["lt_f", ["args", "n"], ["args", "due"]]],
    ["args.n in args.a", ["in_f", ["args", "n"], ["args", "a"]]],
    ['args.to == "5"', ["eq", ["args", "to"], "5"]],
    ['args.to in ["a"]', ["in", ["args", "to"], { a: true }]],
    ['args.to > timestamp("1970-01-01T00:00:01Z")', ["time_gt", ["args", "to"], 1000]],
    ["size(args.to) > 3", ["size_gt", ["args", "to"], 3]],
    ['args.to.startsWith("a")', ["prefix", ["args", "to"], "a"]],
    ["args.to == caller.agent", ["eq_f", ["args", "to"], ["caller", "agent"]]],
    ["args.to in caller.groups", ["in_f", ["args", "to"], ["caller", "groups"]]],
    ["has(args.n)", ["has", ["args", "n"], null]],
  ])("compiles as it does without one: %s", (condition, atom) => {
    expect(findRule(compileFiles(TOOLS, rule("{ tools: [x.pay] }", condition)), "p/r").sure).toEqual([[atom]]);
  });

  it("is unknown where the call has another type", async () => {
    const body = (name: string, json: string, expected: string) =>
      `  - { name: ${name}, caller: { agent: a }, call: { method: POST, host: x.example, path: /pay, json: ${json} }, expect: ${expected} }\n`;
    const policy = (then: string) => rule("{ tools: [x.pay] }", "args.n > 5", then);
    const cases = `cases:\n${body("number", "{ n: 6 }", "allow")}${body("text", '{ n: "6" }', "allow")}${body("low", "{ n: 5 }", "allow")}`;
    const decisionsOf = async (...rules: readonly string[]) =>
      Object.fromEntries(
        Object.entries(await decideCases({ files: [TOOLS, cases, ...rules] })).map(([name, { decision }]) => [name, decision]),
      );
    expect(await decisionsOf(policy("allow"))).toEqual({ number: "allow", text: "deny", low: "deny" });
    const all = "policy: q\nrules:\n  - { id: all, then: allow }\n";
    expect(await decisionsOf(policy("deny"), all)).toEqual({ number: "deny", text: "deny", low: "allow" });
  });
});

describe("a rule with a condition of the wrong type", () => {
  it("is told itself, and no other rule is called swallowed by it", () => {
    const rules = '  - { id: bob, then: allow, if: args.to == "bob" }\n  - id: large\n    then: deny\n    if: args.to > 5\n';
    expect(problemsIn({ "p.yaml": `policy: p\nmatch: { tools: [x.pay] }\nrules:\n${rules}` })).toEqual([
      "7:17: `args.to` is a text by x.pay's catalogue entry and cannot be compared with a number",
    ]);
  });
});
