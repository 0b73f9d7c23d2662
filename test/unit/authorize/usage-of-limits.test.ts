import { describe, expect, it } from "vitest";
import { createAuthorize } from "../../../src/authorize/authorize.ts";
import type { PreparedPolicy } from "../../../src/core/policy.ts";
import type { PolicyInput } from "../../../src/core/policy-input.ts";
import type { Limit, Ruling } from "../../../src/core/ruling.ts";
import { createMemoryLedger } from "../../../src/limits/ledger.memory.ts";
import { CALL, createWorld, DENY, type Parts, PERMIT, RATE } from "./a-world.ts";

const DEADLINE_US = 1_000_000;
const CALLS: Limit = { ...RATE, id: "p/calls", bound: { kind: "rate", count: 4, periodMs: 1000, burst: 4 } };
const BY_GROUP: Limit = { ...CALLS, per: ["group"] };

/** A policy that reads the usage of limits and charges them. */
function start(limits: readonly Limit[], parts: Parts = {}, ruling: Ruling = { ...PERMIT, limits }) {
  const seen: PolicyInput["usage"][] = [];
  const decide = (input: PolicyInput) => {
    seen.push(input.usage);
    return ruling;
  };
  const { policy, ...rest } = parts;
  const { world, receipts } = createWorld({ ...rest, policy: { usage: limits, decide, ...policy } });
  const authorize = createAuthorize(world);
  return { seen, receipts, send: () => authorize({ kind: "call", call: CALL }, DEADLINE_US) };
}

describe("the usage of limits", () => {
  it("is what the calls before have charged, told without waiting", () => {
    const { send, seen } = start([CALLS]);
    expect(send()).not.toBeInstanceOf(Promise);
    send();
    expect(seen).toEqual([{ "p/calls": { used: 0, remaining: 4, share: 0 } }, { "p/calls": { used: 1, remaining: 3, share: 0.25 } }]);
  });

  it("is not looked for where the policy reads none", () => {
    const { send, seen } = start([CALLS], { policy: { usage: [] } });
    send();
    expect(seen).toEqual([{}]);
  });

  it("does not grow by calls that are refused", () => {
    const { send, seen } = start([CALLS], {}, { ...DENY, limits: [CALLS] });
    send();
    send();
    expect(seen.at(-1)).toEqual({ "p/calls": { used: 0, remaining: 4, share: 0 } });
  });

  it("is waited for where the ledger is elsewhere", async () => {
    const ledger = createMemoryLedger();
    const far = { ...ledger, usage: async (...args: Parameters<typeof ledger.usage>) => ledger.usage(...args) };
    const { send, seen } = start([CALLS], { ledger: far });
    expect(await send()).toMatchObject({ kind: "allow" });
    expect(seen).toEqual([{ "p/calls": { used: 0, remaining: 4, share: 0 } }]);
  });

  it.each([
    ["throws", () => Promise.reject(new Error("ledger down"))],
    ["tells too little", () => []],
  ])("is a fault where the ledger %s", async (_, usage) => {
    const { send, seen } = start([CALLS], { ledger: { ...createMemoryLedger(), usage } });
    expect(await send()).toMatchObject({ kind: "deny", class: "fault", code: "internal" });
    expect(seen).toEqual([]);
  });

  it("is that of its own copy in shadow", () => {
    const ledger = createMemoryLedger();
    start([CALLS], { ledger }).send();
    const tenant = createWorld({ policy: { usage: [CALLS] } }).world.soleTenant();
    if (tenant?.policy.kind !== "ready") throw new Error("the sample world has no policy");
    const seen: PolicyInput["usage"][] = [];
    const decide = (input: PolicyInput) => {
      seen.push(input.usage);
      return { ...PERMIT, limits: [CALLS] };
    };
    const opened = tenant.policy.open();
    const watched = { ...tenant.policy, open: () => ({ ...opened, policy: { ...opened.policy, decide } }) };
    const { world } = createWorld({ ledger, tenant: { mode: "shadow", policy: watched } });
    for (let i = 0; i < 2; i++) createAuthorize(world)({ kind: "call", call: CALL }, DEADLINE_US);
    expect(seen.map((usage) => usage["p/calls"]?.used)).toEqual([0, 1]);
  });
});

describe("a limit per group", () => {
  const inGroups = (...groups: readonly string[]): Partial<PreparedPolicy> => ({ groupsOf: () => groups });

  it("charges each of the caller's groups, those of the policy's files included", () => {
    const ledger = createMemoryLedger();
    const both = start([BY_GROUP], { ledger, policy: inGroups("finance", "treasury") });
    const one = start([BY_GROUP], { ledger, policy: inGroups("treasury") });
    both.send();
    one.send();
    one.send();
    one.send();
    expect(one.send()).toMatchObject({ class: "limit", code: "rate_exceeded", rule: "p/calls" });
    expect(both.send()).toMatchObject({ class: "limit", code: "rate_exceeded", rule: "p/calls" });
    expect(start([BY_GROUP], { ledger, policy: inGroups("finance") }).send()).toMatchObject({ kind: "allow" });
  });

  it("is one limit in the record, with what is left for the group that has least", () => {
    const ledger = createMemoryLedger();
    start([BY_GROUP], { ledger, policy: inGroups("treasury") }).send();
    const { send, receipts, seen } = start([BY_GROUP], { ledger, policy: inGroups("finance", "treasury", "ops") });
    send();
    expect(receipts).toMatchObject([{ limits: [{ id: "p/calls", remaining: 2 }] }]);
    expect(seen).toEqual([{ "p/calls": { used: 1, remaining: 3, share: 0.25 } }]);
  });

  it("holds callers of no group together", () => {
    const { send } = start([BY_GROUP]);
    expect([send(), send(), send(), send(), send()].map((decision) => ("kind" in decision ? decision.kind : ""))).toEqual([
      ...["allow", "allow", "allow", "allow"],
      "deny",
    ]);
  });
});
