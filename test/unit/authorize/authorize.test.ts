import { describe, expect, it } from "vitest";
import { createMemoryApprovals } from "../../../src/approvals/approvals.memory.ts";
import { APPROVAL_LIMITS } from "../../../src/approvals/approvals.ts";
import { createAuthorize } from "../../../src/authorize/authorize.ts";
import { createMemoryLedger } from "../../../src/limits/ledger.memory.ts";
import { ASK, CALL, createWorld, DENY, type Parts, PERMIT, PERMIT_LIMITED, UNMATCHED } from "./a-world.ts";

const DEADLINE_US = 1_000_000;
const PERSON = { name: "ana", operator: "ana", subjects: [], owns: [], groups: ["treasury"] };

const decide = (parts: Parts = {}) => {
  const { world, receipts } = createWorld(parts);
  const authorize = createAuthorize(world);
  return { receipts, world, once: (call = CALL) => authorize({ kind: "call", call }, DEADLINE_US) };
};

describe("the path of a call", () => {
  it("answers without waiting where nothing waits", () => {
    expect(decide().once()).not.toBeInstanceOf(Promise);
    expect(decide({ ruling: PERMIT_LIMITED }).once()).not.toBeInstanceOf(Promise);
  });

  it("allows what a rule permits, and takes the credentials off", () => {
    const { once, receipts } = decide();
    expect(once()).toMatchObject({
      kind: "allow",
      rule: "p/r",
      changes: { path: null, authority: null, set: [], remove: ["x-sluice-token"] },
    });
    expect(receipts).toMatchObject([
      { decision: "allow", rule: "p/r", tenant: "default", policy: { revision: "r1" }, call: { host: "api.example.com" } },
    ]);
  });

  it("tells a deny in the rule's own words", () => {
    expect(decide({ ruling: DENY }).once()).toMatchObject({
      kind: "deny",
      class: "policy",
      code: "not_here",
      message: "Not here.",
      rule: "p/r",
    });
  });

  it("names a guardrail's rule where that decided", () => {
    const by = { rule: "guardrail:fleet/no", code: null, reason: null, hint: null };
    const { once, receipts } = decide({ ruling: { ...DENY, by: [by] } });
    expect(once()).toMatchObject({ class: "policy", code: "denied_by_rule", rule: "guardrail:fleet/no" });
    expect(receipts).toMatchObject([{ rule: "guardrail:fleet/no", reasons: ["guardrail:fleet/no"] }]);
  });

  it("sets what a rule says, names it in the record without its value, and covers it by the digest", () => {
    const withTeam = (value: string) => {
      const { once, receipts } = decide({ ruling: { ...PERMIT, sets: [{ name: "x-team", value }] } });
      expect(once()).toMatchObject({ kind: "allow", changes: { set: [{ name: "x-team", value }], remove: ["x-sluice-token"] } });
      expect(receipts).toMatchObject([{ obligations: ["remove_header:x-sluice-token", "set_header:x-team"] }]);
      expect(JSON.stringify(receipts)).not.toContain(value);
      return receipts[0]?.call?.digest;
    };
    expect(withTeam("blue-team")).not.toBe(withTeam("green-team"));
  });

  it.each(["content-length", "x-envoy-retry-on", "x-sluice-decision", ":path"])("never sets %s, whatever the bundle says", (name) => {
    const { once, receipts } = decide({ ruling: { ...PERMIT, sets: [{ name, value: "1" }] } });
    expect(once()).toMatchObject({ kind: "deny", class: "fault", code: "internal" });
    expect(receipts).toMatchObject([{ fault: "Error: a header that may not be set" }]);
  });

  it("never sets a value that could split a message", () => {
    const { once } = decide({ ruling: { ...PERMIT, sets: [{ name: "x-team", value: "a\r\nx: y" }] } });
    expect(once()).toMatchObject({ kind: "deny", class: "fault", code: "internal" });
  });

  it("refuses what came unread or too late, each with a record", () => {
    const { world, receipts } = createWorld();
    const authorize = createAuthorize(world);
    expect(authorize({ kind: "unreadable", reason: "not_protobuf", traceparent: null }, DEADLINE_US)).toMatchObject({
      class: "malformed",
      code: "request_invalid",
    });
    expect(authorize({ kind: "overloaded", traceparent: null }, DEADLINE_US)).toMatchObject({ class: "fault", code: "overloaded" });
    expect(receipts).toMatchObject([{ code: "request_invalid", tenant: null, fault: "not_protobuf" }, { code: "overloaded" }]);
  });

  it("refuses a revoked agent after its token, before its call is read", () => {
    const { once, receipts } = decide({ revocations: { find: () => ({ reason: "stolen" }) } });
    expect(once()).toMatchObject({ class: "revoked", code: "agent_revoked" });
    expect(receipts).toMatchObject([{ caller: { agent: "finance-1" }, call: { digest: null } }]);
  });

  it("asks, and lets the approved call pass once", async () => {
    const approvals = createMemoryApprovals({ people: [PERSON], limits: APPROVAL_LIMITS, onTransition: () => {} });
    const { once, world } = decide({ ruling: ASK, approvals });
    const asked = await once();
    expect(asked).toMatchObject({ kind: "approval_needed", code: "approval_required", approval: { status: "pending" } });
    const id = asked.kind === "approval_needed" ? asked.approval.id : "";
    expect(await approvals.answer(id, { kind: "approve", by: PERSON, reason: null }, world.clock.nowMs())).toMatchObject({
      kind: "answered",
    });
    const [first, second] = await Promise.all([once(), once()]);
    expect([first?.kind, second?.kind].sort()).toEqual(["allow", "approval_needed"]);
    expect(await once()).toMatchObject({ kind: "approval_needed" });
  });

  it("shows no path in which something was found", () => {
    const { once, receipts } = decide({ policy: { reads: [{ host: "*", body: false, detectors: ["pii.ssn"] }] } });
    once({ ...CALL, method: "GET", target: "/people/536-22-8145", body: { kind: "none" } });
    expect(receipts).toMatchObject([{ call: { path: "/[pii.ssn]" }, findings: [{ kind: "pii.ssn", where: "path", count: 1 }] }]);
    expect(JSON.stringify(receipts)).not.toContain("536-22-8145");
  });

  it("records a change that no proxy may make as the fault that it is answered as", () => {
    const obligations = [{ kind: "redact_header", name: "x y", with: "mask", on: "default", rule: "p/r" }] as const;
    const { once, receipts } = decide({ ruling: { ...PERMIT, obligations } });
    const headers = new Map([...CALL.headers, ["x y", "secret"]]);
    expect(once({ ...CALL, headers })).toMatchObject({ kind: "deny", class: "fault", code: "internal" });
    expect(receipts).toMatchObject([{ decision: "deny", class: "fault", hold: null }]);
  });

  it("makes no approval of a body that was not wholly seen", async () => {
    const { once } = decide({ ruling: ASK });
    for (const kind of ["unseen", "partial"] as const) {
      const body = kind === "partial" ? ({ kind, bytes: Buffer.from("{") } as const) : ({ kind } as const);
      expect(await once({ ...CALL, body })).toMatchObject({ class: "malformed", code: "body_partial" });
    }
  });
});

