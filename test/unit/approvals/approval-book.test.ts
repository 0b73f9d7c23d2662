import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createApprovalBook } from "../../../src/approvals/approval-book.ts";
import { APPROVAL_LIMITS } from "../../../src/approvals/approvals.ts";
import { moveApproval, TRANSITIONS } from "../../../src/approvals/transitions.ts";
import type { Approval, ApprovalState } from "../../../src/core/approval.ts";
import { DESCRIPTION, MINUTE, person, SUBJECT } from "./subjects.ts";

const NOW = 1_800_000_000_000;
const ANA = person("ana");
const BEN = person("ben");

/** A book whose saves end when and how the test says. */
function createHeldBook() {
  const held: { readonly keep: () => void; readonly lose: () => void }[] = [];
  const told: string[] = [];
  const book = createApprovalBook({
    people: [ANA, BEN],
    limits: APPROVAL_LIMITS,
    saved: [],
    save: () => new Promise((keep, lose) => held.push({ keep, lose: () => lose(new Error("disk")) })),
    onTransition: (draft) => told.push(draft.kind === "approval" ? draft.approval.state : draft.kind),
  });
  return { book, held, told };
}

async function startApproved() {
  const { book, held, told } = createHeldBook();
  const asking = book.request(SUBJECT, DESCRIPTION, NOW);
  held.shift()?.keep();
  const asked = await asking;
  if (asked.kind === "flood") throw new Error("flood");
  const { id } = asked.approval;
  const approving = book.answer(id, { kind: "approve", by: ANA, reason: null }, NOW);
  held.shift()?.keep();
  await approving;
  return { book, held, told, id };
}

describe("a change that cannot be kept", () => {
  it("leaves no request behind, and tells nobody", async () => {
    const { book, held, told } = createHeldBook();
    const asking = book.request(SUBJECT, DESCRIPTION, NOW);
    const joining = book.request(SUBJECT, DESCRIPTION, NOW);
    held.shift()?.lose();
    await expect(asking).rejects.toThrow("disk");
    await expect(joining).rejects.toThrow("disk");
    expect(book.find(SUBJECT, NOW)).toBe(null);
    expect(told).toEqual([]);
  });

  it("gives the grant back whose use was not kept", async () => {
    const { book, held, told, id } = await startApproved();
    const consuming = book.consume(id, NOW);
    expect(book.find(SUBJECT, NOW)).toBe(null);
    held.shift()?.lose();
    await expect(consuming).rejects.toThrow("disk");
    expect(book.find(SUBJECT, NOW)?.state).toBe("approved");
    expect(told).toEqual(["pending", "approved"]);
  });

  it("goes back to what lasts when two in a row are lost", async () => {
    const { book, held } = createHeldBook();
    const asking = book.request(SUBJECT, DESCRIPTION, NOW);
    held.shift()?.keep();
    const asked = await asking;
    const id = asked.kind === "asked" ? asked.approval.id : "";
    const approving = book.answer(id, { kind: "approve", by: ANA, reason: null }, NOW);
    const consuming = book.consume(id, NOW);
    for (const one of held.splice(0)) one.lose();
    await expect(approving).rejects.toThrow("disk");
    await expect(consuming).rejects.toThrow("disk");
    expect(book.read(id, NOW)?.state).toBe("pending");
  });

  it("does not open again what a later change has used", async () => {
    const { book, held } = createHeldBook();
    const asking = book.request(SUBJECT, DESCRIPTION, NOW);
    held.shift()?.keep();
    const asked = await asking;
    const id = asked.kind === "asked" ? asked.approval.id : "";
    const approving = book.answer(id, { kind: "approve", by: ANA, reason: null }, NOW);
    const consuming = book.consume(id, NOW);
    held.shift()?.lose();
    await expect(approving).rejects.toThrow("disk");
    expect(book.read(id, NOW)?.state).toBe("consumed");
    held.shift()?.keep();
    expect(await consuming).toBe(true);
    expect(book.read(id, NOW)?.state).toBe("consumed");
  });

  it("adds a second yes to none that was lost", async () => {
    const { book, held, told } = createHeldBook();
    const requirement = { ...SUBJECT.requirement, count: 2 };
    const asking = book.request({ ...SUBJECT, requirement }, DESCRIPTION, NOW);
    held.shift()?.keep();
    const asked = await asking;
    const id = asked.kind === "asked" ? asked.approval.id : "";
    const first = book.answer(id, { kind: "approve", by: ANA, reason: null }, NOW);
    const second = book.answer(id, { kind: "approve", by: BEN, reason: null }, NOW);
    held.shift()?.lose();
    await expect(first).rejects.toThrow("disk");
    await vi.waitFor(() => expect(held).toHaveLength(1));
    held.shift()?.keep();
    await second;
    expect(book.read(id, NOW)).toMatchObject({ state: "pending", approvers: ["ben"] });
    expect(told).toEqual(["pending", "pending"]);
  });

  it("does not hold up what time ends", async () => {
    const { book, held, id } = await startApproved();
    expect(book.read(id, NOW + 10 * MINUTE)?.state).toBe("lapsed");
    for (const one of held.splice(0)) one.lose();
    expect(book.read(id, NOW + 10 * MINUTE)?.state).toBe("lapsed");
  });
});

