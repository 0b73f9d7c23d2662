import { describe, expect, it } from "vitest";
import type { Caller } from "../../../src/core/caller.ts";
import { planHeader, planText } from "../../../src/policy/wasm/fill-template.ts";
import { CALLER } from "./sample.ts";

const FULL: Caller = { ...CALLER, subject: "alice", session: "s-1", agentVersion: "2.0", labels: { team: "red", "": "empty" } };

describe("a text for agents", () => {
  it.each<[string, string]>([
    ["Ask {caller.agent} of {caller.tenant}.", "Ask finance-1 of default."],
    ["{caller.subject} {caller.session} {caller.agent_version}", "alice s-1 2.0"],
    ["{caller.issuer}", "https://issuer.example.com"],
    ["{caller.labels.team}!", "red!"],
    ["{caller.labels.none} {caller.labels.toString}", "- -"],
    ["{caller.roles} {caller.toString}", "- -"],
    ["{args.to} { } {}", "{args.to} { } {}"],
    ["nothing to fill", "nothing to fill"],
  ])("%s reads %s", (template, text) => {
    expect(planText(template)(FULL)).toBe(text);
  });

  it("says where a fact is absent", () => {
    expect(planText("{caller.subject}/{caller.session}/{caller.agent_version}")(CALLER)).toBe("-/-/-");
    expect(planText("{caller.issuer}")({ ...CALLER, issuer: null })).toBe("-");
  });

  it("is nothing where the rule says nothing", () => {
    expect(planText(null)(FULL)).toBeNull();
  });

  it("takes a fact as it is, whatever that looks like", () => {
    expect(planText("<{caller.subject}>")({ ...FULL, subject: "$& {caller.agent}" })).toBe("<$& {caller.agent}>");
  });
});

describe("a header's value", () => {
  it.each<[string, string]>([
    ["agent={caller.agent};team={caller.labels.team}", "agent=finance-1;team=red"],
    ["fixed", "fixed"],
  ])("%s reads %s", (template, value) => {
    expect(planHeader(template)(FULL)).toBe(value);
  });

  it("is none where one of its facts is absent", () => {
    expect(planHeader("{caller.agent}/{caller.subject}")(CALLER)).toBeNull();
    expect(planHeader("{caller.labels.none}")(FULL)).toBeNull();
  });

  it.each<[string, string]>([
    ["alice", "alice"],
    ["alice bob", "alice%20bob"],
    ["é€😀", "%C3%A9%E2%82%AC%F0%9F%98%80"],
    ["a\r\nx-evil: 1", "a%0D%0Ax-evil:%201"],
    ["\u0000\u007f", "%00%7F"],
    ["100%", "100%25"],
    ["a%20b", "a%2520b"],
    ["\ud800", "%EF%BF%BD"],
    ["", ""],
  ])("carries the fact %j as %s", (subject, value) => {
    expect(planHeader("{caller.subject}")({ ...FULL, subject })).toBe(value);
  });
});
