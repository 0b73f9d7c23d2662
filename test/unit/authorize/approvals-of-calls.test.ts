import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createMemoryApprovals } from "../../../src/approvals/approvals.memory.ts";
import { APPROVAL_LIMITS } from "../../../src/approvals/approvals.ts";
import { createAuthorize } from "../../../src/authorize/authorize.ts";
import type { Call } from "../../../src/core/call.ts";
import type { Decision } from "../../../src/core/decision.ts";
import type { Person } from "../../../src/core/person.ts";
import type { ReceiptDraft } from "../../../src/core/receipt.ts";
import type { ApprovalRequirement, HeaderSet } from "../../../src/core/ruling.ts";
import { person } from "../approvals/subjects.ts";
import { policy } from "../understanding/catalogue.ts";
import { FORM_TYPE, makeCall } from "../understanding/make-call.ts";
import { ASK, createWorld, NOW, type Parts, REQUIREMENT } from "./a-world.ts";

const DEADLINE_US = 1_000_000;
const [ANA, BEN] = [person("ana"), person("ben")];
const PSEUDONYMS = { hmacHex: (text: string) => createHmac("sha256", "key").update(text).digest("hex") };

function start(requirement: Partial<ApprovalRequirement> = {}, parts: Parts = {}) {
  const told: ReceiptDraft[] = [];
  const approvals = createMemoryApprovals({ people: [ANA, BEN], limits: APPROVAL_LIMITS, onTransition: (draft) => told.push(draft) });
  const ruling = { ...ASK, requirements: [{ ...REQUIREMENT, ...requirement }] };
  const { world, receipts } = createWorld({
    ruling,
    approvals,
    policy: { catalogue: policy().catalogue },
    pseudonyms: PSEUDONYMS,
    ...parts,
  });
  const authorize = createAuthorize(world);
  return {
    receipts,
    told,
    send: async (sent: Call) => authorize({ kind: "call", call: sent }, DEADLINE_US),
    yes: (id: string, by: Person, reason: string | null = null) => approvals.answer(id, { kind: "approve", by, reason }, NOW),
  };
}

function pay(form: Readonly<Record<string, string>>): Call {
  const headers = { ...FORM_TYPE, "x-sluice-token": "t" };
  return makeCall({
    method: "POST",
    authority: "api.pay.example",
    target: "/v1/payments",
    headers,
    body: new URLSearchParams(form).toString(),
  });
}

const idOf = (decision: Decision) => (decision.kind === "approval_needed" ? decision.approval.id : "");
const PAYMENT = { amount: "900000", currency: "usd", destination: "acct_1" };

describe("a call that two persons must approve", () => {
  it("passes once after the second yes, and tells how many are given and never by whom", async () => {
    const { send, yes, receipts, told } = start({ count: 2 });
    const asked = await send(pay(PAYMENT));
    const id = idOf(asked);
    expect(asked).toMatchObject({
      kind: "approval_needed",
      hint: `Make exactly this call again after approval ${id} (0 of 2 given).`,
      approval: { status: "pending", given: 0, needed: 2 },
    });
    await yes(id, ANA);
    const again = await send(pay(PAYMENT));
    expect(again).toMatchObject({
      kind: "approval_needed",
      hint: `Make exactly this call again after approval ${id} (1 of 2 given).`,
      approval: { id, status: "pending", given: 1, needed: 2 },
    });
    expect(JSON.stringify(again)).not.toContain("ana");
    await yes(id, BEN);
    const [first, second] = await Promise.all([send(pay(PAYMENT)), send(pay(PAYMENT))]);
    expect([first?.kind, second?.kind].sort()).toEqual(["allow", "approval_needed"]);
    expect(receipts.map(({ approval }) => approval?.approvers)).toEqual([[], ["ana"], ["ana", "ben"], []]);
    expect(told.map((draft) => (draft.kind === "approval" ? `${draft.approval.state} by ${draft.approval.by}` : ""))).toEqual([
      "pending by null",
      "pending by ana",
      "approved by ben",
      "consumed by null",
      "pending by null",
    ]);
  });

  it("is told in the ordinary words where one is enough", async () => {
    const asked = await start().send(pay(PAYMENT));
    expect(asked).toMatchObject({ hint: `Make exactly this call again after approval ${idOf(asked)}.`, approval: { given: 0, needed: 1 } });
  });
});

