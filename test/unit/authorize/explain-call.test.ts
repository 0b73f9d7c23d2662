import { setImmediate as afterAnswer } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createAuthorize } from "../../../src/authorize/authorize.ts";
import { createExplanations } from "../../../src/authorize/explanations.ts";
import type { Call } from "../../../src/core/call.ts";
import type { Decision } from "../../../src/core/decision.ts";
import type { AtomExplanation, DimensionExplanation, RuleExplanation } from "../../../src/core/explanation.ts";
import { SILENT } from "../../../src/core/observer.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import type { ProxyIdentity, ProxyTrust } from "../../../src/core/proxy.ts";
import { ASK, CALL, createWorld, DENY, NOW, type Parts, PERMIT, UNMATCHED } from "./a-world.ts";

const DEADLINE_US = 1_000_000;

const proxy = (...trusts: readonly ProxyTrust[]): ProxyIdentity => ({
  kind: "authenticated",
  name: "edge",
  tenants: ["default"],
  trusts: new Set(trusts),
  body: null,
});

const asking = (value = "1"): Call["headers"] => new Map([...CALL.headers, ["x-sluice-explain", value]]);
const ASKED: Call = { ...CALL, headers: asking(), proxy: proxy("explain") };

const ATOM: AtomExplanation = {
  operator: "eq",
  path: ["args", "to"],
  operand: "acct_1",
  saw: "a secret",
  sawKind: "text",
  truth: "false",
};

function explained(atom: Partial<AtomExplanation> = {}, dimensions: readonly DimensionExplanation[] = []): RuleExplanation {
  return {
    rule: "p/r",
    effect: "deny",
    shadow: false,
    guard: false,
    match: { fits: "true", permits: true, opens: true, dimensions },
    conditions: [{ mode: "maybe", applies: true, truth: "true", clauses: [[{ ...ATOM, ...atom }]] }],
    outcome: "decides",
  };
}

/** One call decided, and what was kept of it when the answer was out, and after. */
async function decide(call: Call, parts: Parts = {}, rules: readonly RuleExplanation[] = [explained()]) {
  const explanations = createExplanations();
  const faults: string[] = [];
  const inputs: PolicyInput[] = [];
  const { world, receipts } = createWorld({
    explanations,
    observer: { ...SILENT, faulted: (dependency, action, detail) => faults.push(`${dependency} ${action}: ${detail}`) },
    ruling: DENY,
    ...parts,
    policy: {
      explain: (input) => {
        inputs.push(input);
        return rules;
      },
      ...parts.policy,
    },
  });
  const decision: Decision = await createAuthorize(world)({ kind: "call", call }, DEADLINE_US);
  const before = explanations.find(decision.facts.id);
  await afterAnswer();
  return { decision, receipts, faults, inputs, before, kept: explanations.find(decision.facts.id) };
}

describe("a call is not explained", () => {
  it.each<[string, Call]>([
    ["when nobody asks", { ...CALL, proxy: proxy("explain") }],
    ["when the proxy is not trusted for it", { ...ASKED, proxy: proxy("principal", "context", "metadata") }],
    ["when the proxy proved nothing", { ...ASKED, proxy: { kind: "unauthenticated" } }],
    ["when a header only looks like it", { ...ASKED, headers: new Map([...CALL.headers, ["x-sluice-explained", "1"]]) }],
  ])("%s", async (_claim, call) => {
    const { decision, kept, inputs, receipts } = await decide(call);
    expect(decision).toMatchObject({ kind: "deny", code: "not_here" });
    expect([kept, inputs, receipts.length]).toEqual([null, [], 1]);
  });

  it("when nobody known made it", async () => {
    const challenge = { to: "agent", withError: false } as const;
    const identifier: Parts["identifier"] = {
      identify: () => ({ kind: "refused", code: "token_missing", reason: "missing", tenant: "default", challenge }),
    };
    const { decision, kept, faults } = await decide(ASKED, { identifier });
    expect(decision).toMatchObject({ kind: "deny", class: "identity" });
    expect([kept, faults]).toEqual([null, []]);
  });

  it("when it could not be recorded", async () => {
    const record = () => {
      throw new Error("full");
    };
    const { decision, kept } = await decide(ASKED, { recorder: { record } });
    expect(decision).toMatchObject({ kind: "deny", class: "fault" });
    expect(kept).toBeNull();
  });
});

