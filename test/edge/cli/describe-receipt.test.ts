import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import { receiptLines } from "../../../src/edge/cli/describe-receipt.ts";
import { CommandEnd } from "../../../src/edge/cli/exit.ts";

const RECEIPT: Readonly<Record<string, Json>> = {
  v: 1,
  kind: "decision",
  stream: "default",
  seq: 1,
  prev: "0".repeat(64),
  hash: "1".repeat(64),
  at: "2026-11-21T10:15:00.000Z",
  server: "s",
  decision_id: "01JGQ4M8Z6T5X7V2C9B3N1K0RA",
  tenant: "default",
  agent: "finance-7",
  subject: "ana@example.com",
  actors: [],
  session: "s-1",
  agent_version: "1.4.2",
  token_id: "jti-1",
  decision: "deny",
  class: "limit",
  code: "rate_exceeded",
  rule: "payments/calls",
  reasons: ["payments/small", "payments/old"],
  unknowns: ["payments/old"],
  mode: "enforce",
  shadow: null,
  policy: { name: "payments", revision: "abc", digest: "d" },
  call: {
    method: "POST",
    scheme: "https",
    host: "api.example.com",
    port: 8443,
    path: "/v1/things",
    protocol: "http",
    operation: null,
    tool: "shop.buy",
    model: "gpt-5",
    digest: "d",
    body: "full",
  },
  findings: [
    { kind: "pii.ssn", where: "query:q", count: 2 },
    { kind: "pii.card", where: "header:x", count: 1 },
  ],
  limits: [{ id: "payments/calls", remaining: 0 }],
  cost_micros: 300_000,
  hold: null,
  approval: { id: "apr_1", grant: true, approvers: ["ana", "ben"] },
  obligations: ["redact_query:ssn", "rewrite_path"],
  facts: { amount: { currency: "usd", micros: 5_000_000 }, "args.to": "hmac:12", "args.n": 7, "args.none": null },
  fault: null,
  trace_id: "t1",
  span_id: "s1",
  us: 120,
};

describe("a receipt in words", () => {
  it("tells everything that is in it, a line each", () => {
    expect(receiptLines(RECEIPT)).toEqual([
      "decision    deny limit rate_exceeded by payments/calls",
      "means       Too many calls in a short time.",
      "who         finance-7 of default, for ana@example.com, session s-1, version 1.4.2",
      "call        POST https://api.example.com:8443/v1/things",
      "as          http, tool shop.buy, model gpt-5",
      "body        full",
      "reasons     payments/small, payments/old",
      "unknowns    payments/old (applied only because something was unknown)",
      "facts       amount 5 usd",
      '            args.to "hmac:12"',
      "            args.n 7",
      "            args.none null",
      "findings    pii.ssn in query:q (2), pii.card in header:x",
      "limits      payments/calls: 0 left",
      "cost        0.3 usd",
      "approval    apr_1 is used up by this call, given by ana, ben",
      "done        redact_query:ssn, rewrite_path",
      "policy      payments, revision abc",
      "at          2026-11-21T10:15:00.000Z",
      "id          01JGQ4M8Z6T5X7V2C9B3N1K0RA",
      "trace       t1",
    ]);
  });

  it.each<[string, Readonly<Record<string, Json>>, readonly string[]]>([
    [
      "an approval that was asked for",
      { decision: "approval_needed", class: null, code: "own_code", approval: { id: "apr_1", grant: false, approvers: [] } },
      ["decision    approval_needed own_code by payments/calls", "approval    apr_1 was asked for"],
    ],
    [
      "a tenant in shadow",
      {
        decision: "allow",
        class: null,
        code: null,
        mode: "shadow",
        shadow: { decision: "deny", class: "policy", code: "denied_by_rule", rule: "p/r" },
      },
      [
        "decision    allow by payments/calls, in shadow: the answer is always allow",
        "shadow      would be deny policy denied_by_rule by p/r",
      ],
    ],
    [
      "a caller that is nobody known",
      { tenant: null, agent: null, subject: null, class: "identity", code: "token_missing", rule: null, policy: null, fault: "missing" },
      [
        "decision    deny identity token_missing",
        "means       No agent token was sent.",
        "who         nobody known",
        "fault       missing",
      ],
    ],
    ["a caller of whom only the tenant is known", { agent: null }, ["who         nobody known, of default"]],
    [
      "a call at the usual port",
      { call: { ...(RECEIPT["call"] as object), port: 443, tool: null, model: null } as Json },
      ["call        POST https://api.example.com/v1/things", "as          http"],
    ],
    [
      "a call that was not understood",
      { call: { ...(RECEIPT["call"] as object), port: null, protocol: null, tool: null, model: null } as Json },
      ["call        POST https://api.example.com/v1/things"],
    ],
    [
      "characters that cannot be seen",
      { agent: "a\u202e\u001b[31m" },
      ["who         a\\u{202e}\\u{1b}[31m of default, for ana@example.com"],
    ],
  ])("tells of %s", (_what, change, expected) => {
    const lines = receiptLines({ ...RECEIPT, session: null, agent_version: null, ...change });
    expect(lines).toEqual(expect.arrayContaining([...expected]));
  });

  it("tells nothing of what is not there", () => {
    const bare = { call: null, policy: null, reasons: [], unknowns: [], findings: [], limits: [], cost_micros: null, approval: null };
    const lines = receiptLines({ ...RECEIPT, ...bare, obligations: [], facts: {}, trace_id: null, code: null });
    expect(lines.map((line) => line.slice(0, 12).trim())).toEqual(["decision", "who", "at", "id"]);
  });

  it("refuses a receipt of another form", () => {
    expect(() => receiptLines({ ...RECEIPT, decision: null })).toThrow(CommandEnd);
  });
});
