import { describe, expect, it } from "vitest";
import { lintOf, rulesOf } from "./lint-one.ts";

const swallowedIn = (...rules: readonly string[]) => lintOf("swallowed", { policy: rulesOf(...rules) });
const ASK = "then: approval_needed, approval: { from: [treasury] }";

describe("a rule is swallowed", () => {
  it.each([
    ["an allow by a deny of all calls", "{ id: a, then: allow }", "{ id: b, then: deny }", "denies"],
    ["a question by a deny", `{ id: a, ${ASK} }`, "{ id: b, then: deny }", "denies"],
    ["a redaction by a deny", "{ id: a, redact: [{ header: x-a }] }", "{ id: b, then: deny }", "denies"],
    ["an allow by a question", "{ id: a, then: allow }", `{ id: b, ${ASK} }`, "asks for an approval of"],
    [
      "by a wider match",
      "{ id: a, then: allow, match: { agents: [fin-1, fin-2], methods: [GET] } }",
      "{ id: b, then: deny, match: { agents: [fin-*] } }",
      "denies",
    ],
    [
      "by a wider host",
      "{ id: a, then: allow, match: { hosts: [a.b.example] } }",
      "{ id: b, then: deny, match: { hosts: [.example] } }",
      "denies",
    ],
    [
      "by the host of its tools",
      "{ id: a, then: allow, match: { tools: [pay.*] } }",
      "{ id: b, then: deny, match: { hosts: [pay.example] } }",
      "denies",
    ],
    [
      "by the method and path of its tool",
      "{ id: a, then: allow, match: { tools: [pay.read] } }",
      "{ id: b, then: deny, match: { methods: [GET], paths: [/v1/**] } }",
      "denies",
    ],
    [
      "by a wider path",
      "{ id: a, then: allow, match: { paths: [/a/b, /a/*/c] } }",
      "{ id: b, then: deny, match: { paths: [/a/**] } }",
      "denies",
    ],
    ["by a wider role", "{ id: a, then: allow, match: { roles: [fin-1] } }", "{ id: b, then: deny, match: { roles: [fin-*] } }", "denies"],
    ["by a wider bound", "{ id: a, then: allow, if: amount > usd(9) }", "{ id: b, then: deny, if: amount > usd(5) }", "denies"],
    [
      "by more values",
      `{ id: a, then: allow, if: 'args.to == "x" || args.to == "y"' }`,
      `{ id: b, then: deny, if: 'args.to in ["x", "y", "z"]' }`,
      "denies",
    ],
    [
      "by a shorter beginning",
      `{ id: a, then: allow, if: args.to.startsWith("ab") }`,
      `{ id: b, then: deny, if: args.to.startsWith("a") }`,
      "denies",
    ],
    [
      "by one test of its two",
      `{ id: a, then: allow, if: 'args.meta && amount > usd(1)' }`,
      "{ id: b, then: deny, if: args.meta }",
      "denies",
    ],
    [
      "by one of two alternatives",
      `{ id: a, then: allow, if: args.meta }`,
      `{ id: b, then: deny, if: 'amount > usd(1) || args.meta' }`,
      "denies",
    ],
    [
      "by what its match says",
      "{ id: a, then: allow, match: { methods: [POST] } }",
      `{ id: b, then: deny, if: http.method != "GET" }`,
      "denies",
    ],
    ["by what is always so", "{ id: a, then: allow }", "{ id: b, then: deny, if: time.hour <= 23 }", "denies"],
    [
      "by a test of elements",
      `{ id: a, then: allow, if: 'caller.actors.exists(x, x == "ab")' }`,
      `{ id: b, then: deny, if: 'caller.actors.exists(x, x.startsWith("a"))' }`,
      "denies",
    ],
    ["a deny by the same deny", "{ id: a, then: deny, match: { methods: [GET] } }", "{ id: b, then: deny }", "says the same of"],
    ["an allow by a wider one", "{ id: a, then: allow, match: { methods: [GET] } }", "{ id: b, then: allow }", "says the same of"],
    [
      "an allow that redacts no more",
      "{ id: a, then: allow, redact: [{ header: x }] }",
      "{ id: b, then: allow, redact: [{ header: x }, { header: y }] }",
      "says the same of",
    ],
    ["a question to the same people", `{ id: a, ${ASK}, match: { methods: [GET] } }`, `{ id: b, ${ASK}, reason: why }`, "says the same of"],
  ])("%s", (_, first, second, how) => {
    expect(swallowedIn(first, second)).toEqual([
      `policy.yaml:3:5: \`p/b\` (policy.yaml:4) ${how} every call that this rule covers (remove this rule, or narrow \`p/b\`)`,
    ]);
  });

  it("by a guardrail", () => {
    const found = lintOf("swallowed", { policy: rulesOf("{ id: a, then: allow }") }, "policy: g\nrules:\n  - { id: b, then: deny }\n");
    expect(found).toEqual([
      "policy.yaml:3:5: `guardrail:g/b` (guardrail.yaml:3) denies every call that this rule covers (remove this rule, or narrow `guardrail:g/b`)",
    ]);
  });

  it("once where two say the same", () => {
    expect(swallowedIn("{ id: a, then: deny }", "{ id: b, then: deny }")).toEqual([
      "policy.yaml:4:5: `p/a` (policy.yaml:3) says the same of every call that this rule covers (remove this rule, or narrow `p/a`)",
    ]);
  });
});

