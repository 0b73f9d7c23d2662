import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODES } from "../../../src/core/codes.ts";
import type { Decision, DecisionFacts } from "../../../src/core/decision.ts";
import { type ProxyIdentity, UNAUTHENTICATED } from "../../../src/core/proxy.ts";
import { decodeCall } from "../../../src/edge/grpc/decode-call.ts";
import { encodeDecision } from "../../../src/edge/grpc/encode-decision.ts";
import { type CheckParts, decodeCheckResponse, encodeCheckRequest } from "../../tools/check-request.ts";

const RUNS = 10_000;

const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.constantFrom("", "a", "%2e%2e/", "\r\n", "\0"));
const headerName = fc.oneof(
  fc.constantFrom("content-length", "content-type", "upgrade", "x-sluice-token", "x-envoy-auth-partial-body"),
  text,
);

const parts: fc.Arbitrary<CheckParts> = fc.record(
  {
    method: fc.oneof(fc.constantFrom("GET", "POST", "CONNECT", "PATCH", ""), text),
    scheme: text,
    host: fc.oneof(fc.domain(), text),
    path: fc.oneof(fc.webPath({ size: "small" }), text),
    headers: fc.dictionary(headerName, fc.oneof(text, fc.array(text, { maxLength: 3 })), { maxKeys: 6 }),
    body: fc.oneof(fc.json(), fc.uint8Array({ maxLength: 200 })),
    rawBody: fc.boolean(),
    rawHeaders: fc.boolean(),
    size: fc.integer(),
    contentLength: fc.option(text),
    partialBody: fc.constantFrom("true", "false", null),
    principal: text,
    context: fc.dictionary(text, text, { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);

/** What an Envoy would really send. */
const plainParts: fc.Arbitrary<CheckParts> = fc.record({
  method: fc.constantFrom("GET", "POST", "CONNECT", "DELETE"),
  host: fc.domain(),
  path: fc.constantFrom("/", "/v1/charges?amount=1"),
  headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.string({ unit: "grapheme", maxLength: 20 }), { maxKeys: 6 }),
  body: fc.json({ maxDepth: 1 }),
  rawHeaders: fc.boolean(),
});

type Mutation = { readonly kind: "flip" | "cut" | "insert" | "repeat"; readonly at: number; readonly with: Uint8Array };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("flip", "cut", "insert", "repeat"),
  at: fc.nat(),
  with: fc.uint8Array({ minLength: 1, maxLength: 12 }),
});

const request = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  { weight: 2, arbitrary: parts.map((given) => encodeCheckRequest(given)) },
  { weight: 3, arbitrary: plainParts.map((given) => encodeCheckRequest(given)) },
  { weight: 4, arbitrary: fc.tuple(fc.oneof(parts, plainParts), fc.array(mutation, { minLength: 1, maxLength: 4 })).map(mutate) },
);

const asker: fc.Arbitrary<ProxyIdentity> = fc.oneof(
  fc.constant(UNAUTHENTICATED),
  fc.record({
    kind: fc.constant("authenticated" as const),
    name: fc.constant("sidecar"),
    tenants: fc.constant(["default"]),
    trusts: fc.subarray(["principal", "context", "metadata"] as const).map((names) => new Set(names)),
    body: fc.option(fc.record({ maxBytes: fc.nat({ max: 100 }), partial: fc.boolean() })),
  }),
);

const facts: fc.Arbitrary<DecisionFacts> = fc.record({
  id: fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  tenant: fc.option(text),
  agent: fc.option(text),
  policyName: fc.option(text),
  policyRevision: fc.option(text),
  shadow: fc.constant(null),
  costMicros: fc.option(fc.nat()),
  hold: fc.option(text),
});

const refusal = { code: fc.constantFrom(...Object.keys(CODES)), message: text, hint: text, rule: fc.option(text), facts };
const approval = fc.record({
  id: text,
  status: fc.constantFrom("pending" as const, "rejected" as const),
  url: fc.option(text),
  poll: fc.option(text),
  expiresAtMs: fc.nat({ max: 4e12 }),
  given: fc.nat(),
  needed: fc.nat(),
});

const decision: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("allow" as const, "sanitize" as const),
    rule: fc.option(text),
    changes: fc.record({
      path: fc.constantFrom(null, "/", "/a?b=***"),
      authority: fc.constantFrom(null, "api.example.com", "api.example.com:8443"),
      set: fc.array(fc.record({ name: fc.stringMatching(/^x-[a-z]{1,8}$/), value: fc.stringMatching(/^[ -~é]{0,20}$/) }), { maxLength: 3 }),
      remove: fc.array(fc.stringMatching(/^x-[a-z]{1,8}$/), { maxLength: 3 }),
    }),
    facts,
  }),
  fc.record({ ...refusal, kind: fc.constant("approval_needed" as const), approval }),
  fc.record({ ...refusal, kind: fc.constant("deny" as const), class: fc.constant("policy" as const), approval: fc.option(approval) }),
  fc.record({
    ...refusal,
    kind: fc.constant("deny" as const),
    class: fc.constant("identity" as const),
    challenge: fc.record({ to: fc.constantFrom("agent" as const, "proxy" as const), withError: fc.boolean() }),
  }),
  fc.record({
    ...refusal,
    kind: fc.constant("deny" as const),
    class: fc.constantFrom("limit" as const, "fault" as const),
    retryAfterMs: fc.integer({ min: -5, max: 100_000 }),
  }),
  fc.record({
    ...refusal,
    kind: fc.constant("deny" as const),
    class: fc.constantFrom("revoked" as const, "budget" as const, "malformed" as const),
  }),
);

describe("any request and any decision on it", () => {
  it(`get an answer that says what was decided (${RUNS} of them)`, { timeout: 60_000 }, () => {
    const seen = { call: 0, unreadable: 0, going: 0 };
    fc.assert(
      fc.property(request, asker, decision, fc.boolean(), (bytes, proxy, decided, grpc) => {
        const received = decodeCall(bytes, { proxy, traceparent: null });
        seen[received.kind] += 1;
        const method = received.kind === "call" ? received.call.method : "";
        const answer = decodeCheckResponse(encodeDecision(decided, { method, grpc }));
        const going = decided.kind === "allow" || decided.kind === "sanitize";
        // A CONNECT has no path that could be set.
        const obeyed = going && !(method === "CONNECT" && decided.changes.path !== null);
        seen.going += obeyed ? 1 : 0;
        expect([answer.code === 0, answer.arm]).toEqual(obeyed ? [true, "ok"] : [false, "denied"]);
        expect(answer.metadata["decision_id"]).toBe(decided.facts.id);
      }),
      { numRuns: RUNS },
    );
    // Neither side of the property is empty.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(RUNS / 20);
  });
});

function mutate([given, mutations]: [CheckParts, Mutation[]]): Uint8Array {
  let bytes: Buffer = encodeCheckRequest(given);
  for (const one of mutations) {
    const at = one.at % (bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (one.kind) {
      case "flip":
        bytes = Buffer.concat([before, after.map((byte, i) => byte ^ (one.with[i] ?? 0))]);
        break;
      case "cut":
        bytes = Buffer.concat([before, after.subarray(one.with.length)]);
        break;
      case "insert":
        bytes = Buffer.concat([before, one.with, after]);
        break;
      case "repeat":
        bytes = Buffer.concat([bytes, bytes]);
        break;
    }
  }
  return bytes;
}
