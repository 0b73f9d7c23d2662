import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import type { Program } from "../../../src/policy/program.ts";
import { findRule } from "./compile-one.ts";
import { decideCases } from "./decide-with.ts";

const compile = (files: readonly string[], guardrails: readonly string[]) =>
  compilePolicies(
    files.map((text, at) => ({ name: `${at}.yaml`, text })),
    { guardrails: guardrails.map((text, at) => ({ name: `guard-${at}.yaml`, text })) },
  );

function programOf(files: readonly string[], guardrails: readonly string[]): Program {
  const compiled = compile(files, guardrails);
  if (compiled.kind === "invalid") throw new Error(JSON.stringify(compiled.problems));
  return compiled.program;
}

const ALLOW_ALL = "policy: tenant\nversion: 1.0.0\nrules: [{ id: all, then: allow }]\n";
const TOOLS =
  "tools:\n  pay: { http: { method: POST, host: pay.example, path: /v1/pay, body: json }, args: { sum: { from: json.sum } } }\n";
const ALWAYS_DENIED = "policy: fleet\nversion: 2.0.0\nrules: [{ id: no, match: { hosts: [bad.example] }, then: deny }]\n";

describe("guardrails", () => {
  it("are rules of the same program, by names that no policy can have", () => {
    const program = programOf([ALLOW_ALL, ALWAYS_DENIED.replace("fleet", "tenant2")], [ALWAYS_DENIED]);
    expect(program.rules.map(({ id, guard }) => [id, guard])).toEqual([
      ["guardrail:fleet/no", true],
      ["tenant/all", false],
      ["tenant2/no", false],
    ]);
    expect(program.policies).toEqual([
      { name: "guardrail:fleet", version: "2.0.0" },
      { name: "tenant", version: "1.0.0" },
      { name: "tenant2", version: "2.0.0" },
    ]);
  });

  it("may deny, ask, redact, remove and limit", () => {
    const program = programOf(
      [ALLOW_ALL],
      [
        `policy: g
rules:
  - { id: deny, match: { agents: [x] }, then: deny }
  - { id: ask, match: { agents: [y] }, then: approval_needed, approval: { from: [t] } }
  - { id: redact, redact: [{ find: pii.ssn }] }
  - { id: remove, remove: [x-a] }
limits:
  - { id: calls, per: [agent, host], rate: 5/s }
`,
        "policy: h\nmax_requests_per_second: 9\n",
      ],
    );
    expect(program.rules.filter(({ guard }) => guard).map(({ id, effect }) => [id, effect])).toEqual([
      ["guardrail:g/ask", "approval_needed"],
      ["guardrail:g/calls", "limit"],
      ["guardrail:g/deny", "deny"],
      ["guardrail:g/redact", "add"],
      ["guardrail:g/remove", "add"],
      ["guardrail:h/max_requests_per_second", "limit"],
    ]);
    expect(findRule(program, "guardrail:g/calls").limit?.id).toBe("guardrail:g/calls");
  });

  it("alone are no policy: every call would be denied", () => {
    expect(compile([], [ALWAYS_DENIED])).toMatchObject({
      kind: "invalid",
      problems: [{ message: "there is no file with the key `policy`: every call would be denied" }],
    });
  });

  it("open no private host by what they ask", () => {
    const ask = "policy: g\nrules: [{ id: a, match: { hosts: [db.internal] }, then: approval_needed, approval: { from: [t] } }]\n";
    expect(programOf([ALLOW_ALL], [ask]).namedHosts).toEqual([]);
  });

  it("read the arguments of their own tools, and the usage of their own limits", () => {
    const guard = `policy: g
match: { tools: [pay] }
rules:
  - id: a
    then: deny
    if: |
      args.sum > 5 || usage["calls"].share > 0.5
limits: [{ id: calls, per: [tool], rate: 5/s }]
`;
    expect(programOf([ALLOW_ALL], [TOOLS, guard])).toMatchObject({
      usage: ["guardrail:g/calls"],
      fields: ["args.sum", "usage.guardrail:g/calls"],
    });
    const others = 'policy: g\nrules:\n  - id: a\n    then: deny\n    if: |\n      usage["tenant/calls"].share > 0.5\n';
    expect(compile([`${ALLOW_ALL}limits: [{ id: calls, per: [agent], rate: 5/s }]\n`], [others]).kind).toBe("invalid");
  });

  it("give a policy their tools, groups' agents and limits, and take none of its people", () => {
    const guard =
      "policy: g\nrules: [{ id: ask, match: { agents: [x] }, then: approval_needed, approval: { from: [security, treasury] } }]\nlimits: [{ id: l, per: [agent], rate: 5/s }]\n";
    const own = `policy: p
rules:
  - { id: a, match: { tools: [pay] }, then: approval_needed, approval: { from: [security, treasury] } }
  - id: b
    then: deny
    if: |
      usage["guardrail:g/l"].share > 0.5
`;
    const program = programOf(
      [own, "groups: { treasury: { people: [tess] } }\n"],
      [guard, TOOLS, "groups: { security: { people: [sam], agents: [sec-*] } }\n"],
    );
    expect(findRule(program, "p/a").approval?.people).toEqual(["sam", "tess"]);
    expect(findRule(program, "guardrail:g/ask").approval?.people).toEqual(["sam"]);
    expect(program.groups).toEqual({ security: { is: {}, starts: ["sec-"], ends: [] } });
  });

  it("by unknown tools mean calls that none of their own tools is, whatever a policy calls them", () => {
    const guard =
      "policy: g\nrules: [{ id: u, match: { tools: [unknown] }, then: deny }, { id: all, match: { tools: ['*'], agents: [x] }, then: deny }]\n";
    const more =
      "tools:\n  refund: { http: { method: POST, host: pay.example, path: /v1/refund } }\n  crm: { http: { method: GET, host: crm.example, path: / } }\n";
    const program = programOf([ALLOW_ALL, more], [guard, TOOLS]);
    expect(Object.keys(findRule(program, "guardrail:g/u").match.tool?.is ?? {})).toEqual(["refund", "unknown"]);
    expect(Object.keys(findRule(program, "guardrail:g/all").match.tool?.is ?? {})).toEqual(["crm", "pay", "refund", "unknown"]);
  });

  it("tell of a mistake in their own files", () => {
    expect(compile([ALLOW_ALL], ["policy: g\nrules: [{ id: a, then: allow }]\n"])).toMatchObject({
      kind: "invalid",
      problems: [{ file: "guard-0.yaml", code: "guardrail" }],
    });
  });
});

