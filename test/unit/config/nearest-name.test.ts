import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countEdits, findNearestName } from "../../../src/config/nearest-name.ts";

describe("findNearestName", () => {
  it.each([
    ["polices", ["policies", "people", "proxies"], "policies"],
    ["MODE", ["mode"], "mode"],
    ["zzzzzz", ["mode", "keys"], null],
    ["a", [], null],
  ])("finds for %s among %j: %s", (name, known, expected) => {
    expect(findNearestName(name, known)).toBe(expected);
  });
});

describe("countEdits", () => {
  it.each([
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["abc", "", 3],
    ["abc", "abc", 0],
  ])("counts from %j to %j: %i", (from, to, edits) => {
    expect(countEdits(from, to)).toBe(edits);
  });

  it("is symmetric and zero only for equal texts", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        expect(countEdits(a, b)).toBe(countEdits(b, a));
        expect(countEdits(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
