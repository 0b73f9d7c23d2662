import { describe, expect, it } from "vitest";
import type { CaseExpectation, CaseOutcome } from "../../../src/policy/compile/cases.ts";
import { compareOutcome } from "../../../src/policy/compile/compare-outcome.ts";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { decideCases } from "./decide-with.ts";

const POLICY = `policy: p
time_zone: Europe/Berlin
match: { hosts: [api.example] }
rules:
  - { id: all, match: { tools: [ask, unknown] }, then: allow }
  - id: night
    then: deny
    if: time.hour < 6
  - id: ssn
    match: { paths: [/ssn] }
    redact: [{ find: pii.ssn, with: label }]
  - id: nearly
    match: { paths: [/nearly] }
    then: deny
    if: |
      usage["calls"].share > 0.8
limits:
  - { id: calls, per: [agent], rate: 10/m }
  - { id: spend, per: [agent], match: { tools: [ask] }, of: cost, budget: 10 usd per day }
`;
const TOOLS = `tools:
  ask:
    http: { method: POST, host: api.example, path: /ask, body: json }
    args: { model: { from: json.model } }
    model: args.model
    cost: 2 usd
`;
const one = (text: string) => `  - { name: x, caller: { agent: a }, ${text} }\n`;
const GET = (path: string) => `call: { method: GET, host: api.example, path: ${path} }`;

async function decide(text: string) {
  const { x } = await decideCases({ files: [POLICY, TOOLS, `cases:\n${one(text)}`] });
  if (x === undefined) throw new Error("the case was not decided");
  const { explanations: _, rules: __, fault: ___, ...outcome } = x;
  return outcome;
}

const ALLOWED = {
  decision: "allow",
  class: null,
  code: null,
  rule: "p/all",
  tool: "unknown",
  model: "undetermined",
  redactions: [],
  limits: ["p/calls"],
  shadow: null,
  set: {},
  removed: [],
};