describe("a tenant in shadow", () => {
  it.each([
    { name: "deny", parts: { ruling: DENY }, shadow: { decision: "deny", class: "policy", code: "not_here", rule: "p/r" } },
    { name: "ask", parts: { ruling: ASK }, shadow: { decision: "approval_needed", class: null, code: "approval_required", rule: "p/r" } },
    { name: "permit", parts: { ruling: PERMIT }, shadow: null },
  ])("answers allow where it would $name, and says so", async ({ parts, shadow }) => {
    const { once, receipts } = decide(inShadow(parts));
    expect(await once()).toMatchObject({ kind: "allow", changes: { path: null, set: [], remove: ["x-sluice-token"] }, facts: { shadow } });
    expect(receipts).toMatchObject([{ decision: "allow", mode: "shadow", shadow }]);
  });

  it("charges a copy of the limits", async () => {
    const ledger = createMemoryLedger();
    const watching = decide(inShadow({ ruling: PERMIT_LIMITED, ledger }));
    expect(await watching.once()).toMatchObject({ facts: { shadow: null } });
    expect(await watching.once()).toMatchObject({ kind: "allow", facts: { shadow: { class: "limit", code: "rate_exceeded" } } });
    expect(await decide({ ruling: PERMIT_LIMITED, ledger }).once()).toMatchObject({ kind: "allow" });
  });

  it("opens no approval", async () => {
    const approvals = createMemoryApprovals({ people: [], limits: APPROVAL_LIMITS, onTransition: () => {} });
    const { once, world } = decide(inShadow({ ruling: ASK, approvals }));
    await once();
    expect(approvals.list({ state: null, tenants: "all", max: 10 }, world.clock.nowMs()).approvals).toEqual([]);
  });
});

describe("a rule in shadow", () => {
  const shadow = (decision: "deny" | "approval_needed" | "allow") => [{ decision, rule: "p/s", code: null }];

  it("is told where it would have been stricter, and changes nothing", () => {
    expect(decide({ ruling: { ...PERMIT, shadow: shadow("deny") } }).once()).toMatchObject({
      kind: "allow",
      facts: { shadow: { decision: "deny", class: "policy", code: "denied_by_rule", rule: "p/s" } },
    });
  });

  it("is told where it would have permitted what no rule permits", () => {
    expect(decide({ ruling: { ...UNMATCHED, shadow: shadow("allow") } }).once()).toMatchObject({
      code: "no_matching_rule",
      facts: { shadow: { decision: "allow" } },
    });
  });

  it("is not told where it would have changed nothing", () => {
    expect(decide({ ruling: { ...DENY, shadow: shadow("deny") } }).once()).toMatchObject({ facts: { shadow: null } });
    expect(decide({ ruling: { ...PERMIT, shadow: shadow("allow") } }).once()).toMatchObject({ facts: { shadow: null } });
  });
});

function inShadow(parts: Parts): Parts {
  const tenant = createWorld(parts).world.soleTenant();
  if (tenant === null) throw new Error("the sample world has no tenant");
  return { ...parts, tenant: { policy: tenant.policy, mode: "shadow" } };
}
