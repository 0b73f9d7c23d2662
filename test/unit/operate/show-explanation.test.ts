import { describe, expect, it } from "vitest";
import type { AtomExplanation, Explanation, RuleExplanation, ValueKind } from "../../../src/core/explanation.ts";
import type { Operator } from "../../../src/core/person.ts";
import { showExplanation } from "../../../src/operate/show-explanation.ts";

function rule(atom: Partial<AtomExplanation> = {}, more: Partial<RuleExplanation> = {}): RuleExplanation {
  const one: AtomExplanation = {
    operator: "eq",
    path: ["args", "to"],
    operand: "a",
    saw: "hmac:1",
    sawKind: "text",
    truth: "true",
    ...atom,
  };
  return {
    rule: "p/r",
    effect: "approval_needed",
    shadow: false,
    guard: false,
    match: { fits: "true", permits: true, opens: true, dimensions: [] },
    conditions: [{ mode: "maybe", applies: true, truth: one.truth, clauses: [[one]] }],
    outcome: "decides",
    ...more,
  };
}

const EXPLANATION: Explanation = {
  decisionId: "one",
  tenant: "default",
  agent: "a-1",
  atMs: 0,
  mode: "enforce",
  decision: "allow",
  class: null,
  code: null,
  rule: "p/r",
  rules: [rule()],
  rulesLeftOut: 0,
};

const operator = (tenants: Operator["tenants"]): Operator => ({ name: "ana", roles: new Set(["author"]), tenants });
const show = (change: Partial<Explanation> = {}, tenants: Operator["tenants"] = "all") =>
  showExplanation({ find: (id) => (id === "one" ? { ...EXPLANATION, ...change } : null) }, operator(tenants), "one");

describe("an explanation that is shown", () => {
  it("is one of the operator's tenants", () => {
    expect(show({}, ["default", "other"])?.explanation).toEqual(EXPLANATION);
    expect(show({}, "all")?.explanation).toEqual(EXPLANATION);
    expect(show({}, ["other"])).toBeNull();
    expect(show({}, [])).toBeNull();
    expect(showExplanation({ find: () => null }, operator("all"), "one")).toBeNull();
  });

  it.each<[string, Partial<Explanation>, string]>([
    ["an approval was given", {}, "approval_needed by p/r, and the approval was given"],
    ["an approval was given and something taken out", { decision: "sanitize" }, "approval_needed by p/r, and the approval was given"],
    ["one is asked for", { decision: "approval_needed", code: "approval_required" }, "approval_needed by p/r"],
    [
      "it was rejected",
      { decision: "deny", class: "policy", code: "approval_rejected" },
      "the rules say approval_needed by p/r; the call is refused for something else, approval_rejected",
    ],
    [
      "the policy was not reached",
      { decision: "deny", class: "malformed", code: "path_ambiguous", rule: null, rules: [] },
      "the call is refused before the rules, path_ambiguous: The path could mean more than one thing.",
    ],
  ])("says why where %s", (_claim, change, because) => {
    expect(show(change)?.why).toEqual({ because, unknowns: [] });
  });

  it.each<[ValueKind, Partial<AtomExplanation>, string]>([
    ["absent", { saw: undefined }, "is absent"],
    ["null", { saw: null }, "is null"],
    ["text", {}, "is a text, which this test cannot judge"],
    ["number", { saw: 1 }, "is a number, which this test cannot judge"],
    ["boolean", { saw: true }, "is true or false, which this test cannot judge"],
    // Hidden, both are a text.
    ["list", {}, "is a list, which this test cannot judge"],
    ["map", {}, "is a map or money, which this test cannot judge"],
  ])("says of an unknown what was there, also where it is hidden: %s", (sawKind, atom, found) => {
    const unknowns = show({ rules: [rule({ ...atom, sawKind, truth: "unknown" })] })?.why.unknowns;
    expect(unknowns).toEqual([{ rule: "p/r", about: "args.to", found, countsAs: true, in: "what restricts" }]);
  });
});
