import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMicros } from "../../src/core/money.ts";
import { createMemoryLedger } from "../../src/limits/ledger.memory.ts";
import type { Ledger, LedgerEntry } from "../../src/limits/ledger.ts";

const ADAPTERS: readonly { readonly name: string; readonly open: () => Ledger }[] = [{ name: "memory", open: () => createMemoryLedger() }];
const NOW = 1_800_000_000_000;

const rate = (key: string, perSecond: number, burst: number): Extract<LedgerEntry, { kind: "rate" }> => ({
  kind: "rate",
  limit: `limit/${key}`,
  key,
  intervalUs: 1_000_000 / perSecond,
  burst,
});
const budget = (key: string, micros: number, capMicros: number): Extract<LedgerEntry, { kind: "budget" }> => ({
  kind: "budget",
  limit: `limit/${key}`,
  key,
  micros: microsOf(micros),
  capMicros: microsOf(capMicros),
  windowEndsAtMs: NOW + 60_000,
});
const grant = (key: string): LedgerEntry => ({ kind: "grant", limit: key, key, lapsesAtMs: NOW + 600_000 });

function microsOf(value: number) {
  const micros = parseMicros(value);
  if (micros === null) throw new Error("not an amount");
  return micros;
}

describe.each(ADAPTERS)("the ledger in $name", ({ open }) => {
  it("lets a burst pass from rest and refuses the next with the wait", async () => {
    const ledger = open();
    for (let i = 0; i < 3; i++)
      expect(await ledger.charge([rate("r", 2, 3)], NOW)).toMatchObject({ kind: "granted", remaining: [{ remaining: 2 - i }] });
    expect(await ledger.charge([rate("r", 2, 3)], NOW)).toEqual({ kind: "refused", by: rate("r", 2, 3), retryAfterMs: 500 });
    expect(await ledger.charge([rate("r", 2, 3)], NOW + 499)).toMatchObject({ kind: "refused", retryAfterMs: 1 });
    expect(await ledger.charge([rate("r", 2, 3)], NOW + 500)).toMatchObject({ kind: "granted" });
  });

  it("spends a budget to the last micro and not one more", async () => {
    const ledger = open();
    expect(await ledger.charge([budget("b", 60, 100)], NOW)).toMatchObject({ kind: "granted", remaining: [{ remaining: 40 }] });
    expect(await ledger.charge([budget("b", 41, 100)], NOW)).toEqual({ kind: "refused", by: budget("b", 41, 100), retryAfterMs: 60_000 });
    expect(await ledger.charge([budget("b", 40, 100)], NOW)).toMatchObject({ kind: "granted", remaining: [{ remaining: 0 }] });
    expect(await ledger.charge([budget("b", 1, 100)], NOW)).toMatchObject({ kind: "refused" });
  });

  it("begins a budget anew when its window has ended", async () => {
    const ledger = open();
    await ledger.charge([budget("b", 100, 100)], NOW);
    expect(await ledger.charge([budget("b", 100, 100)], NOW + 60_000)).toMatchObject({ kind: "granted" });
  });

  it("charges nothing when one of several entries refuses", async () => {
    const ledger = open();
    await ledger.charge([budget("b", 100, 100)], NOW);
    expect(await ledger.charge([rate("r", 1, 1), budget("b", 1, 100)], NOW)).toMatchObject({ kind: "refused", by: { kind: "budget" } });
    expect(await ledger.charge([rate("r", 1, 1)], NOW)).toMatchObject({ kind: "granted" });
  });

  it("does not let two entries of one key share the room of one", async () => {
    const ledger = open();
    expect(await ledger.charge([budget("b", 60, 100), budget("b", 60, 100)], NOW)).toMatchObject({ kind: "refused" });
  });

  it("uses a grant once", async () => {
    const ledger = open();
    expect(await ledger.charge([grant("g")], NOW)).toMatchObject({ kind: "granted", remaining: [] });
    expect(await ledger.charge([grant("g")], NOW)).toEqual({ kind: "refused", by: grant("g"), retryAfterMs: 0 });
  });

  describe("told of the usage of limits", () => {
    it("says of a rate how many calls of the burst are taken, and gets them back by time", async () => {
      const ledger = open();
      const look = async (nowMs: number) => (await ledger.usage([rate("r", 3, 4)], nowMs))[0];
      expect(await look(NOW)).toEqual({ used: 0, remaining: 4, share: 0 });
      for (let i = 1; i <= 4; i++) {
        await ledger.charge([rate("r", 3, 4)], NOW);
        expect(await look(NOW)).toEqual({ used: i, remaining: 4 - i, share: i / 4 });
      }
      expect(await look(NOW + 334)).toEqual({ used: 3, remaining: 1, share: 0.75 });
      expect(await look(NOW + 1_000_000)).toEqual({ used: 0, remaining: 4, share: 0 });
    });

    it("says of a budget what is spent in main units, and forgets it with its window", async () => {
      const ledger = open();
      const look = async (nowMs: number) => (await ledger.usage([budget("b", 0, 8_000_000)], nowMs))[0];
      expect(await look(NOW)).toEqual({ used: 0, remaining: 8, share: 0 });
      await ledger.charge([budget("b", 6_000_000, 8_000_000)], NOW);
      expect(await look(NOW)).toEqual({ used: 6, remaining: 2, share: 0.75 });
      expect(await look(NOW + 59_999)).toEqual({ used: 6, remaining: 2, share: 0.75 });
      expect(await look(NOW + 60_000)).toEqual({ used: 0, remaining: 8, share: 0 });
    });

    it("says of a cap below what is spent that nothing is left, and of a budget of nothing that it is used up", async () => {
      const ledger = open();
      await ledger.charge([budget("b", 6_000_000, 8_000_000)], NOW);
      expect(await ledger.usage([budget("b", 0, 3_000_000), budget("none", 0, 0)], NOW)).toEqual([
        { used: 6, remaining: 0, share: 1 },
        { used: 0, remaining: 0, share: 1 },
      ]);
    });

    it("answers in the order of the entries, also for one that is asked for twice", async () => {
      const ledger = open();
      await ledger.charge([rate("r", 1, 2)], NOW);
      const found = await ledger.usage([rate("other", 1, 2), rate("r", 1, 2), rate("r", 1, 2)], NOW);
      expect(found.map(({ used }) => used)).toEqual([0, 1, 1]);
      expect(await ledger.usage([], NOW)).toEqual([]);
    });

    it("leaves no mark by looking", async () => {
      const ledger = open();
      for (let i = 0; i < 5; i++) await ledger.usage([rate("r", 1, 1), budget("b", 100, 100)], NOW);
      expect(await ledger.charge([rate("r", 1, 1), budget("b", 100, 100)], NOW)).toMatchObject({ kind: "granted" });
    });

    it("counts a released hold no more", async () => {
      const ledger = open();
      const charged = await ledger.charge([rate("r", 1, 2), budget("b", 1_000_000, 2_000_000)], NOW);
      if (charged.kind !== "granted") throw new Error("the charge was refused");
      await ledger.release(charged.hold, NOW);
      expect((await ledger.usage([rate("r", 1, 2), budget("b", 0, 2_000_000)], NOW)).map(({ used }) => used)).toEqual([0, 0]);
    });

    it("agrees with what a charge says is left", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 999 }),
          fc.integer({ min: 1, max: 30 }),
          fc.array(fc.nat({ max: 2000 }), { maxLength: 30 }),
          async (perSecond, burst, waits) => {
            const ledger = open();
            let nowMs = NOW;
            for (const wait of waits) {
              nowMs += wait;
              const [before] = await ledger.usage([rate("r", perSecond, burst)], nowMs);
              const charged = await ledger.charge([rate("r", perSecond, burst)], nowMs);
              expect(charged.kind === "granted" ? charged.remaining[0]?.remaining : -1).toBe((before?.remaining ?? 0) - 1);
            }
          },
        ),
      );
    });
  });

  it("gives a released hold back once", async () => {
    const ledger = open();
    const charged = await ledger.charge([budget("b", 60, 100), grant("g"), rate("r", 1, 1)], NOW);
    if (charged.kind !== "granted") throw new Error("the charge was refused");
    await ledger.release(charged.hold, NOW);
    await ledger.release(charged.hold, NOW);
    expect(await ledger.charge([budget("b", 100, 100), grant("g"), rate("r", 1, 1)], NOW)).toMatchObject({
      kind: "granted",
      remaining: [{ remaining: 0 }, {}],
    });
  });

  it("never grants more than the cap, whatever the order of charges and releases", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ micros: fc.integer({ min: 0, max: 50 }), release: fc.boolean() }), { maxLength: 60 }),
        async (acts) => {
          const ledger = open();
          let spent = 0;
          for (const act of acts) {
            const charged = await ledger.charge([budget("b", act.micros, 100)], NOW);
            expect(charged.kind).toBe(spent + act.micros <= 100 ? "granted" : "refused");
            if (charged.kind !== "granted") continue;
            if (act.release) await ledger.release(charged.hold, NOW);
            else spent += act.micros;
          }
        },
      ),
    );
  });
});