describe("a call that a trusted proxy asks about", () => {
  it.each(["1", "", "0", "no"])("is explained when the answer is out, whatever the header says: %j", async (value) => {
    const { decision, before, kept, inputs } = await decide({ ...ASKED, headers: asking(value) });
    expect(before).toBeNull();
    expect(kept).toEqual({
      decisionId: decision.facts.id,
      tenant: "default",
      agent: "finance-1",
      atMs: NOW,
      mode: "enforce",
      decision: "deny",
      class: "policy",
      code: "not_here",
      rule: "p/r",
      rules: [explained({ saw: "hmac:h8" })],
      rulesLeftOut: 0,
    });
    expect(inputs).toMatchObject([{ nowMs: NOW, caller: { agent: "finance-1" }, intent: { target: { host: "api.example.com" } } }]);
  });

  it.each<[string, Parts, object]>([
    ["allowed", { ruling: PERMIT }, { decision: "allow", class: null, code: null, rule: "p/r" }],
    [
      "sanitized",
      { ruling: { ...PERMIT, obligations: [{ kind: "redact_query", key: "a", with: "mask", rule: "p/r" }] } },
      { decision: "sanitize" },
    ],
    ["waiting for an approval", { ruling: ASK }, { decision: "approval_needed", class: null, code: "approval_required" }],
    ["denied without a rule", { ruling: UNMATCHED }, { decision: "deny", code: "no_matching_rule", rule: null }],
    ["denied in a tenant in shadow", { ruling: DENY, tenant: { mode: "shadow" } }, { mode: "shadow", decision: "deny", code: "not_here" }],
  ])("is explained when it is %s", async (_claim, parts, verdict) => {
    const { kept } = await decide(ASKED, parts);
    expect(kept).toMatchObject({ ...verdict, rules: [{ rule: "p/r" }] });
  });

  it("is explained without rules when it was refused before them", async () => {
    const { kept, inputs } = await decide({ ...ASKED, target: "/a/%2e%2e%2fb" });
    expect(kept).toMatchObject({ decision: "deny", class: "malformed", code: "path_ambiguous", rule: null, rules: [] });
    expect(inputs).toEqual([]);
  });

  it("is explained by what the rules say where the engine fails", async () => {
    const decideFails = () => {
      throw new Error("trap");
    };
    const { kept } = await decide(ASKED, { policy: { decide: decideFails } });
    expect(kept).toMatchObject({ decision: "deny", class: "fault", code: "internal", rules: [{ rule: "p/r" }] });
  });

  it.each<[string, Parts]>([
    [
      "explaining throws",
      {
        policy: {
          explain: () => {
            throw new TypeError("a secret");
          },
        },
      },
    ],
    [
      "keeping throws",
      {
        explanations: {
          keep: () => {
            throw new TypeError("a secret");
          },
        },
      },
    ],
  ])("is decided the same when %s, which is told as a fault without content", async (_claim, parts) => {
    const { decision, kept, faults, receipts } = await decide(ASKED, { ruling: PERMIT, ...parts });
    expect(decision).toMatchObject({ kind: "allow", rule: "p/r" });
    expect(receipts).toMatchObject([{ decision: "allow", fault: null }]);
    expect(faults).toEqual(["explain not_explained: TypeError"]);
    expect(kept).toBeNull();
  });

  it("shows values as receipts do, and what is absent as absent", async () => {
    const { kept } = await decide(ASKED, {}, [
      explained({ path: ["args", "n"], saw: 7, sawKind: "number" }),
      explained({ path: ["args", "none"], saw: undefined, sawKind: "absent" }),
      explained({ operator: "eq_f", operand: ["args", "from"], saw: "a", against: "another secret" }),
      explained({ operator: "eq_f", operand: ["caller", "agent"], saw: "a", against: "finance-1" }),
      explained({ operator: "lt_f", operand: ["args", "max"], saw: 1, against: null }),
    ]);
    const atoms = kept?.rules.map((rule) => rule.conditions[0]?.clauses[0]?.[0]);
    expect(atoms?.map((atom) => [atom?.saw, atom?.against])).toEqual([
      [7, undefined],
      [undefined, undefined],
      ["hmac:h1", "hmac:h14"],
      ["hmac:h1", "finance-1"],
      [1, null],
    ]);
    expect(JSON.stringify(kept)).not.toContain("secret");
  });

  it("shows what rules match by, and the path as the receipt does", async () => {
    const dimensions: readonly DimensionExplanation[] = [
      { dimension: "agent", saw: "finance-1", truth: "true" },
      { dimension: "group", saw: ["treasury"], truth: "true" },
      { dimension: "path", saw: ["v1", "things"], truth: "true" },
    ];
    const { kept, receipts } = await decide(ASKED, {}, [explained({}, dimensions)]);
    expect(kept?.rules[0]?.match.dimensions).toEqual([...dimensions.slice(0, 2), { dimension: "path", saw: "/v1/things", truth: "true" }]);
    expect(receipts[0]?.call?.path).toBe("/v1/things");
  });

  it("shows no path in which a detector found something, and none that is hidden", async () => {
    const path = (saw: readonly string[] | null): DimensionExplanation => ({ dimension: "path", saw, truth: "unknown" });
    const found = { kind: "pii.ssn", place: { kind: "path" }, start: 0, end: 1, confidence: 1 } as const;
    const parts: Parts = {
      inspect: () => ({ findings: [found], cut: false }),
      policy: { reads: [{ host: "*", body: false, detectors: ["pii.ssn"] }] },
    };
    const { kept, receipts } = await decide(ASKED, parts, [explained({}, [path(["536-22-8145"]), path(null)])]);
    expect(kept?.rules[0]?.match.dimensions.map(({ saw }) => saw)).toEqual(["/[pii.ssn]", null]);
    expect(receipts[0]?.call?.path).toBe("/[pii.ssn]");
  });
});
