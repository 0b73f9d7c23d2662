import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Passage, Place } from "../../../src/core/finding.ts";
import { FINDINGS_MAX_PER_KIND, inspect, TEXT_MAX } from "../../../src/detectors/inspect.ts";
import { DETECTORS, findDetector } from "../../../src/detectors/kinds/index.ts";

const TEXT: Place = { kind: "text" };

function seen(kind: string, text: string, place: Place = TEXT): readonly string[] {
  return (findDetector(kind)?.detect({ place, text }) ?? []).map(({ start, end }) => text.slice(start, end));
}

describe("pii.ssn", () => {
  it.each([
    ["000-12-3456", "area 000"],
    ["666-12-3456", "area 666"],
    ["900-12-3456", "area 9xx"],
    ["999-12-3456", "area 9xx"],
    ["123-00-4567", "group 00"],
    ["123-45-0000", "serial 0000"],
    ["123-456-7890", "a phone number"],
    ["1123-45-6789", "a digit before"],
    ["123-45-67890", "a digit behind"],
    ["12-345-6789", "another grouping"],
    ["123456789", "bare digits"],
    ["order 123456789", "bare digits in text"],
    ["2026-11-25", "a date"],
    ["123.45.6789", "a version"],
    ["className: 123456789", "ssn inside a word"],
  ])("sees nothing in %s: %s", (text) => {
    expect(seen("pii.ssn", text)).toEqual([]);
  });

  it.each([
    ["123-45-6789", ["123-45-6789"]],
    ["123 45 6789", ["123 45 6789"]],
    ["123 - 45 - 6789", ["123 - 45 - 6789"]],
    ["123\u201345\u20136789", ["123\u201345\u20136789"]],
    ["123\u00a045\u00a06789", ["123\u00a045\u00a06789"]],
    ["patient 123-45-6789, born", ["123-45-6789"]],
    ["x123-45-6789x", ["123-45-6789"]],
    ["123-45-6789 5 Main St", ["123-45-6789"]],
    ["123-45-6789,219-09-9998", ["123-45-6789", "219-09-9998"]],
    ["SSN: 123456789", ["123456789"]],
    ["patientssn 123456789", ["123456789"]],
    ["my social security number is 123456789.", ["123456789"]],
    ["ssn=123456789&x=1", ["123456789"]],
  ])("sees %s", (text, expected) => {
    expect(seen("pii.ssn", text)).toEqual(expected);
  });

  it.each<Place>([
    { kind: "query", key: "ssn" },
    { kind: "query", key: "user[SSN]" },
    { kind: "form", key: "social_security_number" },
    { kind: "form", key: "socialSecurityNo" },
    { kind: "header", name: "x-patient-ssn" },
    { kind: "json", pointer: "/patients/0/ssn" },
    { kind: "json", pointer: "/patient/homeSsn/0" },
    { kind: "json", pointer: "/ssnNumber" },
  ])("takes bare nine digits under %j", (place) => {
    expect(seen("pii.ssn", "123456789", place)).toEqual(["123456789"]);
    expect(seen("pii.ssn", "000456789", place)).toEqual([]);
    expect(seen("pii.ssn", "1234567890", place)).toEqual([]);
  });

  it.each<Place>([
    { kind: "query", key: "id" },
    { kind: "form", key: "className" },
    { kind: "json", pointer: "/ssn/id" },
    { kind: "path" },
    { kind: "text" },
  ])("leaves bare nine digits under %j", (place) => {
    expect(seen("pii.ssn", "123456789", place)).toEqual([]);
  });
});

describe("pii.card", () => {
  it.each([
    ["4111111111111112", "a wrong check digit"],
    ["1234567812345670", "no issuer's prefix"],
    ["411111111111111", "a length the issuer does not use"],
    ["14111111111111111", "a digit before"],
    ["41111111111111110", "a digit behind"],
    ["4111.1111.1111.1111", "dots"],
    ["0000000000000000", "zeros"],
    ["4111-1111", "too short"],
  ])("sees nothing in %s: %s", (text) => {
    expect(seen("pii.card", text)).toEqual([]);
  });

  it.each([
    ["4111111111111111"],
    ["4012888888881881"],
    ["4222222222222"],
    ["5555555555554444"],
    ["5105105105105100"],
    ["2223003122003222"],
    ["378282246310005"],
    ["371449635398431"],
    ["6011111111111117"],
    ["30569309025904"],
    ["38520000023237"],
    ["3530111333300000"],
    ["6200000000000005"],
    ["6759649826438453"],
    ["4111 1111 1111 1111"],
    ["4111-1111-1111-1111"],
    ["3782-822463-10005"],
    ["4111\u20131111\u20131111\u20131111"],
  ])("sees %s", (text) => {
    expect(seen("pii.card", text)).toEqual([text]);
    expect(seen("pii.card", `card=${text};`)).toEqual([text]);
  });

  it("sees a card behind and before other groups of digits", () => {
    expect(seen("pii.card", "12 4111 1111 1111 1111 12 27")).toEqual(["4111 1111 1111 1111"]);
    expect(seen("pii.card", "4111111111111111 5555555555554444")).toEqual(["4111111111111111", "5555555555554444"]);
  });
});

