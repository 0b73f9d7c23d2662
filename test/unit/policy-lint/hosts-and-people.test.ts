import { describe, expect, it } from "vitest";
import { lintOf, rulesOf } from "./lint-one.ts";

const ASK = "then: approval_needed, approval: { from: [treasury] }";
const ADDRESS = "is an address: it says nothing of who answers there, and another may answer tomorrow";

describe("an address as a host", () => {
  it.each(["10.0.0.1", "10.0.0.1:8443", "[2001:db8::1]", "[::1]:8080", "127.1", "2130706433", "0x7f000001"])("is told: %s", (host) => {
    const policy = rulesOf(`{ id: a, match: { hosts: ["a.example", "${host}"] }, then: allow }`);
    expect(lintOf("host_literal", { policy })).toEqual([
      `policy.yaml:3:44: \`${host}\` ${ADDRESS} (write the host's name, as its certificate has it)`,
    ]);
  });

  it("is told in a policy's match, a short form and a question", () => {
    const policy = [
      "policy: p",
      "match: { hosts: [10.0.0.1] }",
      "rules:",
      "  - { id: a, then: allow }",
      `  - { id: b, ${ASK}, match: { hosts: [10.0.0.1] } }`,
      "",
    ].join("\n");
    expect(lintOf("host_literal", { policy }).map((line) => line.split(": ")[0])).toEqual(["policy.yaml:2:18", "policy.yaml:5:86"]);
    expect(lintOf("host_literal", { policy: "policy: p\nallowed_domains: [a.example, 10.0.0.1]\n" })).toEqual([
      `policy.yaml:2:30: \`10.0.0.1\` ${ADDRESS} (write the host's name, as its certificate has it)`,
    ]);
  });

  it("is told of a tool", () => {
    const tools = "tools:\n  a: { http: { method: GET, host: 10.0.0.1, path: / } }\n";
    expect(lintOf("host_literal", { policy: rulesOf("{ id: a, then: allow }"), tools })).toEqual([
      `tools.yaml:2:35: \`10.0.0.1\` ${ADDRESS} (write the host's name, as its certificate has it)`,
    ]);
  });

  it("is not told in a guardrail, which opens nothing", () => {
    const guardrail = `policy: g\nrules:\n  - { id: a, ${ASK}, match: { hosts: [10.0.0.1, .com] } }\n`;
    const policy = rulesOf("{ id: a, then: allow }");
    expect(lintOf("host_literal", { policy }, guardrail)).toEqual([]);
    expect(lintOf("host_too_wide", { policy }, guardrail)).toEqual([]);
  });

  it.each([
    ["{ id: a, match: { hosts: [10.0.0.1] }, then: deny }"],
    ["{ id: a, match: { hosts: [10.0.0.1] }, redact: [{ header: x }] }"],
    ["{ id: a, match: { hosts: [a1.example, 10.example] }, then: allow }"],
  ])("is not told in %s", (rule) => {
    expect(lintOf("host_literal", { policy: rulesOf(rule) })).toEqual([]);
  });

  it("is not told in a policy's match that every permitting rule narrows", () => {
    const policy =
      "policy: p\nmatch: { hosts: [10.0.0.1, a.example] }\nrules:\n  - { id: a, then: allow, match: { hosts: [a.example] } }\n";
    expect(lintOf("host_literal", { policy })).toEqual([]);
  });
});

describe("a suffix under which anybody can have a name", () => {
  it.each([
    [".com", "name the hosts, or a domain of your own such as .yours.com"],
    [".co.uk", "name the hosts, or a domain of your own such as .yours.co.uk"],
    [".github.io", "name the hosts, or a domain of your own such as .yours.github.io"],
    [".amazonaws.com", "name the hosts, or a domain of your own such as .yours.amazonaws.com"],
    [".s3.amazonaws.com", "name the hosts, or a domain of your own"],
    [".vercel.app:8443", "name the hosts, or a domain of your own such as .yours.vercel.app:8443"],
  ])("is told: %s", (host, fix) => {
    expect(lintOf("host_too_wide", { policy: rulesOf(`{ id: a, match: { hosts: [${host}] }, then: allow }`) })).toEqual([
      `policy.yaml:3:31: anybody can have a name under \`${host}\`, so this opens the hosts of strangers (${fix})`,
    ]);
    expect(lintOf("host_too_wide", { policy: `policy: p\nallowed_domains: ["${host}"]\n` })).toHaveLength(1);
    expect(lintOf("host_too_wide", { policy: rulesOf(`{ id: a, match: { hosts: [${host}] }, then: deny }`) })).toEqual([]);
  });

  it.each([".example.com", ".internal", ".example", "github.io", ".corp.github.io", ".my.salesforce.com", ".sharepoint.com"])(
    "is not %s",
    (host) => {
      expect(lintOf("host_too_wide", { policy: rulesOf(`{ id: a, match: { hosts: [${host}] }, then: allow }`) })).toEqual([]);
    },
  );
});

