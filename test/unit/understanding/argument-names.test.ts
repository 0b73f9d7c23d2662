import { describe, expect, it } from "vitest";
import { foldName, foldPath, overlaps } from "../../../src/understanding/argument-names.ts";

describe("names as lenient readers see them", () => {
  it.each([
    ["amount", "Amount"],
    ["amount", "AMOUNT"],
    ["amount", " amount"],
    ["amount", "amount\u0000x"],
    ["amount", "\ufeffamount"],
    ["amount_micros", "amountMicros"],
    ["amount_micros", "amount-micros"],
    ["amount_micros", "amount micros"],
    ["tasks", "ta\u017fk\u017f"],
    ["kind", "\u212aind"],
    ["amount", "\uff41mount"],
    ["id", "\u0130d"],
    ["fine", "\ufb01ne"],
  ])("takes %j and %j for one", (a, b) => {
    expect(foldName(b)).toBe(foldName(a));
  });

  it.each([
    ["amount", "amount[]", true],
    ["amount", "amount[0]", true],
    ["amount", "amount.value", true],
    ["amount", "Amount[", true],
    ["payment.amount", "payment[amount]", true],
    ["payment.amount", "payment", true],
    ["payment.amount", "payment.amount[]", true],
    ["payment.amount", "payment.currency", false],
    ["card[number]", "card[exp]", false],
    ["amount", "amounts", false],
    ["amount", "[]", false],
    ["amount", "", false],
  ])("compares %s with %s", (a, b, same) => {
    expect(overlaps(foldPath(a), foldPath(b))).toBe(same);
  });
});
