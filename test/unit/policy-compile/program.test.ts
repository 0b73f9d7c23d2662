import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { parseProgram } from "../../../src/policy/wasm/parse-program.ts";
import { CATALOGUE, compileFiles, findRule, messagesOf } from "./compile-one.ts";

const examples = join(import.meta.dirname, "..", "..", "..", "policies", "examples");
const EXAMPLES = ["payments/policy", "payments/tools", "payments/cases", "health/policy", "health/cases"].map((name) => ({
  name: `${name}.yaml`,
  text: readFileSync(join(examples, `${name}.yaml`), "utf8"),
}));

describe("the examples", () => {
  it("compile without a doubt, with at least a dozen cases each", () => {
    const compiled = compilePolicies(EXAMPLES);
    expect(compiled).toMatchObject({ kind: "compiled", warnings: [] });
    const files = compiled.kind === "compiled" ? compiled.cases.map((one) => one.file) : [];
    for (const name of ["payments", "health"]) expect(files.filter((file) => file.startsWith(name)).length).toBeGreaterThanOrEqual(12);
  });

  it("make a program that the engine's host admits", () => {
    const compiled = compilePolicies(EXAMPLES);
    expect(parseProgram(compiled.kind === "compiled" ? JSON.parse(JSON.stringify(compiled.program)) : null)).toMatchObject({
      kind: "parsed",
    });
  });

  it("give the same program whatever the files are called and in whatever order", () => {
    const compiled = compilePolicies(EXAMPLES);
    const expected = compiled.kind === "compiled" ? compiled.program : null;
    const shuffled = fc.tuple(
      fc.shuffledSubarray(EXAMPLES, { minLength: EXAMPLES.length }),
      fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 5, maxLength: 5 }),
    );
    fc.assert(
      fc.property(shuffled, ([files, names]) => {
        const renamed = compilePolicies(files.map(({ text }, at) => ({ name: `${at}-${names[at]}.yaml`, text })));
        expect(JSON.stringify(renamed.kind === "compiled" ? renamed.program : renamed)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 30 },
    );
  });

  it("may be written as JSON", () => {
    const text = '{"policy":"p","rules":[{"id":"a","match":{"agents":["x"]},"if":"caller.agent == \\"x\\"","then":"deny"}]}';
    expect(findRule(compileFiles(text), "p/a")).toMatchObject({ effect: "deny", maybe: [[["?eq", ["caller", "agent"], "x"]]] });
  });
});

describe("a rule in the program", () => {
  it("carries everything of it", () => {
    const program = compileFiles(
      CATALOGUE,
      `policy: p
version: 1.0.0
mode: shadow
rules:
  - id: ask
    match: { tools: [pay.create] }
    then: approval_needed
    code: ask_first
    reason: Ask.
    hint: Wait.
    approval: { from: [t, t], expires: 1h, use_within: 90s, summary: "Pay {args.sum}" }
    redact: [{ header: X-Debug, with: mask }, { query: k, on: request }, { find: pii.card, with: label }]
`,
    );
    expect(findRule(program, "p/ask")).toEqual({
      id: "p/ask",
      effect: "approval_needed",
      shadow: true,
      guard: false,
      match: { tool: { is: { "pay.create": true }, starts: [], ends: [] } },
      sure: null,
      maybe: [[]],
      code: "ask_first",
      reason: "Ask.",
      hint: "Wait.",
      obligations: [
        { kind: "redact_header", name: "x-debug", with: "mask", on: "default" },
        { kind: "redact_query", key: "k", with: "remove" },
        { kind: "redact_finding", finding: "pii.card", with: "label", on: "default" },
      ],
      sets: [],
      approval: {
        from: ["t"],
        people: [],
        count: 1,
        exclude: [],
        note: false,
        bind: null,
        expiresMs: 3_600_000,
        useWithinMs: 90_000,
        summary: "Pay {args.sum}",
      },
      limit: null,
      facts: [],
    });
  });

  it.each([
    ["{ id: l, per: [agent, labels.team], rate: 5/m }", { kind: "rate", count: 5, periodMs: 60_000, burst: 5 }, "Europe/Berlin"],
    [
      "{ id: l, per: [agent, labels.team], rate: 5/h, burst: 9 }",
      { kind: "rate", count: 5, periodMs: 3_600_000, burst: 9 },
      "Europe/Berlin",
    ],
    [
      "{ id: l, per: [agent, labels.team], of: cost, budget: 0.50 eur per day, time_zone: UTC }",
      { kind: "budget", currency: "eur", micros: 500_000, period: "day", of: "cost" },
      "UTC",
    ],
  ])("limits by %s", (limit, bound, timeZone) => {
    const program = compileFiles(`policy: p\ntime_zone: Europe/Berlin\nlimits:\n  - ${limit}\n`);
    expect(findRule(program, "p/l")).toMatchObject({
      effect: "limit",
      sure: null,
      maybe: [[]],
      limit: { id: "p/l", per: ["agent", "labels.team"], bound, timeZone },
    });
  });

  it("reads what the catalogue's path binds", () => {
    const rule = 'rules:\n  - id: a\n    then: allow\n    match: { tools: [crm.read] }\n    if: path.id == "7"\n';
    expect(compileFiles(CATALOGUE, `policy: p\n${rule}`)).toMatchObject({
      fields: ["path.id"],
      rules: [{ sure: [[["eq", ["path", "id"], "7"]]], facts: [["path", "id"]] }],
    });
  });

  it("is doubted where it restricts by something that may be absent", () => {
    const text = (condition: string) =>
      `policy: p\nrules:\n  - id: a\n    then: deny\n    match: { tools: [pay.create] }\n    if: |\n      ${condition}\n`;
    const doubt = (name: string) =>
      `\`${name}\` may be absent, and then this rule applies, because unknown counts as true in rules that restrict`;
    expect(messagesOf(CATALOGUE, text('http.headers["x-a"] == "b"'))).toEqual([doubt('http.headers["x-a"]')]);
    expect(messagesOf(CATALOGUE, text('caller.subject == "b"'))).toEqual([doubt("caller.subject")]);
    expect(messagesOf(CATALOGUE, text('"x-a" in http.headers && http.headers["x-a"] == "b"'))).toEqual([]);
    expect(messagesOf(CATALOGUE, text('has(args.sum) && args.sum == "1" || args.other == "1"'))).toEqual([
      "`args.other` reads what is not there: the arguments of `pay.create` have no `other`",
    ]);
    expect(messagesOf(CATALOGUE, text('args.sum == "1"'))).toEqual([doubt("args.sum")]);
  });
});

