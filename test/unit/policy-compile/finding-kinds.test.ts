import { describe, expect, it } from "vitest";
import { DETECTORS } from "../../../src/detectors/kinds/index.ts";
import { FINDING_KINDS } from "../../../src/policy/compile/condition/input-names.ts";
import { compileFiles } from "./compile-one.ts";

const ALL = ["pii.card", "pii.ssn"];

describe("kinds of findings", () => {
  it("are what detectors find, and nothing else", () => {
    expect([...FINDING_KINDS].sort()).toEqual(Object.keys(DETECTORS).sort());
  });

  it.each([
    ['findings.exists(f, f.kind == "pii.ssn")', ["pii.ssn"]],
    ['!findings.exists(f, f.kind == "pii.ssn")', ["pii.ssn"]],
    ['findings.exists(f, f.kind == "pii.ssn" && f.confidence > 0.5)', ["pii.ssn"]],
    ['findings.exists(f, f.kind in ["pii.ssn", "pii.card"] && f.kind != "pii.card")', ["pii.ssn"]],
    ['findings.exists(f, f.kind != "pii.ssn")', ["pii.card"]],
    ['findings.exists(f, !(f.kind == "pii.ssn"))', ["pii.card"]],
    ['findings.all(f, f.kind != "pii.ssn")', ["pii.ssn"]],
    ['findings.all(f, f.kind != "pii.ssn" || f.confidence < 0.5)', ["pii.ssn"]],
    ['findings.all(f, f.kind == "pii.ssn")', ["pii.card"]],
    ['findings.exists(f, f.kind.endsWith("card"))', ["pii.card"]],
    ['findings.exists(f, f.kind.contains("ssn"))', ["pii.ssn"]],
    ['findings.exists(f, f.kind.startsWith("pii."))', ALL],
    ['findings.exists(f, f.kind.matches("card$"))', ALL],
    ['findings.exists(f, f.where.startsWith("header:"))', ALL],
    ['findings.all(f, f.where.startsWith("header:"))', ALL],
    ["findings.exists(f, true)", ALL],
    ["findings.exists(f, false)", []],
    ["size(findings) > 0", ALL],
    ['findings.exists(f, f.kind == "pii.ssn") || findings.exists(f, f.kind == "pii.card")', ALL],
  ])("are looked for where they can change what %s says", (condition, kinds) => {
    const { reads } = compileFiles(`policy: p\nrules:\n  - id: a\n    then: deny\n    if: |\n      ${condition}\n`);
    expect(reads).toEqual(kinds.length === 0 ? [] : [{ host: "*", body: true, detectors: kinds }]);
  });
});