describe("an approval", () => {
  const policy = rulesOf("{ id: a, then: approval_needed, approval: { from: [treasury, audit], count: 2 } }");

  it("from a group without people is told", () => {
    const groups = "groups:\n  treasury: { people: [ana, bob] }\n  audit: { agents: [audit-*] }\n";
    expect(lintOf("empty_group", { policy, groups })).toEqual([
      "policy.yaml:3:66: the group `audit` has agents and no people: unless the configuration names its people, nobody can approve " +
        "(write `audit: { people: […] }` in a `groups` file)",
    ]);
  });

  it("from a group that no file has is told where others have people", () => {
    expect(lintOf("empty_group", { policy, groups: "groups:\n  treasury: { people: [ana, bob] }\n" })).toEqual([
      "policy.yaml:3:66: no `groups` file has the group `audit`: unless the configuration names its people, nobody can approve " +
        "(write `audit: { people: […] }` in a `groups` file)",
    ]);
  });

  it.each([
    ["no file has groups", undefined],
    ["all groups have people", "groups:\n  treasury: { people: [ana] }\n  audit: { people: [bob] }\n"],
    ["the files name agents only", "groups:\n  finance: { agents: [fin-*] }\n"],
  ])("is not doubted where %s", (_, groups) => {
    const files = groups === undefined ? { policy } : { policy, groups };
    expect(lintOf("empty_group", files)).toEqual([]);
    expect(lintOf("too_few_approvers", files)).toEqual([]);
  });

  it.each([
    ["{ from: [treasury], count: 3 }", "63", "3 people must approve, and the `groups` files have 2 who may"],
    ["{ from: [treasury, audit], count: 4 }", "70", "4 people must approve, and the `groups` files have 3 who may"],
    ["{ from: [treasury], count: 2, exclude: [ana] }", "63", "2 people must approve, and the `groups` files have 1 who may"],
    ["{ from: [treasury], count: 2, exclude: [audit] }", "63", "2 people must approve, and the `groups` files have 1 who may"],
  ])("of more people than there are is told: %s", (approval, column, message) => {
    const groups = "groups:\n  treasury: { people: [ana, bob] }\n  audit: { people: [bob, cleo] }\n";
    expect(lintOf("too_few_approvers", { policy: rulesOf(`{ id: a, then: approval_needed, approval: ${approval} }`), groups })).toEqual([
      `policy.yaml:3:${Number(column) + 11}: ${message} (name more people in these groups, or lower the count)`,
    ]);
  });
});

describe("a group of a match", () => {
  const GROUPS =
    "groups:\n  notifiers: { agents: [n-*] }\n  soc-analysts: { agents: [soc-*] }\n  team-a: { agents: [a-*] }\n  tier1: { agents: [t-*] }\n";

  it.each(["notifers", "notifirs", "Notifiers", "soc-analyst", "soc_analysts"])("is told where it is nearly one of a file: %s", (name) => {
    const near = name.startsWith("soc") ? "soc-analysts" : "notifiers";
    expect(lintOf("unknown_group", { policy: rulesOf(`{ id: a, match: { groups: [${name}] }, then: allow }`), groups: GROUPS })).toEqual([
      `policy.yaml:3:32: no \`groups\` file has the group \`${name}\`: unless a token says it, nobody is in it ` +
        `(did you mean ${near}? allowed: notifiers, soc-analysts, team-a, tier1)`,
    ]);
  });

  it("is told in a policy's match and a limit's too", () => {
    const limit = "limits:\n  - { id: l, per: [agent], rate: 5/s, match: { groups: [notifers] } }\n";
    const policy = `policy: p\nmatch: { groups: [notifiers, notifers] }\nrules:\n  - { id: a, then: allow }\n${limit}`;
    expect(lintOf("unknown_group", { policy, groups: GROUPS }).map((line) => line.split(": ")[0])).toEqual([
      "policy.yaml:2:30",
      "policy.yaml:6:57",
    ]);
  });

  it.each(["notifiers", "notif*", "treasury", "team-b", "tier2", "soc-hunters", "notes"])("is not doubted as %s", (name) => {
    const policy = rulesOf(`{ id: a, match: { groups: ["${name}"] }, then: allow }`);
    expect(lintOf("unknown_group", { policy, groups: GROUPS })).toEqual([]);
  });

  it("is not doubted where no file has groups", () => {
    expect(lintOf("unknown_group", { policy: rulesOf("{ id: a, match: { groups: [notifers] }, then: allow }") })).toEqual([]);
  });
});
