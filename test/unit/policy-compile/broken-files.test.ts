import { describe, expect, it } from "vitest";
import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { BROKEN_FILES, type BrokenFile } from "./broken-files.ts";

const DENY_ALL = { name: "deny.yaml", text: "policy: deny_all\nrules: [{ id: all, then: deny }]\n" };

/** Files beside the broken one whose names say so are guardrails, as the broken one may be. */
function compileBroken({ text, beside = [], guardrail }: BrokenFile) {
  const broken = { name: "broken.yaml", text: text.replace("§", "") };
  const guardrails = beside.filter(({ name }) => name.startsWith("guardrail/"));
  const own = beside.filter(({ name }) => !name.startsWith("guardrail/"));
  return guardrail === true
    ? compilePolicies([DENY_ALL, ...own], { guardrails: [broken, ...guardrails] })
    : compilePolicies([broken, ...own], { guardrails });
}

describe("a broken policy file", () => {
  it("is tried in more than two hundred and fifty ways, each once", () => {
    expect(BROKEN_FILES.length).toBeGreaterThan(250);
    expect(new Set(BROKEN_FILES.map(({ text, beside, guardrail }) => JSON.stringify([text, beside, guardrail]))).size).toBe(
      BROKEN_FILES.length,
    );
    expect(BROKEN_FILES.filter(({ text }) => text.split("§").length !== 2)).toEqual([]);
  });

  it.each(BROKEN_FILES)("is told at its place: $name", (file) => {
    const { text, message, fix = null } = file;
    const before = text.slice(0, text.indexOf("§"));
    const compiled = compileBroken(file);
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