describe("a call that two rules ask about", () => {
  const rule = (name: string) => ({ rule: `p/${name}`, code: null, reason: null, hint: null });
  const BOTH = { ...ASK, by: [rule("a"), rule("b")] as const, requirements: [REQUIREMENT, REQUIREMENT] };

  it("needs a grant of each, and asks for the one after the other", async () => {
    const { send, yes } = start({}, { ruling: BOTH });
    const first = await send(pay(PAYMENT));
    await yes(idOf(first), ANA);
    const second = await send(pay(PAYMENT));
    expect([first, second]).toMatchObject([{ rule: "p/a" }, { rule: "p/b" }]);
    await yes(idOf(second), ANA);
    expect(await send(pay(PAYMENT))).toMatchObject({ kind: "allow" });
    expect(await send(pay(PAYMENT))).toMatchObject({ kind: "approval_needed", rule: "p/a" });
  });

  it("asks for the one whose grant another call used up meanwhile", async () => {
    const approvals = createMemoryApprovals({ people: [ANA], limits: APPROVAL_LIMITS, onTransition: () => {} });
    const used = new Set<string>();
    const consume: typeof approvals.consume = async (id, nowMs) => !used.has(id) && approvals.consume(id, nowMs);
    const { send } = start({}, { ruling: BOTH, approvals: { ...approvals, consume } });
    const ids: string[] = [];
    for (const _each of [1, 2]) {
      const id = idOf(await send(pay(PAYMENT)));
      await approvals.answer(id, { kind: "approve", by: ANA, reason: null }, NOW);
      ids.push(id);
    }
    used.add(ids[1] ?? "");
    expect(await send(pay(PAYMENT))).toMatchObject({ kind: "approval_needed", rule: "p/b" });
    expect(approvals.read(ids[0] ?? "", NOW)?.state).toBe("approved");
  });
});

describe("an approval that is bound to arguments", () => {
  it("lets a call with the same ones pass, whatever else it says, and once", async () => {
    const { send, yes } = start({ bind: ["to"] });
    await yes(idOf(await send(pay(PAYMENT))), ANA);
    expect(await send(pay({ ...PAYMENT, amount: "1", memo: "other" }))).toMatchObject({ kind: "allow" });
    expect(await send(pay(PAYMENT))).toMatchObject({ kind: "approval_needed" });
  });

  it("lets none with another one pass", async () => {
    const { send, yes } = start({ bind: ["to", "amount"] });
    await yes(idOf(await send(pay(PAYMENT))), ANA);
    expect(await send(pay({ ...PAYMENT, destination: "acct_2" }))).toMatchObject({ kind: "approval_needed" });
    expect(await send(pay({ ...PAYMENT, amount: "900001" }))).toMatchObject({ kind: "approval_needed" });
    expect(await send(pay({ ...PAYMENT, currency: "eur" }))).toMatchObject({ kind: "allow" });
  });

  it("is one of the whole call where an argument is absent", async () => {
    const { destination: _, ...form } = PAYMENT;
    const { send, yes } = start({ bind: ["to", "amount"] });
    await yes(idOf(await send(pay(form))), ANA);
    expect(await send(pay({ ...form, memo: "other" }))).toMatchObject({ kind: "approval_needed" });
    expect(await send(pay(form))).toMatchObject({ kind: "allow" });
  });

  it("keeps the call's own digest in its receipt", async () => {
    const { send, receipts, told } = start({ bind: ["to"] });
    await send(pay(PAYMENT));
    await send(pay({ ...PAYMENT, memo: "other" }));
    const [one, other] = receipts.map(({ call }) => call?.digest);
    expect(one).not.toBe(other);
    expect(told).toHaveLength(1);
  });
});

describe("an approval that was given before headers were set otherwise", () => {
  it("does not cover them", async () => {
    let sets: readonly HeaderSet[] = [{ name: "x-team", value: "finance" }];
    const { send, yes } = start({}, { policy: { catalogue: policy().catalogue, decide: () => ({ ...ASK, sets }) } });
    await yes(idOf(await send(pay(PAYMENT))), ANA);
    sets = [{ name: "x-team", value: "root" }];
    expect(await send(pay(PAYMENT))).toMatchObject({ kind: "approval_needed" });
    sets = [{ name: "x-team", value: "finance" }];
    expect(await send(pay(PAYMENT))).toMatchObject({ kind: "allow", changes: { set: [{ name: "x-team", value: "finance" }] } });
  });
});