describe("every detector", () => {
  it("is told by its own kind", () => {
    expect(Object.entries(DETECTORS).map(([kind, detector]) => [kind, detector.kind])).toEqual([
      ["pii.card", "pii.card"],
      ["pii.ssn", "pii.ssn"],
    ]);
    expect(findDetector("toString")).toBeUndefined();
  });

  it("gives spans in range, in order and apart from each other", () => {
    const piece = fc.constantFrom(
      "4111111111111111",
      "4111 1111 1111 1111",
      "123-45-6789",
      "123456789",
      "ssn ",
      " ",
      "-",
      "1",
      "a",
      "\u00e9",
      "\ud83d\ude00",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom<Place>(TEXT, { kind: "query", key: "ssn" }), (pieces, place) => {
        const text = pieces.join("");
        for (const detector of Object.values(DETECTORS)) {
          let from = 0;
          for (const { start, end, confidence } of detector.detect({ place, text })) {
            expect(start).toBeGreaterThanOrEqual(from);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(text.length);
            expect(confidence).toBeGreaterThan(0);
            expect(confidence).toBeLessThanOrEqual(1);
            from = end;
          }
        }
      }),
    );
  });

  it.each([
    ["digits", "1"],
    ["spaces", " "],
    ["digits and spaces", "1 "],
    ["hyphens", "-"],
    ["beginnings", "123-45-"],
    ["words", "ssn "],
    ["words with signs", "ssn number is "],
    ["cards that are none", "4111 1111 1111 1112 "],
  ])("takes time that grows with the text alone: %s", (_, unit) => {
    for (const detector of Object.values(DETECTORS)) {
      const steps = [1, 4].map((factor) => {
        const text = unit.repeat((factor * 100_000) / unit.length);
        const before = process.cpuUsage().user;
        for (let round = 0; round < 5; round++) detector.detect({ place: TEXT, text });
        return process.cpuUsage().user - before;
      });
      // Sixteen times is what a square would take; CPU time, so that a busy machine does not count.
      expect(steps[1]).toBeLessThan(Math.max(10 * (steps[0] ?? 0), 400_000));
    }
  });
});

describe("inspect", () => {
  const ssn = (count: number): Passage => ({ place: TEXT, text: "123-45-6789, ".repeat(count) });

  it("tells kind, place, offsets and how sure", () => {
    expect(inspect([{ place: { kind: "header", name: "x-note" }, text: "is 123-45-6789" }], ["pii.card", "pii.ssn"])).toEqual({
      findings: [{ kind: "pii.ssn", place: { kind: "header", name: "x-note" }, start: 3, end: 14, confidence: 0.9 }],
      cut: false,
    });
  });

  it("runs only the kinds that are asked for", () => {
    expect(inspect([ssn(1)], ["pii.card"])).toEqual({ findings: [], cut: false });
    expect(inspect([ssn(1)], [])).toEqual({ findings: [], cut: false });
  });

  it("tells of 64 findings a kind, and that there were more", () => {
    expect(inspect([ssn(FINDINGS_MAX_PER_KIND)], ["pii.ssn"])).toMatchObject({ findings: { length: 64 }, cut: false });
    expect(inspect([ssn(60), ssn(60)], ["pii.ssn"])).toMatchObject({ findings: { length: 64 }, cut: true });
  });

  it("says when the text was too long to be looked at", () => {
    expect(inspect([ssn(1), { place: TEXT, text: " ".repeat(TEXT_MAX) }, ssn(1)], ["pii.ssn"])).toMatchObject({
      findings: { length: 1 },
      cut: true,
    });
  });

  it("does not take an unknown kind for one that found nothing", () => {
    expect(inspect([ssn(1)], ["pii.unheard_of"])).toEqual({ findings: [], cut: true });
  });
});