describe("the catalogue", () => {
  it("is laid out for understanding, in one order", () => {
    const { catalogue } = compileFiles(
      `tools:
  z: { http: { method: GET, host: H.example, path: "/a/:id/**" }, cost: 0.30 usd, args: { id: { from: path.id, type: integer }, q: { from: query.q.x }, h: { from: header.X-Y } } }
  a:
    http: { method: POST, host: h.example, path: /, body: json }
    args: { sum: { from: json.a.b, type: number }, cur: { from: json.c } }
    amount: { value: args.sum, unit: major, currency: args.cur }
`,
      "policy: p\nrules: [{ id: a, then: deny }]\n",
    );
    expect(catalogue).toEqual([
      {
        tool: "a",
        method: "POST",
        host: "h.example",
        path: [],
        body: "json",
        args: [
          { name: "cur", from: { kind: "json", path: ["c"] }, type: "any", record: false },
          { name: "sum", from: { kind: "json", path: ["a", "b"] }, type: "number", record: false },
        ],
        amount: { argument: "sum", unit: "major", currency: { kind: "argument", name: "cur" } },
        model: null,
        cost: null,
        schema: null,
      },
      {
        tool: "z",
        method: "GET",
        host: "h.example",
        path: [{ kind: "literal", text: "a" }, { kind: "bind", name: "id" }, { kind: "rest" }],
        body: "none",
        args: [
          { name: "h", from: { kind: "header", key: "x-y" }, type: "any", record: false },
          { name: "id", from: { kind: "path", key: "id" }, type: "integer", record: false },
          { name: "q", from: { kind: "query", key: "q.x" }, type: "any", record: false },
        ],
        amount: null,
        model: null,
        cost: { kind: "fixed", money: { currency: "usd", micros: 300_000 } },
        schema: null,
      },
    ]);
  });
});