it("resolves no use of a grant before it is kept", async () => {
  const { book, held, id } = await startApproved();
  let resolved = false;
  const consuming = book.consume(id, NOW).then((yes) => {
    resolved = true;
    return yes;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(resolved).toBe(false);
  held.shift()?.keep();
  expect(await consuming).toBe(true);
});

describe("the table of transitions", () => {
  const states = Object.keys(TRANSITIONS) as ApprovalState[];
  const approval = (state: ApprovalState): Approval => ({
    id: "apr_1",
    subject: SUBJECT,
    description: DESCRIPTION,
    state,
    createdAtMs: 0,
    expiresAtMs: 1,
    useByMs: null,
    approvers: [],
    rejectedReason: null,
  });
  const ways = new Set([
    "pending→pending",
    "pending→approved",
    "pending→rejected",
    "pending→expired",
    "approved→consumed",
    "approved→lapsed",
    "consumed→approved",
  ]);

  it.each(states.flatMap((from) => states.map((to) => ({ from, to, allowed: ways.has(`${from}→${to}`) }))))(
    "$from to $to: $allowed",
    ({ from, to, allowed }) => {
      const move = () => moveApproval(approval(from), to).state;
      const outcome = allowed ? { returned: move() } : { thrown: catchMessage(move) };
      expect(outcome).toEqual(allowed ? { returned: to } : { thrown: `an approval cannot go from ${from} to ${to}` });
    },
  );
});

function catchMessage(act: () => unknown): string {
  try {
    act();
    return "nothing";
  } catch (cause) {
    return cause instanceof Error ? cause.message : "not an error";
  }
}

type Step = { readonly act: "ask" | "approve" | "reject" | "consume" | "restore"; readonly call: number; readonly afterMs: number };
const STEPS = fc.array(
  fc.record({
    act: fc.constantFrom<Step["act"][]>("ask", "approve", "reject", "consume", "restore"),
    call: fc.integer({ min: 0, max: 2 }),
    afterMs: fc.constantFrom(0, 1, MINUTE, 6 * MINUTE),
  }),
  { maxLength: 40 },
);

it("never uses a grant more often than people gave it or calls gave it back", async () => {
  await fc.assert(
    fc.asyncProperty(STEPS, async (steps) => {
      const tally = new Map<string, { given: number; used: number; usedAtMs: number[]; approvedAtMs: number }>();
      const book = createApprovalBook({ people: [ANA], limits: APPROVAL_LIMITS, saved: [], save: async () => {}, onTransition: () => {} });
      const ids = ["", "", ""];
      let nowMs = NOW;
      for (const { act, call, afterMs } of steps) {
        nowMs += afterMs;
        const id = ids[call] ?? "";
        const entry = tally.get(id) ?? { given: 0, used: 0, usedAtMs: [], approvedAtMs: 0 };
        tally.set(id, entry);
        if (act === "ask") {
          const asked = await book.request({ ...SUBJECT, digest: String(call) }, DESCRIPTION, nowMs);
          if (asked.kind === "asked") ids[call] = asked.approval.id;
        } else if (act === "consume") {
          const results = await Promise.all([book.consume(id, nowMs), book.consume(id, nowMs)]);
          entry.used += results.filter(Boolean).length;
          if (results.includes(true)) entry.usedAtMs.push(nowMs);
        } else if (act === "restore") {
          if (await book.restore(id)) entry.given++;
        } else {
          const result = await book.answer(id, { kind: act, by: ANA, reason: null }, nowMs);
          if (act === "approve" && result.kind === "answered") {
            entry.given++;
            entry.approvedAtMs = nowMs;
          }
        }
      }
      for (const { given, used, usedAtMs, approvedAtMs } of tally.values()) {
        expect(used).toBeLessThanOrEqual(given);
        expect(usedAtMs.every((at) => at < approvedAtMs + 10 * MINUTE)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
