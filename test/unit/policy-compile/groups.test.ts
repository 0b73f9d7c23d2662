import { describe, expect, it } from "vitest";
import { CATALOGUE, compileFiles, findRule } from "./compile-one.ts";

const GROUPS = "groups:\n  treasury: { people: [bob, ana, bob], agents: [finance-*, pay-1] }\n  audit: { people: [eve] }\n";
const asks = (approval: string) =>
  `policy: p\nrules:\n  - { id: a, match: { tools: [pay.create, pay.refund] }, then: approval_needed, approval: ${approval} }\n`;
const approval = (source: string, ...more: readonly string[]) => findRule(compileFiles(CATALOGUE, asks(source), ...more), "p/a").approval;

describe("a groups file", () => {
  it("gives the program the agents of its groups, and leaves out groups without any", () => {
    expect(compileFiles(GROUPS, "policy: p\nrules: [{ id: a, then: deny }]\n").groups).toEqual({
      treasury: { is: { "pay-1": true }, starts: ["finance-"], ends: [] },
    });
  });

  it("gives an approval the people of the groups it asks, each once", () => {
    expect(approval("{ from: [treasury, audit, elsewhere] }", GROUPS)?.people).toEqual(["ana", "bob", "eve"]);
    expect(approval("{ from: [audit] }", GROUPS)?.people).toEqual(["eve"]);
    expect(approval("{ from: [elsewhere] }", GROUPS)?.people).toEqual([]);
  });
});

describe("an approval", () => {
  it("carries everything of it", () => {
    expect(
      approval(
        "{ from: [t, u, t], count: 2, exclude: [ops, ana, ops], note: required, bind: [args.sum], expires: 1d, use_within: 45s, summary: '{args.sum}' }",
      ),
    ).toEqual({
      from: ["t", "u"],
      people: [],
      count: 2,
      exclude: ["ops", "ana"],
      note: true,
      bind: ["sum"],
      expiresMs: 86_400_000,
      useWithinMs: 45_000,
      summary: "{args.sum}",
    });
  });

  it("has defaults that are short and bind the whole call", () => {
    expect(approval("{ from: [t] }")).toEqual({
      from: ["t"],
      people: [],
      count: 1,
      exclude: [],
      note: false,
      bind: null,
      expiresMs: 900_000,
      useWithinMs: 600_000,
      summary: null,
    });
  });
});