describe("a rule is not swallowed", () => {
  it.each([
    ["by a less strict one", `{ id: a, ${ASK} }`, "{ id: b, then: allow }"],
    ["by one in shadow", "{ id: a, then: allow }", "{ id: b, then: deny, mode: shadow }"],
    ["where it is in shadow", "{ id: a, then: allow, mode: shadow }", "{ id: b, then: deny }"],
    ["by a narrower match", "{ id: a, then: allow, match: { agents: [fin-*] } }", "{ id: b, then: deny, match: { agents: [fin-1] } }"],
    ["by a narrower host", "{ id: a, then: allow, match: { hosts: [.example] } }", "{ id: b, then: deny, match: { hosts: [.a.example] } }"],
    ["by a narrower path", "{ id: a, then: allow, match: { paths: [/a/**] } }", "{ id: b, then: deny, match: { paths: [/a/b/**] } }"],
    ["by a path of another length", "{ id: a, then: allow, match: { paths: [/a] } }", "{ id: b, then: deny, match: { paths: [/a/*] } }"],
    ["by a match that has more", "{ id: a, then: allow }", "{ id: b, then: deny, match: { methods: [GET] } }"],
    [
      "by another host than its tools'",
      "{ id: a, then: allow, match: { tools: [pay.*, crm.find] } }",
      "{ id: b, then: deny, match: { hosts: [pay.example] } }",
    ],
    ["by a narrower bound", "{ id: a, then: allow, if: amount > usd(5) }", "{ id: b, then: deny, if: amount > usd(9) }"],
    [
      "by a bound in another currency",
      "{ id: a, then: deny, code: a, if: amount > usd(9) }",
      `{ id: b, then: deny, if: 'amount > money("5", "eur")' }`,
    ],
    ["by fewer values", `{ id: a, then: allow, if: 'args.to in ["x", "y"]' }`, `{ id: b, then: deny, if: 'args.to in ["x"]' }`],
    [
      "a question by the host of its tools, which also hides behind other ports",
      `{ id: a, ${ASK}, match: { tools: [pay.read] } }`,
      "{ id: b, then: deny, match: { hosts: [pay.example] } }",
    ],
    [
      "an allow that also redacts what is unknown by one that does not",
      "{ id: a, then: allow, if: args.meta, redact: [{ header: x }] }",
      "{ id: b, then: allow, if: has(args.meta), redact: [{ header: x }] }",
    ],
    [
      "what looks into a list by what counts it, which a list that was cut does not tell",
      `{ id: a, then: allow, if: '"x" in args.meta' }`,
      "{ id: b, then: allow, if: size(args.meta) >= 1 }",
    ],
    [
      "by the path of which it has all below",
      "{ id: a, then: allow, match: { paths: [/a/**] } }",
      "{ id: b, then: deny, match: { paths: [/a] } }",
    ],
    [
      "a question about tunnels too by what is seen",
      `{ id: a, ${ASK}, match: { methods: [POST] } }`,
      "{ id: b, then: deny, if: has(http.method) }",
    ],
    [
      "where one of its alternatives is not",
      `{ id: a, then: allow, if: 'args.to == "x" || args.meta' }`,
      `{ id: b, then: deny, if: args.to == "x" }`,
    ],
    [
      "by two tests of which it has one",
      "{ id: a, then: allow, if: args.meta }",
      "{ id: b, then: deny, if: 'args.meta && amount > usd(1)' }",
    ],
    [
      "a question about what may be unknown by a presence",
      `{ id: a, ${ASK}, if: amount > usd(5) }`,
      "{ id: b, then: deny, if: has(args.sum) }",
    ],
    ["a deny that says why", "{ id: a, then: deny, reason: because, match: { methods: [GET] } }", "{ id: b, then: deny }"],
    ["a question to other people", `{ id: a, ${ASK} }`, "{ id: b, then: approval_needed, approval: { from: [audit] } }"],
    ["an allow that redacts by a question", "{ id: a, then: allow, redact: [{ header: x }] }", `{ id: b, ${ASK} }`],
    ["an allow that redacts by one that does not", "{ id: a, then: allow, redact: [{ header: x }] }", "{ id: b, then: allow }"],
    [
      "an allow that sets a header by one that sets another",
      "{ id: a, then: allow, set: { x-a: '1' } }",
      "{ id: b, then: allow, set: { x-a: '2' } }",
    ],
    ["what opens tunnels by what does not", "{ id: a, then: allow, match: { protocols: [tunnel] } }", `{ id: b, ${ASK} }`],
    ["what opens unknown tools by what does not", "{ id: a, then: allow, match: { tools: [unknown] } }", "{ id: b, then: allow }"],
    ["what names a private host by what does not", "{ id: a, then: allow, match: { hosts: [ehr.internal] } }", "{ id: b, then: allow }"],
    ["what names an address by what does not", "{ id: a, then: allow, match: { hosts: [10.0.0.1] } }", "{ id: b, then: allow }"],
  ])("%s", (_, first, second) => {
    expect(swallowedIn(first, second).filter((line) => line.startsWith("policy.yaml:3:"))).toEqual([]);
  });

  it("where it never applies, which is told already", () => {
    expect(swallowedIn("{ id: a, then: allow, if: 'false' }", "{ id: b, then: deny }")).toEqual([]);
  });

  it.each([
    ["a guardrail by a tenant's rule", "{ id: a, then: deny }", "{ id: b, then: deny, match: { methods: [GET] } }"],
    ["what permits by a guardrail's question, which opens nothing", "{ id: a, then: allow }", `{ id: b, ${ASK} }`],
  ])("%s", (_, own, guard) => {
    expect(lintOf("swallowed", { policy: rulesOf(own) }, `policy: g\nrules:\n  - ${guard}\n`)).toEqual([]);
  });
});
