import { describe, expect, it } from "vitest";
import { compilePolicies, type PolicyText } from "../../../src/policy/compile/compile-policies.ts";

const TOOL = "{ http: { method: GET, host: h.example, path: / } }";
const RULES = `policy: p
rules:
  - { id: a, match: { tools: [duty.page] }, then: deny }
  - { id: b, match: { tools: ["duty.*"] }, then: approval_needed, approval: { from: [t], bind: [args.x], summary: "{args.x}" } }
  - { id: c, match: { tools: [duty.paeg] }, then: deny }
`;
const CASES = `cases:
  - { name: n, caller: { agent: a }, call: { tool: duty.page }, expect: deny }
`;

const told = (files: readonly string[], guardrails: readonly string[] = []) => {
  const named = (texts: readonly string[], prefix: string): readonly PolicyText[] =>
    texts.map((text, at) => ({ name: `${prefix}${at}.yaml`, text }));
  const compiled = compilePolicies(named(files, ""), { guardrails: named(guardrails, "g") });
  return compiled.kind === "invalid" ? compiled.problems.map(({ file, line, message }) => `${file}:${line} ${message}`) : [];
};

describe("a tool that a mistake hides", () => {
  it.each([
    [
      "in the form of its argument",
      `  duty.page: { args: { x: { from: json.x, type: boolean } } }\n  b: ${TOOL}`,
      "found the text `boolean`",
    ],
    ["in its host", "  duty.page: { http: { method: GET, host: '*', path: / } }", "`*` is no host"],
    [
      "in the place of its argument",
      "  duty.page: { http: { method: GET, host: h.example, path: / }, args: { x: { from: json.x } }, amount: { value: args.x, unit: minor, currency: usd } }",
      "`json.x` is read from a JSON body, which the tool does not declare",
    ],
  ])("%s is not told to be missing, and a name that is near to it is", (_name, tools, message) => {
    expect(told([RULES, `tools:\n${tools}\n`, CASES])).toEqual([
      "0.yaml:5 no tool of the catalogue is `duty.paeg`",
      expect.stringContaining(`1.yaml:2 ${message}`),
    ]);
  });

  it.each([
    ["a file of tools that is no YAML", "tools:\n  duty.page: [\n"],
    ["a file of tools that is a list", "tools: [duty.page]\n"],
    ["a file of nothing known", "tolls: {}\n"],
    ["a file of two things", "tools: {}\npolicy: q\n"],
    ["a text that is no YAML", "@\n"],
  ])("may be any name where there is %s", (_name, text) => {
    expect(told([RULES, text, CASES])).toEqual([expect.stringMatching(/^1\.yaml:/)]);
  });

  it.each([
    ["policies", "policy: q\nrules: [\n"],
    ["groups", "groups: [\n"],
    ["cases", "cases: [\n"],
  ])("is no name where a file of %s is no YAML", (_name, text) => {
    expect(told([RULES, text])).toEqual([
      "0.yaml:3 no tool of the catalogue is `duty.page`",
      "0.yaml:4 no tool of the catalogue is `duty.*`",
      "0.yaml:5 no tool of the catalogue is `duty.paeg`",
      expect.stringMatching(/^1\.yaml:/),
    ]);
  });

  it("of a tenant is told to be missing in the guardrails' folder, and one of the guardrails nowhere", () => {
    const bad = "tools:\n  duty.page: { http: { method: get, host: h.example, path: / } }\n";
    const rule = (policy: string) => `policy: ${policy}\nrules: [{ id: a, match: { tools: [duty.page] }, then: deny }]\n`;
    const mistake = "`get` is no method: methods are in upper case";
    expect(told([rule("p"), bad], [rule("g")])).toEqual([
      `1.yaml:2 ${mistake}`,
      "g0.yaml:2 the guardrails' folder has no tool `duty.page`: tools that a guardrail names stand in the guardrails' folder",
    ]);
    expect(told([rule("p")], [rule("g"), bad])).toEqual([`g1.yaml:2 ${mistake}`]);
  });
});

describe("a limit that a mistake hides", () => {
  const reads = (id: string) => `policy: r\nrules:\n  - id: a\n    then: deny\n    if: |\n      usage["${id}"].share > 0.5\n`;
  const uses = (id: string) =>
    `cases:\n  - { name: n, caller: { agent: a }, call: { method: GET, host: h.example, path: / }, usage: { ${id}: { share: 1 } }, expect: deny }\n`;

  it.each([
    ["in its rate", "policy: q\nlimits: [{ id: l, per: [agent], rate: 5/x }]\n"],
    ["in its form", "policy: q\nlimits: [{ id: l, per: [agent], rate: 5 }]\n"],
    ["in its policy's YAML", "policy: q\nlimits: [\n"],
    ["in its policy's match", "policy: q\nmatch: { hosts: ['*'] }\nlimits: [{ id: l, per: [agent], rate: 5/s }]\n"],
  ])("%s is not told to be missing", (_name, text) => {
    expect(told([reads("q/l"), text, uses("q/l")])).toEqual([expect.stringMatching(/^1\.yaml:/)]);
    expect(told([reads("guardrail:q/l"), uses("guardrail:q/l")], [text])).toEqual([expect.stringMatching(/^g0\.yaml:/)]);
  });

  it("hides no limit of another policy", () => {
    expect(told([reads("s/l"), "policy: q\nlimits: [\n", uses("s/l")])).toEqual([
      "0.yaml:6 there is no limit `s/l`",
      expect.stringMatching(/^1\.yaml:/),
      "2.yaml:2 there is no limit `s/l`",
    ]);
  });

  it("of a policy without a name may be any", () => {
    expect(told([reads("s/l"), "policy: [q]\nlimits: []\n", uses("s/l")])).toEqual(["1.yaml:1 expected a text, found a list"]);
  });
});

describe("a schema that a mistake hides", () => {
  it("is not told to be missing", () => {
    const files = [
      { name: "p.yaml", text: "policy: p\nrules: [{ id: a, match: { tools: [t] }, then: deny }]\n" },
      { name: "t.yaml", text: "tools:\n  t: { http: { method: GET, host: h.example, path: / }, schema: t.schema.json }\n" },
      { name: "t.schema.json", text: "{" },
    ];
    const compiled = compilePolicies(files);
    expect(compiled.kind === "invalid" ? compiled.problems.map(({ file }) => file) : []).toEqual(["t.schema.json"]);
  });
});

describe("a group that a mistake hides", () => {
  it("is not told to be missing", () => {
    const rule = "policy: p\nrules: [{ id: a, match: { groups: [t] }, then: approval_needed, approval: { from: [t] } }]\n";
    expect(told([rule, "groups: { t: [ana] }\n"])).toEqual(["1.yaml:1 expected a map, found a list"]);
  });
});
