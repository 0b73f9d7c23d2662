import { describe, expect, it } from "vitest";
import { redactText } from "../../../src/detectors/redact-text.ts";

const pseudonyms = { hmacHex: (text: string) => Buffer.from(text).toString("hex").padEnd(64, "0") };
const redact = (
  text: string,
  spans: readonly { start: number; end: number }[],
  how: "remove" | "mask" | "hash" | "label",
  kind = "pii.ssn",
) => redactText(text, spans, { with: how, kind, pseudonyms });

describe("redactText", () => {
  it.each([
    ["remove", "a  b"],
    ["mask", "a *********** b"],
    ["hash", "a 3132332d34352d36 b"],
    ["label", "a [pii.ssn] b"],
  ] as const)("by %s", (how, expected) => {
    expect(redact("a 123-45-6789 b", [{ start: 2, end: 13 }], how)).toBe(expected);
  });

  it("keeps the last four of a card", () => {
    expect(redact("4111 1111 1111 1234", [{ start: 0, end: 19 }], "mask", "pii.card")).toBe("***************1234");
    expect(redact("411", [{ start: 0, end: 3 }], "mask", "pii.card")).toBe("***");
  });

  it("masks a character outside the basic plane by one star", () => {
    expect(redact("\u{1f600}x", [{ start: 0, end: 3 }], "mask")).toBe("**");
  });

  it("joins spans that overlap, in whatever order, and ignores what lies outside", () => {
    expect(
      redact(
        "0123456789",
        [
          { start: 5, end: 8 },
          { start: 1, end: 3 },
          { start: 2, end: 4 },
          { start: 9, end: 99 },
          { start: 4, end: 4 },
        ],
        "label",
      ),
    ).toBe("0[pii.ssn]4[pii.ssn]8[pii.ssn]");
  });

  it("leaves a text without spans", () => {
    expect(redact("abc", [], "remove")).toBe("abc");
  });
});
