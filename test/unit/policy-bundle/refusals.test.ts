import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { POLICY_REFUSALS } from "../../../src/policy/bundle/refusals.ts";

const FILES = [
  "bundle/read-bundle.ts",
  "bundle/unpack-tar.ts",
  "bundle/admit-bundle.ts",
  "bundle/signing/verify-files.ts",
  "sources/load-version.ts",
  "sources/fetch-bundle.ts",
  "sources/name-failure.ts",
  "sources/read-body.ts",
  "sources/create-bundle-intake.ts",
  "sources/read-bundle-place.ts",
  "sources/open-pushed.ts",
];
/** Given by whoever pushes. */
const ELSEWHERE = ["widening_forbidden"];

describe("the table of refusals", () => {
  it("has a sentence for each code", () => {
    expect(Object.entries(POLICY_REFUSALS).filter(([, sentence]) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
  });

  it("names no code that nothing gives", async () => {
    const texts = await Promise.all(FILES.map((file) => readFile(new URL(`../../../src/policy/${file}`, import.meta.url), "utf8")));
    const text = texts.join("\n");
    expect(Object.keys(POLICY_REFUSALS).filter((code) => !text.includes(`"${code}"`) && !ELSEWHERE.includes(code))).toEqual([]);
  });
});
