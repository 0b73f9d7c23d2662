import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactNumber } from "../../../src/understanding/exact-number.ts";
import { parseStrictJson } from "../../../src/understanding/strict-json.ts";

describe("parseStrictJson", () => {
  it.each([
    [""],
    [" "],
    ["{"],
    ["}"],
    ["[1,]"],
    ["[,1]"],
    ['{"a":1,}'],
    ["{a:1}"],
    ["{'a':1}"],
    ['{"a"}'],
    ['{"a":}'],
    ['{"a":1 "b":2}'],
    ["01"],
    ["+1"],
    [".5"],
    ["5."],
    ["0x10"],
    ["NaN"],
    ["Infinity"],
    ["-"],
    ["1e"],
    ["True"],
    ["nul"],
    ["1 2"],
    ["{} {}"],
    ["{}\u0000"],
    ["\ufeff{}"],
    ["\u00a01"],
    ["// c\n1"],
    ["1 /* c */"],
    ['"a\nb"'],
    ['"a\tb"'],
    ['"\\x41"'],
    ['"\\u12"'],
    ['"abc'],
    ['"\\ud800"'],
    ['"\\udc00\\ud800"'],
    ['{"\\ud800":1}'],
  ])("refuses %j", (text) => {
    expect(parseStrictJson(text)).toEqual({ kind: "unreadable" });
  });

  it("refuses more than 64 levels, however many", () => {
    for (const text of ["[".repeat(65) + "]".repeat(65), "[".repeat(100_000), '{"a":'.repeat(100_000)]) {
      expect(parseStrictJson(text)).toEqual({ kind: "unreadable" });
    }
  });

  it.each([
    ['{"amount":1,"amount":9000000}'],
    ['{"a":{"b":1,"b":1}}'],
    ['[{"x":1},{"x":1,"x":2}]'],
    ['{"amount":1,"\\u0061mount":2}'],
    ['{"__proto__":1,"__proto__":2}'],
    ['{"":1,"":2}'],
    ['{"a":1,"a":'],
  ])("tells of the duplicate in %s", (text) => {
    expect(parseStrictJson(text)).toEqual({ kind: "duplicate" });
  });

  it("keeps __proto__ a key like any other", () => {
    const found = parseStrictJson('{"__proto__":{"a":1},"constructor":2}');
    expect(JSON.stringify(found)).toBe('{"kind":"json","value":{"__proto__":{"a":1},"constructor":2}}');
  });

  it("accepts 64 levels", () => {
    expect(parseStrictJson("[".repeat(64) + "]".repeat(64)).kind).toBe("json");
  });

  it("reads what JSON.parse reads, to the same value", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, "\t"), (text, space) => {
        const value: unknown = JSON.parse(text);
        // Numbers that JSON.stringify writes with an exponent are kept as text, so they are left out here.
        if (/[0-9]e[+-]?[0-9]/i.test(text)) return;
        const found = parseStrictJson(JSON.stringify(value, null, space));
        const wellFormed = JSON.stringify(value) === JSON.stringify(value).toWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(value));
        expect(found.kind).toBe(wellFormed ? "json" : "unreadable");
        if (found.kind === "json") expect(JSON.stringify(found.value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it("never throws, and accepts nothing that JSON.parse refuses", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      ".",
      "e",
      "true",
      "null",
      " ",
      "\\",
      "\\u0041",
      "\u0001",
      "\ud800",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (text) => {
          const found = parseStrictJson(text);
          if (found.kind === "json") expect(() => JSON.parse(text)).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("exactNumber", () => {
  it.each([
    ["0", 0],
    ["4000", 4000],
    ["-1", -1],
    ["40.0", 40],
    ["1.10", 1.1],
    ["0.1", 0.1],
    ["0.30000000000000004", 0.30000000000000004],
    ["9007199254740992", 9007199254740992],
    ["0.0000000000000000000", 0],
    ["0.00000010000000000", 1e-7],
    ["1000000000000000000000.0", 1e21],
  ])("reads %s as a number", (text, value) => {
    expect(exactNumber(text)).toBe(value);
  });

  it.each([
    "9007199254740993",
    "12345678901234567890",
    "12345678901234567891",
    "500000.000000000000000001",
    "0.1000000000000000055511151231257827",
    "1e2",
    "9E6",
    "1e400",
    "1e-7",
    "1e999",
  ])("keeps the text %s", (text) => {
    expect(exactNumber(text)).toBe(text);
  });

  it("reads every integer a double holds", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(exactNumber(String(value))).toBe(value);
      }),
    );
  });
});
