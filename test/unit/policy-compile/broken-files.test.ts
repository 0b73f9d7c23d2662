import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { BROKEN_CONDITIONS } from "./broken-conditions.ts";
import { BROKEN_FILES } from "./broken-files.ts";

const BROKEN = [...BROKEN_FILES, ...BROKEN_CONDITIONS];

describe("a broken policy file", () => {
  it("is tried in more than a hundred ways", () => {
    expect(BROKEN.length).toBeGreaterThan(100);
  });

  it.each(BROKEN)("is told at its place: $name", ({ text, message, fix = null }) => {
    const before = text.slice(0, text.indexOf("§"));
    const compiled = compilePolicies([{ name: "broken.yaml", text: text.replace("§", "") }]);
    const line = before.split("\n").length;
    const column = before.length - before.lastIndexOf("\n");
    expect(compiled).toMatchObject({ kind: "invalid" });
    const [first] = compiled.kind === "invalid" ? compiled.problems : [];
    expect({ ...first, code: null }).toEqual({ file: "broken.yaml", line, column, message, fix, code: null });
  });

  it("is refused for its size before it is read", () => {
    const compiled = compilePolicies([{ name: "big.yaml", text: `policy: p\n#${"x".repeat(1_048_576)}` }]);
    expect(compiled).toMatchObject({ kind: "invalid", problems: [{ code: "too_large", line: 1, column: 1 }] });
  });
});
