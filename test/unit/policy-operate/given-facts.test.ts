import { describe, expect, it } from "vitest";
import type { Micros } from "../../../src/core/money.ts";
import { createMemoryLedger } from "../../../src/limits/ledger.memory.ts";
import type { LedgerEntry } from "../../../src/limits/ledger.ts";
import { inspectGiven } from "../../../src/operate/inspect-given.ts";
import { primeLedger } from "../../../src/operate/prime-ledger.ts";

const NOW = Date.UTC(2026, 0, 1);
const RATE: LedgerEntry = { kind: "rate", limit: "p/calls", key: "k", intervalUs: 1_000_000, burst: 5 };
const BUDGET = {
  kind: "budget",
  limit: "p/spend",
  key: "b",
  micros: 1_000_000 as Micros,
  capMicros: 10_000_000 as Micros,
  windowEndsAtMs: NOW + 86_400_000,
} as const;
const used = (count: number) => ({ part: "used", value: count }) as const;

describe("findings that a case gives", () => {
  it("are of the kinds that are looked for, and the whole text at their place", () => {
    const inspect = inspectGiven([
      { kind: "pii.ssn", place: { kind: "header", name: "x-a" }, confidence: 0.5 },
      { kind: "pii.ssn", place: { kind: "path" }, confidence: 1 },
      { kind: "pii.card", place: { kind: "text" }, confidence: 1 },
    ]);
    const passages = [
      { place: { kind: "header", name: "x-b" }, text: "longer text" },
      { place: { kind: "header", name: "x-a" }, text: "hello" },
    ] as const;
    expect(inspect(passages, ["pii.ssn"])).toEqual({
      findings: [
        { kind: "pii.ssn", place: { kind: "header", name: "x-a" }, confidence: 0.5, start: 0, end: 5 },
        { kind: "pii.ssn", place: { kind: "path" }, confidence: 1, start: 0, end: 0 },
      ],
      cut: false,
    });
  });
});

describe("a ledger with the usage that a case gives", () => {
  it("charges on from there, once for each key", () => {
    const ledger = primeLedger(createMemoryLedger(), { "p/calls": used(4) });
    expect(ledger.usage([RATE], NOW)).toEqual([{ used: 4, remaining: 1, share: 0.8 }]);
    expect(ledger.charge([RATE], NOW)).toMatchObject({ kind: "granted", remaining: [{ id: "p/calls", remaining: 0 }] });
    expect(ledger.charge([RATE], NOW)).toMatchObject({ kind: "refused", retryAfterMs: 1000 });
    expect(ledger.charge([{ ...RATE, key: "other" }], NOW)).toMatchObject({
      kind: "granted",
      remaining: [{ id: "p/calls", remaining: 0 }],
    });
  });

  it("counts money in main units", () => {
    const ledger = primeLedger(createMemoryLedger(), { "p/spend": used(9.5) });
    expect(ledger.charge([BUDGET], NOW)).toMatchObject({ kind: "refused" });
    expect(ledger.charge([{ ...BUDGET, micros: 500_000 as Micros }], NOW)).toMatchObject({
      kind: "granted",
      remaining: [{ remaining: 0 }],
    });
  });

  it.each([
    ["a share of each", { part: "share", value: 0.5 }, 4, 2],
    ["what is used, or all of a smaller limit", { part: "used", value: 5 }, 5, 4],
    ["what is left, or none of a smaller limit", { part: "remaining", value: 5 }, 3, 0],
  ] as const)("takes of two heights of one limit %s", (_, given, ofEight, ofFour) => {
    const usedOf = (burst: number) => primeLedger(createMemoryLedger(), { "p/calls": given }).usage([{ ...RATE, burst }], NOW);
    expect([usedOf(8), usedOf(4)]).toMatchObject([[{ used: ofEight }], [{ used: ofFour }]]);
    const spentOf = (micros: number) =>
      primeLedger(createMemoryLedger(), { "p/spend": given }).usage([{ ...BUDGET, capMicros: micros as Micros }], NOW);
    expect([spentOf(8_000_000), spentOf(4_000_000)]).toMatchObject([[{ used: ofEight }], [{ used: ofFour }]]);
  });

  it("leaves the other limits fresh", () => {
    const ledger = primeLedger(createMemoryLedger(), { "p/calls": used(5), "p/none": used(0) });
    expect(
      ledger.usage(
        [
          { ...RATE, limit: "p/other", key: "o" },
          { ...RATE, limit: "p/none", key: "n" },
        ],
        NOW,
      ),
    ).toEqual([
      { used: 0, remaining: 5, share: 0 },
      { used: 0, remaining: 5, share: 0 },
    ]);
  });
});
