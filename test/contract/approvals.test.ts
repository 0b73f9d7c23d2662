import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openFileApprovals } from "../../src/approvals/approvals.file.ts";
import { createMemoryApprovals } from "../../src/approvals/approvals.memory.ts";
import { APPROVAL_LIMITS, type ApprovalLimits, type Approvals, type ApprovalsOptions } from "../../src/approvals/approvals.ts";
import type { Approval, ApprovalSubject } from "../../src/core/approval.ts";
import type { Person } from "../../src/core/person.ts";
import { DESCRIPTION, MINUTE, person, SUBJECT } from "../unit/approvals/subjects.ts";

type Opened = { readonly approvals: Approvals; readonly close: () => Promise<void> };
const ADAPTERS: readonly { name: string; open: (options: ApprovalsOptions) => Promise<Opened> }[] = [
  { name: "memory", open: async (options) => ({ approvals: createMemoryApprovals(options), close: async () => {} }) },
  {
    name: "file",
    open: async (options) => {
      const folder = await mkdtemp(join(tmpdir(), "sluice-approvals-"));
      const approvals = await openFileApprovals({ ...options, folder, rewriteAtBytes: 4096 });
      return {
        approvals,
        close: async () => {
          await approvals.close();
          await rm(folder, { recursive: true });
        },
      };
    },
  },
];

const NOW = 1_800_000_000_000;
const ANA = person("ana");
const BOB = person("bob", { groups: ["sales"] });

