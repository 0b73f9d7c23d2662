import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMicros } from "../../src/core/money.ts";
import { createMemoryLedger } from "../../src/limits/ledger.memory.ts";
import type { Ledger, LedgerEntry } from "../../src/limits/ledger.ts";

const ADAPTERS: readonly { readonly name: string; readonly open: () => Ledger }[] = [{ name: "memory", open: () => createMemoryLedger() }];
const NOW = 1_800_000_000_000;

const rate = (key: string, perSecond: number, burst: number): LedgerEntry => ({
  kind: "rate",
  limit: `limit/${key}`,
  key,
  intervalUs: 1_000_000 / perSecond,
  burst,
});
const budget = (key: string, micros: number, capMicros: number): LedgerEntry => ({
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