describe("a call under guardrails", () => {
  const CASES = `cases:
  - { name: good, caller: { agent: a }, call: { method: GET, host: good.example, path: / }, expect: allow }
  - { name: bad, caller: { agent: a }, call: { method: GET, host: bad.example, path: / }, expect: deny }
  - { name: asked, caller: { agent: asked }, call: { method: GET, host: good.example, path: / }, expect: deny }
`;
  const GUARD = `policy: g
rules:
  - { id: no, match: { hosts: [bad.example] }, then: deny }
  - { id: ask, match: { agents: [asked] }, then: approval_needed, approval: { from: [t] } }
`;
  const decide = async (own: string) => {
    const decided = await decideCases({ files: [own, CASES], guardrails: [GUARD] });
    return Object.entries(decided).map(([name, { decision, code, rule }]) => [name, decision, code, rule]);
  };

  it("is restricted by them whatever its policy allows", async () => {
    expect(await decide(ALLOW_ALL)).toEqual([
      ["good", "allow", null, "tenant/all"],
      ["bad", "deny", "denied_by_rule", "guardrail:g/no"],
      ["asked", "approval_needed", "approval_required", "guardrail:g/ask"],
    ]);
  });

  it("is not opened by what only they ask", async () => {
    expect(await decide("policy: p\nrules: [{ id: other, match: { hosts: [other.example] }, then: allow }]\n")).toEqual([
      ["good", "deny", "no_matching_rule", null],
      ["bad", "deny", "denied_by_rule", "guardrail:g/no"],
      ["asked", "deny", "no_matching_rule", null],
    ]);
  });
});