describe.each(ADAPTERS)("approvals in $name", ({ open }) => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  async function start(facts: { readonly limits?: Partial<ApprovalLimits>; readonly people?: readonly Person[] } = {}) {
    const told: string[] = [];
    const { approvals, close } = await open({
      people: facts.people ?? [ANA, BOB],
      limits: { ...APPROVAL_LIMITS, ...facts.limits },
      onTransition: (draft) => told.push(draft.kind === "approval" ? `${draft.approval.state} by ${draft.approval.by}` : draft.kind),
    });
    ends.push(close);
    return { approvals, told, ask: askOf(approvals) };
  }

  const askOf =
    (approvals: Approvals) =>
    async (subject: Partial<ApprovalSubject> = {}, nowMs = NOW): Promise<Approval> => {
      const result = await approvals.request({ ...SUBJECT, ...subject }, DESCRIPTION, nowMs);
      if (result.kind === "flood") throw new Error("flood");
      return result.approval;
    };
  const approve = (approvals: Approvals, id: string, nowMs = NOW) =>
    approvals.answer(id, { kind: "approve", by: ANA, reason: "ok" }, nowMs);
  const reject = (approvals: Approvals, id: string, nowMs = NOW) => approvals.answer(id, { kind: "reject", by: ANA, reason: "no" }, nowMs);

  it("has nothing before anyone asked", async () => {
    const { approvals } = await start();
    expect(approvals.find(SUBJECT, NOW)).toBe(null);
    expect(approvals.list({ state: null, tenants: "all", max: 10 }, NOW)).toEqual({ approvals: [], truncated: false });
    expect(approvals.read("apr_none", NOW)).toBe(null);
    expect(await approve(approvals, "apr_none")).toEqual({ kind: "unknown" });
    expect(await approvals.consume("apr_none", NOW)).toBe(false);
    expect(await approvals.restore("apr_none")).toBe(false);
  });

  it("makes a pending request that is found by its call", async () => {
    const { approvals, told, ask } = await start();
    const approval = await ask();
    expect(approval).toEqual({
      id: expect.stringMatching(/^apr_[0-9A-HJKMNP-TV-Z]{26}$/),
      subject: SUBJECT,
      description: DESCRIPTION,
      state: "pending",
      createdAtMs: NOW,
      expiresAtMs: NOW + 15 * MINUTE,
      useByMs: null,
      approvers: [],
      rejectedReason: null,
    });
    expect(approvals.find(SUBJECT, NOW)).toEqual(approval);
    expect(told).toEqual(["pending by null"]);
  });

  it.each([
    { what: "tenant", other: { tenant: "other" } },
    { what: "agent", other: { agent: "finance-2" } },
    { what: "rule", other: { rule: "payments/other" } },
    { what: "digest", other: { digest: "d2".repeat(32) } },
  ])("does not find a grant for another $what", async ({ other }) => {
    const { approvals, ask } = await start();
    await approve(approvals, (await ask()).id);
    expect(approvals.find({ ...SUBJECT, ...other }, NOW)).toBe(null);
    expect(approvals.find(SUBJECT, NOW)?.state).toBe("approved");
  });

  it("keeps apart keys that would be equal when joined", async () => {
    const { approvals, ask } = await start();
    await ask({ tenant: "a", agent: 'b","c' });
    expect(approvals.find({ ...SUBJECT, tenant: 'a","b', agent: "c" }, NOW)).toBe(null);
  });

  it("merges identical requests, also simultaneous ones", async () => {
    const { ask, told } = await start();
    const ids = new Set((await Promise.all([ask(), ask(), ask()])).map((one) => one.id));
    expect([...ids]).toEqual([(await ask()).id]);
    expect(told).toEqual(["pending by null"]);
  });

  it.each([
    { claim: "another group", requirement: { ...SUBJECT.requirement, from: ["board"] }, found: null },
    { claim: "a shorter use", requirement: { ...SUBJECT.requirement, useWithinMs: MINUTE }, found: null },
    { claim: "a further group", requirement: { ...SUBJECT.requirement, from: ["board", "treasury"] }, found: "approved" },
    { claim: "further people", requirement: { ...SUBJECT.requirement, people: ["zoe"] }, found: "approved" },
    { claim: "somebody excluded", requirement: { ...SUBJECT.requirement, exclude: ["ana"] }, found: null },
    { claim: "a reason required", requirement: { ...SUBJECT.requirement, note: true }, found: null },
    { claim: "two persons", requirement: { ...SUBJECT.requirement, count: 2 }, found: null },
  ])("judges a grant by today's requirement: $claim", async ({ requirement, found }) => {
    const { approvals, ask } = await start();
    await approve(approvals, (await ask()).id);
    expect(approvals.find({ ...SUBJECT, requirement }, NOW)?.state ?? null).toBe(found);
  });

  it("does not take a grant that people may have given who may not any more", async () => {
    const { approvals, ask } = await start();
    await approve(approvals, (await ask({ requirement: { ...SUBJECT.requirement, people: ["zoe"] } })).id);
    expect(approvals.find(SUBJECT, NOW)).toBe(null);
    expect(approvals.find({ ...SUBJECT, requirement: { ...SUBJECT.requirement, people: ["yan", "zoe"] } }, NOW)?.state).toBe("approved");
  });

  it("asks anew when the requirement has changed", async () => {
    const { approvals, ask } = await start();
    const old = await ask();
    const fresh = await ask({ requirement: { ...SUBJECT.requirement, from: ["board"] } });
    expect(fresh.id).not.toBe(old.id);
    expect(approvals.find(SUBJECT, NOW)?.id).toBe(old.id);
  });

  it("refuses an answer of who may not give it and stays pending", async () => {
    const { approvals, ask, told } = await start();
    const { id } = await ask();
    expect(await approvals.answer(id, { kind: "approve", by: BOB, reason: null }, NOW)).toEqual({
      kind: "not_allowed",
      why: "not_in_group",
    });
    expect(approvals.read(id, NOW)?.state).toBe("pending");
    expect(told).toEqual(["pending by null"]);
  });

  describe("that need two persons", () => {
    const CARL = person("carl");
    const TWO = { requirement: { ...SUBJECT.requirement, count: 2 } };
    const yes = (by: Person, reason: string | null = null) => ({ kind: "approve", by, reason }) as const;
    const startTwo = async () => {
      const started = await start({ people: [ANA, BOB, CARL] });
      return { ...started, id: (await started.ask(TWO)).id };
    };

    it("wait for the second after the first, and tell each yes", async () => {
      const { approvals, told, id } = await startTwo();
      const first = await approvals.answer(id, yes(ANA, "seen"), NOW);
      expect(first).toEqual({ kind: "answered", approval: approvals.read(id, NOW) });
      expect(approvals.find({ ...SUBJECT, ...TWO }, NOW)).toMatchObject({ id, state: "pending", approvers: ["ana"], useByMs: null });
      expect(await approvals.consume(id, NOW)).toBe(false);
      await approvals.answer(id, yes(CARL), NOW + MINUTE);
      expect(approvals.read(id, NOW + MINUTE)).toMatchObject({
        state: "approved",
        approvers: ["ana", "carl"],
        useByMs: NOW + 11 * MINUTE,
        expiresAtMs: NOW + 15 * MINUTE,
      });
      expect(told).toEqual(["pending by null", "pending by ana", "approved by carl"]);
      expect(await approvals.consume(id, NOW + MINUTE)).toBe(true);
    });

    it("refuse one person's second yes, also a simultaneous one", async () => {
      const { approvals, told, id } = await startTwo();
      const both = await Promise.all([approvals.answer(id, yes(ANA), NOW), approvals.answer(id, yes(ANA), NOW)]);
      expect(both.map(({ kind }) => kind)).toEqual(["answered", "said_already"]);
      expect(await approvals.answer(id, yes({ ...ANA }, "again"), NOW)).toEqual({ kind: "said_already" });
      expect(approvals.read(id, NOW)).toMatchObject({ state: "pending", approvers: ["ana"] });
      expect(told).toEqual(["pending by null", "pending by ana"]);
    });

    it("take two simultaneous yeses of two persons", async () => {
      const { approvals, id } = await startTwo();
      await Promise.all([approvals.answer(id, yes(CARL), NOW), approvals.answer(id, yes(ANA), NOW)]);
      expect(approvals.read(id, NOW)).toMatchObject({ state: "approved", approvers: ["carl", "ana"] });
    });

    it("do not count who may not answer", async () => {
      const { approvals, id } = await startTwo();
      await approvals.answer(id, yes(ANA), NOW);
      expect(await approvals.answer(id, yes(BOB), NOW)).toEqual({ kind: "not_allowed", why: "not_in_group" });
      expect(approvals.read(id, NOW)?.state).toBe("pending");
    });

    it("end with one no, also of who said yes", async () => {
      const { approvals, id } = await startTwo();
      await approvals.answer(id, yes(ANA), NOW);
      expect(await reject(approvals, id)).toMatchObject({ kind: "answered", approval: { state: "rejected", approvers: ["ana"] } });
      expect(await approvals.answer(id, yes(CARL), NOW)).toEqual({ kind: "not_open", state: "rejected" });
    });

    it("expire with one yes", async () => {
      const { approvals, id } = await startTwo();
      await approvals.answer(id, yes(ANA), NOW);
      expect(await approvals.answer(id, yes(CARL), NOW + 15 * MINUTE)).toEqual({ kind: "not_open", state: "expired" });
    });

    it("are not met by the grant of one", async () => {
      const { approvals, ask } = await start({ people: [ANA, CARL] });
      const one = await ask();
      await approve(approvals, one.id);
      expect(approvals.find({ ...SUBJECT, ...TWO }, NOW)).toBe(null);
      expect(approvals.find(SUBJECT, NOW)).toMatchObject({ id: one.id, state: "approved" });
      expect((await ask(TWO)).id).not.toBe(one.id);
    });
  });

  it("refuses a yes without the reason that is required, and takes a no without", async () => {
    const { approvals, ask } = await start();
    const { id } = await ask({ requirement: { ...SUBJECT.requirement, note: true } });
    for (const reason of [null, "", " \t"]) {
      expect(await approvals.answer(id, { kind: "approve", by: ANA, reason }, NOW)).toEqual({ kind: "reason_missing" });
    }
    expect(approvals.read(id, NOW)).toMatchObject({ state: "pending", approvers: [] });
    expect(await approve(approvals, id)).toMatchObject({ kind: "answered", approval: { state: "approved" } });
    const other = await ask({ digest: "2", requirement: { ...SUBJECT.requirement, note: true } });
    expect(await approvals.answer(other.id, { kind: "reject", by: ANA, reason: null }, NOW)).toMatchObject({ kind: "answered" });
  });

  it("takes one of two simultaneous answers", async () => {
    const { approvals, ask } = await start();
    const { id } = await ask();
    const [first, second] = await Promise.all([approve(approvals, id), reject(approvals, id)]);
    expect(first).toEqual({ kind: "answered", approval: approvals.read(id, NOW) });
    expect(second).toEqual({ kind: "not_open", state: "approved" });
    expect(approvals.read(id, NOW)).toMatchObject({
      state: "approved",
      approvers: ["ana"],
      useByMs: NOW + 10 * MINUTE,
      rejectedReason: null,
    });
  });

  it("gives the grant to one of fifty simultaneous repeats", async () => {
    const { approvals, ask, told } = await start();
    const { id } = await ask();
    await approve(approvals, id);
    const consumed = await Promise.all(Array.from({ length: 50 }, () => approvals.consume(id, NOW)));
    expect(consumed.filter(Boolean)).toHaveLength(1);
    expect(approvals.find(SUBJECT, NOW)).toBe(null);
    expect(await approvals.consume(id, NOW)).toBe(false);
    expect(told).toEqual(["pending by null", "approved by ana", "consumed by null"]);
  });

  it.each(["pending", "rejected"] as const)("does not consume a %s one", async (state) => {
    const { approvals, ask } = await start();
    const { id } = await ask();
    if (state === "rejected") await reject(approvals, id);
    expect(await approvals.consume(id, NOW)).toBe(false);
    expect(approvals.read(id, NOW)?.state).toBe(state);
  });

  it("gives a grant back once, and it is used once more", async () => {
    const { approvals, ask, told } = await start();
    const { id } = await ask();
    await approve(approvals, id);
    expect(await approvals.restore(id)).toBe(false);
    await approvals.consume(id, NOW);
    expect(await Promise.all([approvals.restore(id), approvals.restore(id)])).toEqual([true, false]);
    expect(await Promise.all([approvals.consume(id, NOW), approvals.consume(id, NOW)])).toEqual([true, false]);
    expect(told).toEqual(["pending by null", "approved by ana", "consumed by null", "approved by null", "consumed by null"]);
  });

  it("lets a grant that was given back lapse at its time", async () => {
    const { approvals, ask } = await start();
    const { id } = await ask();
    await approve(approvals, id);
    await approvals.consume(id, NOW);
    await approvals.restore(id);
    expect(await approvals.consume(id, NOW + 10 * MINUTE)).toBe(false);
    expect(approvals.read(id, NOW)?.state).toBe("lapsed");
  });

  it("tells a rejection until the request's life ends, then asks anew", async () => {
    const { approvals, ask } = await start();
    const { id } = await ask();
    expect(await reject(approvals, id)).toEqual({ kind: "answered", approval: approvals.read(id, NOW) });
    expect(approvals.find(SUBJECT, NOW + 15 * MINUTE - 1)).toMatchObject({ id, state: "rejected", rejectedReason: "no", approvers: [] });
    expect(await ask()).toMatchObject({ id, state: "rejected" });
    expect(approvals.find(SUBJECT, NOW + 15 * MINUTE)).toBe(null);
    expect((await ask({}, NOW + 15 * MINUTE)).id).not.toBe(id);
  });

  it("lets a rejection stand when the requirement has changed", async () => {
    const { approvals, ask } = await start();
    const { id } = await ask();
    await reject(approvals, id);
    expect(approvals.find({ ...SUBJECT, requirement: { ...SUBJECT.requirement, from: ["board"] } }, NOW)?.id).toBe(id);
  });

  it("expires a request at its time, once, whatever the clock does after", async () => {
    const { approvals, ask, told } = await start();
    const { id } = await ask();
    const end = NOW + 15 * MINUTE;
    expect(approvals.find(SUBJECT, end - 1)?.state).toBe("pending");
    expect(approvals.find(SUBJECT, end)).toBe(null);
    expect(await approve(approvals, id, NOW)).toEqual({ kind: "not_open", state: "expired" });
    expect(told).toEqual(["pending by null", "expired by null"]);
  });

  it("refuses an answer that comes at the end of the request's life", async () => {
    const { approvals, ask } = await start();
    const { id } = await ask();
    expect(await approve(approvals, id, NOW + 15 * MINUTE)).toEqual({ kind: "not_open", state: "expired" });
  });

  it("lapses a grant at its time", async () => {
    const { approvals, ask } = await start();
    const { id } = await ask();
    await approve(approvals, id, NOW + MINUTE);
    expect(approvals.find(SUBJECT, NOW + 11 * MINUTE - 1)?.state).toBe("approved");
    expect(await approvals.consume(id, NOW + 11 * MINUTE)).toBe(false);
    expect(approvals.read(id, NOW)?.state).toBe("lapsed");
    expect(approvals.find(SUBJECT, NOW)).toBe(null);
  });

  it("keeps an agent's flood from other agents", async () => {
    const { approvals, ask } = await start({ limits: { pendingPerAgentMax: 2 } });
    await ask({ digest: "1" });
    const second = await ask({ digest: "2" });
    expect(await approvals.request({ ...SUBJECT, digest: "3" }, DESCRIPTION, NOW)).toEqual({ kind: "flood" });
    expect((await ask({ digest: "2" })).id).toBe(second.id);
    expect((await ask({ agent: "finance-2", digest: "3" })).state).toBe("pending");
    expect((await ask({ tenant: "other", digest: "3" })).state).toBe("pending");
    await reject(approvals, second.id);
    expect((await ask({ digest: "3" })).state).toBe("pending");
  });

  it("admits no more at once than one after another", async () => {
    const { approvals } = await start({ limits: { pendingPerAgentMax: 2 } });
    const results = await Promise.all(["1", "2", "3", "4"].map((digest) => approvals.request({ ...SUBJECT, digest }, DESCRIPTION, NOW)));
    expect(results.map((one) => one.kind)).toEqual(["asked", "asked", "flood", "flood"]);
  });

  it("frees an agent's places when its requests expire", async () => {
    const { ask } = await start({ limits: { pendingPerAgentMax: 1 } });
    await ask({ digest: "1" });
    expect((await ask({ digest: "2" }, NOW + 15 * MINUTE)).state).toBe("pending");
  });

  it("frees an agent's place at once, also within a second", async () => {
    const { ask } = await start({ limits: { pendingPerAgentMax: 1 } });
    await ask({ digest: "1", requirement: { ...SUBJECT.requirement, expiresMs: 500 } });
    expect((await ask({ digest: "2" }, NOW + 500)).state).toBe("pending");
  });

  it("bounds a tenant whose agents have many names, and no other tenant", async () => {
    const { approvals, ask } = await start({ limits: { pendingPerTenantMax: 2 } });
    await ask({ agent: "a-1" });
    await ask({ agent: "a-2" });
    expect(await approvals.request({ ...SUBJECT, agent: "a-3" }, DESCRIPTION, NOW)).toEqual({ kind: "flood" });
    expect((await ask({ tenant: "other", agent: "a-3" })).state).toBe("pending");
    expect((await ask({ agent: "a-3" }, NOW + 15 * MINUTE)).state).toBe("pending");
  });

  it("lists by state and tenant, newest first, and says what it left out", async () => {
    const { approvals, ask } = await start();
    const first = await ask({ digest: "1" });
    const second = await ask({ digest: "2" });
    const other = await ask({ tenant: "other", digest: "3" });
    await approve(approvals, first.id);
    const ids = (state: Approval["state"] | null, tenants: readonly string[] | "all", max = 10) => {
      const page = approvals.list({ state, tenants, max }, NOW);
      return [...page.approvals.map((one) => one.id), page.truncated];
    };
    expect(ids(null, "all")).toEqual([other.id, second.id, first.id, false]);
    expect(ids("pending", ["default"])).toEqual([second.id, false]);
    expect(ids("approved", "all")).toEqual([first.id, false]);
    expect(ids(null, [])).toEqual([false]);
    expect(ids(null, "all", 2)).toEqual([other.id, second.id, true]);
    expect(approvals.list({ state: "pending", tenants: "all", max: 10 }, NOW + 15 * MINUTE).approvals).toEqual([]);
  });

  it("forgets what is long closed, and never what is open", async () => {
    const { approvals, ask } = await start({ limits: { closedKeptMs: MINUTE, closedMax: 2 } });
    const old = await ask({ digest: "1" });
    const later = NOW + 16 * MINUTE + 1;
    const open = await ask({ digest: "2" }, later);
    await ask({ digest: "3" }, later + 1000);
    expect(approvals.read(old.id, later)).toBe(null);
    expect(approvals.read(open.id, later)?.state).toBe("pending");
    const rest = await Promise.all(["4", "5", "6"].map((digest) => ask({ digest }, later)));
    for (const { id } of rest) {
      await approve(approvals, id, later);
      await approvals.consume(id, later);
    }
    const listed = approvals.list({ state: "consumed", tenants: "all", max: 10 }, later + 5000).approvals;
    expect(listed.map((one) => one.id)).toEqual([rest[2]?.id, rest[1]?.id]);
  });

  it("cuts what approvers read to a length they can read, and shows that it did", async () => {
    const { approvals } = await start();
    const result = await approvals.request(SUBJECT, { ...DESCRIPTION, summary: `${"x".repeat(499)}😀y`, path: "/".repeat(9000) }, NOW);
    expect(result).toMatchObject({
      approval: { description: { summary: `${"x".repeat(499)}\ufffd… [cut]`, path: `${"/".repeat(2048)}… [cut]`, host: "api.stripe.com" } },
    });
  });
});