describe("a case", () => {
  it("is decided at its own time", async () => {
    expect(await decide(`time: 2026-07-01T04:00:00Z, ${GET("/")}, expect: allow`)).toEqual(ALLOWED);
    expect(await decide(`time: 2026-07-01T03:59:59Z, ${GET("/")}, expect: deny`)).toMatchObject({ decision: "deny", rule: "p/night" });
    expect(await decide(`time: '2026-07-01T05:59:59+02:00', ${GET("/")}, expect: deny`)).toMatchObject({
      decision: "deny",
      rule: "p/night",
    });
  });

  it.each([
    ["{ used: 9 }", "deny", "p/nearly"],
    ["{ remaining: 1 }", "deny", "p/nearly"],
    ["{ share: 0.9 }", "deny", "p/nearly"],
    ["{ used: 8 }", "allow", "p/all"],
    ["{ share: 0 }", "allow", "p/all"],
  ])("says that a limit is used up as far as %s", async (usage, decision, rule) => {
    const noon = "time: 2026-07-01T12:00:00Z";
    expect(await decide(`${noon}, usage: { p/calls: ${usage} }, ${GET("/nearly")}, expect: deny`)).toMatchObject({ decision, rule });
  });

  it("meets a limit that is used up", async () => {
    const noon = "time: 2026-07-01T12:00:00Z";
    expect(await decide(`${noon}, usage: { p/calls: { remaining: 1 } }, ${GET("/")}, expect: allow`)).toEqual(ALLOWED);
    expect(await decide(`${noon}, usage: { p/calls: { remaining: 0 } }, ${GET("/")}, expect: deny`)).toMatchObject({
      decision: "deny",
      class: "limit",
      code: "rate_exceeded",
    });
    const ask = "call: { tool: ask, args: { model: gpt-5 } }";
    expect(await decide(`${noon}, usage: { p/spend: { remaining: 2 } }, ${ask}, expect: allow`)).toMatchObject({ decision: "allow" });
    expect(await decide(`${noon}, usage: { p/spend: { used: 8.000001 } }, ${ask}, expect: deny`)).toMatchObject({
      decision: "deny",
      class: "budget",
      code: "budget_exceeded",
    });
  });

  it("says what detectors see, and what is taken out follows", async () => {
    const header = "{ kind: pii.ssn, where: 'header:x-note' }";
    const noon = "time: 2026-07-01T12:00:00Z";
    const call = (path: string) => `call: { method: GET, host: api.example, path: ${path}, headers: { x-note: hello } }`;
    expect(await decide(`${noon}, findings: [${header}], ${call("/ssn")}, expect: sanitize`)).toEqual({
      ...ALLOWED,
      decision: "sanitize",
      redactions: ["find:pii.ssn"],
    });
    expect(await decide(`${noon}, findings: [${header}], ${call("/")}, expect: allow`)).toEqual(ALLOWED);
    const found = "call: { method: GET, host: api.example, path: /ssn, headers: { x-note: 'ssn 536-90-4399' } }";
    expect(await decide(`${noon}, ${found}, expect: sanitize`)).toMatchObject({ decision: "sanitize" });
    expect(await decide(`${noon}, findings: [], ${found}, expect: allow`)).toEqual(ALLOWED);
  });

  it("may expect its tool and its model", async () => {
    const noon = "time: 2026-07-01T12:00:00Z";
    expect(
      await decide(`${noon}, call: { tool: ask, args: { model: gpt-5 } }, expect: { decision: allow, tool: ask, model: gpt-5 }`),
    ).toEqual({
      ...ALLOWED,
      tool: "ask",
      model: "gpt-5",
      limits: ["p/calls", "p/spend"],
    });
    expect(await decide("call: { method: GET, host: '..', path: / }, expect: { decision: deny, code: host_invalid }")).toMatchObject({
      decision: "deny",
      tool: null,
      model: null,
    });
  });

  it("may set context extensions, and expect headers and what rules in shadow say", async () => {
    const policy = `policy: c
match: { hosts: [c.example] }
rules:
  - id: all
    then: allow
    if: envoy.context.route == "billing"
    set: { x-from: "{caller.agent}" }
    remove: [x-debug]
  - { id: hard, mode: shadow, match: { paths: [/hard] }, then: deny }
`;
    const call = (path: string) => `call: { method: GET, host: c.example, path: ${path}, headers: { X-Debug: "1" } }`;
    const of = async (text: string) => (await decideCases({ files: [policy, `cases:\n${one(text)}`] }))["x"];
    expect(await of(`${call("/")}, expect: deny`)).toMatchObject({ decision: "deny", set: {}, removed: [], shadow: null });
    expect(await of(`context: { route: billing }, ${call("/hard")}, expect: allow`)).toMatchObject({
      decision: "allow",
      set: { "x-from": "a" },
      removed: ["x-debug"],
      shadow: { decision: "deny", rule: "c/hard" },
    });
  });

  const GOT = {
    decision: "allow",
    class: null,
    code: null,
    rule: "p/a",
    tool: "none",
    model: "none",
    rules: [],
    redactions: ["header:x"],
    limits: ["p/l"],
    shadow: { decision: "deny", class: "policy", code: "denied_by_rule", rule: "p/s" },
    set: { "x-b": "1", "x-a": "2" },
    removed: ["x-d", "x-c"],
    fault: null,
  } as const satisfies CaseOutcome;
  const LOOKS_AT_NOTHING = { rule: null, code: null, class: null, tool: null, model: null, redactions: null, limits: null } as const;

  it.each<[string, Partial<CaseExpectation>, readonly string[]]>([
    ["nothing more", {}, []],
    ["all of it", { shadow: { decision: "deny", rule: null }, set: { "x-a": "2", "x-b": "1" }, removed: ["x-c", "x-d"] }, []],
    ["another shadow", { shadow: { decision: "deny", rule: "p/t" } }, ["shadow: expected deny by p/t, got deny by p/s"]],
    ["no shadow", { shadow: "none" }, ["shadow: expected none, got deny by p/s"]],
    ["another value", { set: { "x-a": "1" } }, ['set: expected { x-a: "1" }, got { x-a: "2", x-b: "1" }']],
    ["other headers gone", { removed: ["x-d"] }, ["removed: expected [x-d], got [x-c, x-d]"]],
  ])("is held against what it expects: %s", (_, expected, differences) => {
    expect(compareOutcome({ decision: "allow", ...LOOKS_AT_NOTHING, shadow: null, set: null, removed: null, ...expected }, GOT)).toEqual(
      differences,
    );
  });

  it("is held against no shadow where there is none", () => {
    const expected = { decision: "allow", ...LOOKS_AT_NOTHING, set: null, removed: null } as const;
    expect(compareOutcome({ ...expected, shadow: "none" }, { ...GOT, shadow: null })).toEqual([]);
    expect(compareOutcome({ ...expected, shadow: { decision: "deny", rule: null } }, { ...GOT, shadow: null })).toEqual([
      "shadow: expected deny, got none",
    ]);
  });

  it("may expect the code of a rule, one of ours, what guardrails say that are not there, and a host that is none", () => {
    const expects = [
      "{ decision: deny, code: no_matching_rule }",
      "{ decision: approval_needed, code: approval_required }",
      "{ decision: deny, rule: 'guardrail:g/no' }",
      "{ decision: deny, rule: p/night }",
      "{ decision: deny, rule: p/spend, limits: [p/calls] }",
    ];
    const texts = [
      ...expects.map((text) => `${GET("/")}, expect: ${text}`),
      `${GET("/").replace("api.example", "'a b'")}, expect: { decision: deny, code: host_invalid }`,
    ];
    const file = `cases:\n${texts.map((text, at) => one(text).replace("name: x", `name: x${at}`)).join("")}`;
    const compiled = compilePolicies([POLICY, TOOLS, file].map((text, at) => ({ name: `${at}.yaml`, text })));
    expect(compiled).toMatchObject({ kind: "compiled" });
  });

  it("is kept with everything of it", () => {
    const text = `cases:\n${one(
      `time: 2026-07-01T12:00:00Z, usage: { p/calls: { share: 0.5 }, p/spend: { remaining: 4 } }, findings: [{ kind: pii.ssn, where: 'json:/a/0', confidence: 0.5 }, { kind: pii.card, where: text }], ${GET("/")}, context: { K: v }, expect: { decision: deny, tool: none, model: m, redactions: ['header:X-A', 'json:$.a[*]'], shadow: null, set: { X-B: c }, removed: [X-D] }`,
    )}`;
    const compiled = compilePolicies([POLICY, TOOLS, text].map((one, at) => ({ name: `${at}.yaml`, text: one })));
    expect(compiled.kind === "compiled" ? compiled.cases : compiled).toMatchObject([
      {
        nowMs: Date.UTC(2026, 6, 1, 12),
        usage: { "p/calls": { part: "share", value: 0.5 }, "p/spend": { part: "remaining", value: 4 } },
        findings: [
          { kind: "pii.ssn", place: { kind: "json", pointer: "/a/0" }, confidence: 0.5 },
          { kind: "pii.card", place: { kind: "text" }, confidence: 1 },
        ],
        context: { K: "v" },
        expect: {
          decision: "deny",
          tool: "none",
          model: "m",
          rule: null,
          code: null,
          class: null,
          redactions: ["header:x-a", "json:$.a[*]"],
          limits: null,
          shadow: "none",
          set: { "x-b": "c" },
          removed: ["x-d"],
        },
      },
    ]);
  });
});