describe("reads", () => {
  const reads = (rules: string) => compileFiles(CATALOGUE, `policy: p\nrules:\n${rules}`).reads;

  it("name the bodies that the catalogue reads", () => {
    expect(reads("  - { id: a, then: allow }\n")).toEqual([{ host: "pay.example", body: true, detectors: [] }]);
  });

  it("name the detectors of a redaction on its hosts, in shadow too", () => {
    expect(reads("  - { id: a, mode: shadow, match: { hosts: [a.example, '.b.example:8443'] }, redact: [{ find: pii.ssn }] }\n")).toEqual([
      { host: ".b.example", body: true, detectors: ["pii.ssn"] },
      { host: "a.example", body: true, detectors: ["pii.ssn"] },
      { host: "pay.example", body: true, detectors: [] },
    ]);
  });

  it("name every host where a rule names none, and the tools' hosts where it names tools", () => {
    expect(reads("  - { id: a, redact: [{ find: pii.ssn }] }\n")[0]).toEqual({ host: "*", body: true, detectors: ["pii.ssn"] });
    expect(reads("  - { id: a, match: { tools: [crm.read] }, redact: [{ find: pii.ssn }] }\n")[0]).toEqual({
      host: "crm.example",
      body: true,
      detectors: ["pii.ssn"],
    });
    expect(reads("  - { id: a, match: { tools: [unknown] }, redact: [{ find: pii.ssn }] }\n").map(({ host }) => host)).toEqual([
      "crm.example",
      "pay.example",
    ]);
  });

  it.each([
    ['findings.exists(f, f.kind == "pii.ssn")', ["pii.ssn"]],
    ['!findings.exists(f, f.kind in ["pii.ssn"] && f.confidence > 0.5)', ["pii.ssn"]],
    ["findings.exists(f, f.confidence > 0.5)", ["pii.card", "pii.ssn"]],
    ['findings.exists(f, f.kind != "pii.ssn")', ["pii.card"]],
    ['findings.exists(f, !(f.kind == "pii.ssn"))', ["pii.card"]],
    ['findings.exists(f, f.kind == "pii.ssn" || f.where == "path")', ["pii.card", "pii.ssn"]],
  ])("name the detectors that %s needs", (condition, detectors) => {
    expect(reads(`  - id: a\n    then: deny\n    match: { hosts: [a.example] }\n    if: |\n      ${condition}\n`)[0]).toEqual({
      host: "a.example",
      body: true,
      detectors,
    });
  });

  it("name the private hosts that may be reached: those an enforced rule permits or asks for, and the catalogue's", () => {
    const { namedHosts } = compileFiles(
      CATALOGUE,
      `policy: p
rules:
  - { id: a, then: allow, match: { hosts: [allowed.internal, .suffix.internal] } }
  - { id: b, then: deny, match: { hosts: [denied.internal] } }
  - { id: c, then: allow, mode: shadow, match: { hosts: [shadow.internal] } }
  - { id: d, then: approval_needed, approval: { from: [t] }, match: { hosts: [asked.internal] } }
  - { id: e, redact: [{ header: x }], match: { hosts: [added.internal] } }
`,
    );
    expect(namedHosts).toEqual(["allowed.internal", "asked.internal", "crm.example", "pay.example"]);
  });

  it("name the hosts in whose bodies something is looked for to be taken out", () => {
    expect(reads("  - { id: a, match: { hosts: [a.example] }, redact: [{ form: ssn }] }\n")[0]).toEqual({
      host: "a.example",
      body: true,
      detectors: [],
    });
    expect(reads("  - { id: a, match: { hosts: [a.example] }, redact: [{ json: $.ssn }] }\n")[0]).toEqual({
      host: "a.example",
      body: true,
      detectors: [],
    });
    expect(reads("  - { id: a, match: { hosts: [a.example] }, redact: [{ query: ssn }], remove: [x-a] }\n")).toEqual([
      { host: "pay.example", body: true, detectors: [] },
    ]);
  });

  it("list the fields that conditions read, and no others", () => {
    const { fields } = compileFiles(
      `policy: p
rules:
  - id: a
    then: allow
    if: |
      args.x.y == 1 && amount > usd(1) && http.headers["x.y"] == "b" && http.port == 1 && envoy.context.z == "c" && caller.labels.t == "u"
        && findings.exists(f, f.where == "path") && tool == "a"
`,
    );
    expect(fields).toEqual(["amount", "args.x", "caller.labels.t", "envoy.context.z", "findings", "http.headers.x.y", "http.port", "tool"]);
  });
});

describe("a folder", () => {
  it("is told of all its mistakes at once, by file and place", () => {
    const compiled = compilePolicies([
      { name: "b.yaml", text: "policy: p\nrules:\n  - { id: a, then: alow }\n  - { id: b, colour: red, then: deny }\n" },
      { name: "a.yaml", text: "tools:\n  t: { http: { method: get, host: '*', path: x } }\n" },
      { name: "c.rego", text: "package x" },
    ]);
    expect(compiled.kind === "invalid" ? compiled.problems.map(({ file, line, code }) => `${file}:${line} ${code}`) : []).toEqual([
      "a.yaml:2 wrong_value",
      "a.yaml:2 wrong_value",
      "a.yaml:2 wrong_value",
      "b.yaml:3 wrong_value",
      "b.yaml:4 unknown_key",
      "c.rego:1 not_built_yet",
    ]);
  });

  it("without a policy is refused, because it would deny every call", () => {
    expect(messagesOf()).toEqual(["there is no file with the key `policy`: every call would be denied"]);
    expect(messagesOf(CATALOGUE)).toEqual(["there is no file with the key `policy`: every call would be denied"]);
  });

  it("has each policy and each tool once", () => {
    const policy = "policy: p\nrules: [{ id: a, then: deny }]\n";
    expect(messagesOf(policy, policy)).toEqual(["the policy `p` stands in 0.yaml too"]);
    expect(messagesOf(policy, CATALOGUE, "tools: { crm.read: { http: { method: GET, host: x.example, path: / } } }")).toEqual([
      "the tool `crm.read` stands in 1.yaml:4 too",
    ]);
  });
});
