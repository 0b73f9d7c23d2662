import { describe, expect, it } from "vitest";
import { describeDiff } from "../../../src/edge/cli/commands/policy/describe-diff.ts";
import { describeTested } from "../../../src/edge/cli/commands/policy/describe-tested.ts";
import type { CaseOutcome } from "../../../src/policy/compile/cases.ts";

const OUTCOME: CaseOutcome = {
  decision: "allow",
  class: null,
  code: null,
  rule: "p/a",
  tool: "none",
  model: "none",
  rules: [],
  redactions: [],
  limits: [],
  shadow: null,
  set: {},
  removed: [],
  fault: null,
};
const result = (name: string, differences: readonly string[]) => ({
  name,
  file: "c.yaml",
  line: 2,
  differences,
  got: OUTCOME,
  explanation: null,
});
const TESTED = {
  kind: "tested",
  results: [result("a\u001b[31m", []), result("b", ["decision: expected deny, got allow"])],
  failed: 1,
  rules: 1,
  neverHit: [],
  warnings: [],
} as const;
const DIFFED = {
  kind: "diffed",
  rules: [{ kind: "added", id: "p/a [may widen]", says: ["x"], mayWiden: true }],
  others: [],
  versionsKept: [],
  cases: 1,
  hasBareBundle: false,
  changed: [
    {
      name: "c",
      file: "c.yaml",
      line: 2,
      change: "deny → allow",
      widens: true,
      was: { ...OUTCOME, decision: "deny", rule: null },
      is: OUTCOME,
    },
  ],
  verdict: { widens: true, mayWiden: true },
} as const;

describe("what policy commands tell on a terminal", () => {
  it("colours the marks of cases, and nothing that a file says", () => {
    const told = describeTested(TESTED, { coverage: false, isColored: true });
    expect(told).toContain("  \u001b[32mok  \u001b[39m  a\\u{1b}[31m\n");
    expect(told).toContain("  \u001b[31mFAIL\u001b[39m  b (c.yaml:2)\n");
  });

  it("colours what widens", () => {
    const told = describeDiff(DIFFED, { reasons: ["it widens"], isColored: true });
    expect(told).toContain("case deny → allow: c (c.yaml:2): deny → allow by p/a\u001b[31m  [widens]\u001b[39m\n");
    expect(told).toContain("+ p/a [may widen]\u001b[31m  [may widen]\u001b[39m\n");
    expect(told).toMatch(/\nEnds with 1: it widens\.\n$/);
  });

  it("is plain elsewhere, without a blank at the end of a line", () => {
    const told = [
      describeTested(TESTED, { coverage: true, isColored: false }),
      describeDiff(DIFFED, { reasons: [], isColored: false }),
    ].join("");
    expect(told).not.toContain("\u001b");
    expect(told).not.toMatch(/ \n/);
    expect(told).toContain(
      "1 rule or limit differs, 0 other things; 1 of 1 case is decided otherwise\nIt widens: 1 case is let through that was not",
    );
  });
});
