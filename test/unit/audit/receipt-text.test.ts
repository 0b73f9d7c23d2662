import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText } from "../../../src/audit/canonical-text.ts";
import { createChain, GENESIS } from "../../../src/audit/chain.ts";
import { parseReceipt } from "../../../src/audit/parse-receipt.ts";
import { decisionText, recordText } from "../../../src/audit/receipt-text.ts";
import type { Json } from "../../../src/core/intent.ts";
import { START_MS, sampleDecision, unidentifiedDenial } from "./sample-receipts.ts";

const place = { stream: "default", seq: 7, prev: GENESIS, at: "2026-11-21T10:15:00.000Z", server: "pod-1" };
const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe("the canonical text", () => {
  it("is RFC 8785 for every JSON value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
    );
  });

  it.each([
    ["a lone surrogate", { a: "x\ud800y" }, '{"a":"x\ufffdy"}'],
    ["an infinite number", { a: Number.POSITIVE_INFINITY }, '{"a":null}'],
    ["keys that look like numbers", { "10": 1, "9": 2 }, '{"10":1,"9":2}'],
  ])("never fails on %s", (_name, value, text) => {
    expect(canonicalText(value)).toBe(text);
  });
});

describe("a decision's text", () => {
  const dictionary = fc.dictionary(fc.string({ unit: "binary" }), json);
  const draft = fc.record({
    reasons: fc.array(fc.string({ unit: "binary" })),
    facts: dictionary,
    rule: fc.option(fc.string({ unit: "grapheme" })),
    us: fc.double(),
    tenant: fc.constantFrom("default", null),
    shadow: fc.constantFrom(null, { decision: "deny" as const, class: "policy" as const, code: "x", rule: "p/r" }),
    approval: fc.constantFrom(null, { id: "apr_1", grant: true, approvers: ["ana"] }),
    policy: fc.constantFrom(null, { revision: "7", name: "payments", digest: "00" }),
    findings: fc.constantFrom([], [{ where: "query:ssn", kind: "pii.ssn", count: 2 }]),
  });

  it("equals the canonical form of what it says, whatever the receipt holds", () => {
    fc.assert(
      fc.property(draft, fc.option(fc.integer({ min: 1 })), (change, count) => {
        const { before, after } = decisionText(sampleDecision(change), place, count);
        const text = `${before},${after}`;
        expect(text).toBe(canonicalize(JSON.parse(text)));
      }),
    );
  });

  it("carries text that has no canonical form with its surrogates replaced", () => {
    const { before, after } = decisionText(sampleDecision({ reasons: ["a\udfffb", "\\ud"] }), place, null);
    expect(JSON.parse(`${before},${after}`).reasons).toEqual(["a\ufffdb", "\\ud"]);
  });

  it("has exactly the members of the contract", () => {
    const chain = createChain({ server: "pod-1", nowMs: () => START_MS, heads: new Map() });
    const line = chain.link("default", (at) => decisionText(sampleDecision(), at, null));
    const { hash, ...fields } = JSON.parse(line.text);
    expect(hash).toBe(line.hash);
    expect(fields).toEqual({
      v: 1,
      kind: "decision",
      stream: "default",
      seq: 1,
      prev: GENESIS,
      at: "2026-11-21T10:15:00.000Z",
      server: "pod-1",
      decision_id: "01JD6Q3Z8W0000000000000000",
      tenant: "default",
      agent: "finance-7",
      subject: "ana@example.com",
      actors: ["planner-1"],
      session: "s-1",
      agent_version: "1.4.2",
      token_id: "jti-1",
      decision: "allow",
      class: null,
      code: null,
      rule: "payments/small",
      reasons: ["Payments up to $5,000 are allowed."],
      unknowns: [],
      mode: "enforce",
      shadow: null,
      policy: { name: "payments", revision: "7", digest: "ab".repeat(32) },
      call: {
        method: "POST",
        scheme: "https",
        host: "api.pay.example",
        port: 443,
        path: "/v1/payments",
        protocol: "http",
        operation: null,
        tool: "payments.create",
        model: "small-1",
        digest: "cd".repeat(32),
        body: "full",
      },
      findings: [{ kind: "pii.ssn", where: "query:ssn", count: 1 }],
      limits: [{ id: "payments/daily", remaining: 4_960_000_000 }],
      cost_micros: 1_200,
      hold: null,
      approval: null,
      obligations: ["remove_header:x-sluice-token"],
      facts: { "args.amount": 40, "tool.name": "payments.create" },
      fault: null,
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      span_id: "b7ad6b7169203331",
      us: 61,
    });
    expect(parseReceipt(line.text.trimEnd())?.intact).toBe(true);
  });

  it("has null for everything of the caller that is not known", () => {
    const { before, after } = decisionText(unidentifiedDenial(), place, null);
    expect(JSON.parse(`${before},${after}`)).toMatchObject({
      tenant: null,
      agent: null,
      subject: null,
      actors: [],
      session: null,
      agent_version: null,
      token_id: null,
    });
  });
});

describe("another record's text", () => {
  it("is canonical around the hash", () => {
    const fields = { kind: "config", tenant: null, event: "started", detail: { b: 1, a: ["x"] } };
    const { before, after } = recordText(fields, place);
    expect(`${before},${after}`).toBe(canonicalize({ ...fields, ...place, v: 1 }));
  });
});
