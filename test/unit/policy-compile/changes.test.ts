import { describe, expect, it } from "vitest";
import { CATALOGUE, compileFiles, findRule, messagesOf } from "./compile-one.ts";

const rule = (lines: string) => findRule(compileFiles(CATALOGUE, `policy: p\nrules:\n  - id: a\n${lines}\n`), "p/a");
const IF = '    if: caller.agent == "x"\n';
const SURE = [[["eq", ["caller", "agent"], "x"]]];
const MAYBE = [[["?eq", ["caller", "agent"], "x"]]];

describe("what a rule changes of a call", () => {
  it("is set and removed by the names of headers in lower case", () => {
    expect(rule('    set: { X-B: "for {caller.agent}", x-a: "{caller.labels.team.eu}" }\n    remove: [X-C, x-d, x-c]')).toMatchObject({
      effect: "add",
      obligations: [
        { kind: "remove_header", name: "x-c" },
        { kind: "remove_header", name: "x-d" },
      ],
      sets: [
        { name: "x-a", value: "{caller.labels.team.eu}" },
        { name: "x-b", value: "for {caller.agent}" },
      ],
    });
  });

  it.each(["agent", "subject", "tenant", "session", "agent_version", "issuer", "labels.a"])("may tell the caller's %s", (fact) => {
    expect(rule(`    set: { x-a: "{caller.${fact}}" }`).sets).toEqual([{ name: "x-a", value: `{caller.${fact}}` }]);
    expect(
      findRule(
        compileFiles(`policy: p\nrules: [{ id: a, then: deny, reason: "no {caller.${fact}}", hint: "{caller.${fact}} asks" }]\n`),
        "p/a",
      ),
    ).toMatchObject({ reason: `no {caller.${fact}}`, hint: `{caller.${fact}} asks` });
  });

  it.each([
    ["{ form: ssn, with: mask }", { kind: "redact_form", key: "ssn", with: "mask" }],
    ["{ form: ssn, on: request }", { kind: "redact_form", key: "ssn", with: "remove" }],
    ["{ query: k }", { kind: "redact_query", key: "k", with: "remove" }],
    ["{ header: X-A, on: request }", { kind: "redact_header", name: "x-a", with: "remove", on: "request" }],
    ["{ find: pii.ssn, with: hash, on: both }", { kind: "redact_finding", finding: "pii.ssn", with: "hash", on: "both" }],
    ["{ json: $.a, on: response }", { kind: "redact_json", path: [{ kind: "member", name: "a" }], with: "remove", on: "response" }],
    [
      "{ json: '$.a-1[\"b c\"][*].d' }",
      {
        kind: "redact_json",
        path: [{ kind: "member", name: "a-1" }, { kind: "member", name: "b c" }, { kind: "elements" }, { kind: "member", name: "d" }],
        with: "remove",
        on: "default",
      },
    ],
    [
      "{ json: \"$[*]['a.b']\" }",
      { kind: "redact_json", path: [{ kind: "elements" }, { kind: "member", name: "a.b" }], with: "remove", on: "default" },
    ],
  ])("%s is an obligation", (source, obligation) => {
    expect(rule(`    redact: [${source}]`).obligations).toEqual([obligation]);
  });

  it("of a response is doubted, because the call will be denied", () => {
    expect(messagesOf("policy: p\nrules: [{ id: a, redact: [{ find: pii.ssn, on: both }] }]\n")).toContain(
      "responses are not edited yet: a call that this applies to is denied",
    );
  });

  it.each([
    ["    then: allow\n", "", { sure: SURE, maybe: null }],
    ["    then: allow\n", "    set: { x-a: b }", { sure: SURE, maybe: null }],
    ["    then: allow\n", "    remove: [x-a]", { sure: SURE, maybe: MAYBE }],
    ["    then: sanitize\n", "    redact: [{ header: x }]", { sure: SURE, maybe: MAYBE }],
    ["", "    redact: [{ header: x }]", { sure: null, maybe: MAYBE }],
    ["", "    remove: [x-a]", { sure: null, maybe: MAYBE }],
    ["", "    set: { x-a: b }", { sure: SURE, maybe: MAYBE }],
    ["    then: approval_needed\n    approval: { from: [t] }\n", "", { sure: null, maybe: MAYBE }],
    ["    then: approval_needed\n    approval: { from: [t] }\n", "    set: { x-a: b }", { sure: SURE, maybe: MAYBE }],
    ["    then: deny\n", "", { sure: null, maybe: MAYBE }],
  ])("%s%s is judged by the readings that it needs", (then, change, readings) => {
    expect(rule(`${then}${IF}${change}`)).toMatchObject(readings);
  });
});
