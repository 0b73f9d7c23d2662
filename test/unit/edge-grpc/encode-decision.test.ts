import { describe, expect, it } from "vitest";
import { CODES } from "../../../src/core/codes.ts";
import type { ApprovalNotice, Changes, Decision, DecisionFacts, Deny } from "../../../src/core/decision.ts";
import { denyFault } from "../../../src/edge/grpc/deny-fault.ts";
import { ENCODED_FAULT, encodeDecision } from "../../../src/edge/grpc/encode-decision.ts";
import { decodeCheckResponse, type HeaderOption } from "../../tools/check-request.ts";

const FACTS: DecisionFacts = {
  id: "01J9ZZZZZZZZZZZZZZZZZZZZZZ",
  tenant: "default",
  agent: "finance-1",
  policyName: "payments",
  policyRevision: "r7",
  shadow: null,
  costMicros: 40_000_000,
  hold: "hold_1",
};
const UNCHANGED: Changes = { path: null, authority: null, set: [], remove: [] };
const NOTICE: ApprovalNotice = {
  id: "apr_1",
  status: "pending",
  url: "https://sluice.example/a/apr_1",
  poll: null,
  expiresAtMs: Date.UTC(2026, 10, 21, 10, 15, 0, 123),
  given: 1,
  needed: 2,
};
const TEXT = { message: "Not so.", hint: "Do otherwise.", rule: "payments/large", facts: FACTS };
const POST = { method: "POST", grpc: false };

const DENIES: readonly [Deny, { code: number; http: number; headers: Record<string, string>; retryAfterMs: number | null }][] = [
  deny({ class: "policy", code: "denied_by_rule", approval: null }, 7, 403),
  deny({ class: "policy", code: "payment_over_ceiling", approval: null }, 7, 403),
  deny({ class: "policy", code: "approval_rejected", approval: { ...NOTICE, status: "rejected" } }, 7, 403),
  deny({ class: "identity", code: "token_missing", challenge: { to: "agent", withError: false } }, 16, 401, {
    "www-authenticate": "Bearer",
  }),
  deny({ class: "identity", code: "token_expired", challenge: { to: "agent", withError: true } }, 16, 401, {
    "www-authenticate": 'Bearer error="invalid_token"',
  }),
  deny({ class: "identity", code: "token_missing", challenge: { to: "proxy", withError: false } }, 16, 407, {
    "proxy-authenticate": "Bearer",
  }),
  deny({ class: "identity", code: "token_invalid", challenge: { to: "proxy", withError: true } }, 16, 407, {
    "proxy-authenticate": 'Bearer error="invalid_token"',
  }),
  deny({ class: "revoked", code: "agent_revoked" }, 7, 403),
  deny({ class: "limit", code: "rate_exceeded", retryAfterMs: 1 }, 8, 429, { "retry-after": "1" }, 1),
  deny({ class: "limit", code: "rate_exceeded", retryAfterMs: 0 }, 8, 429, { "retry-after": "1" }, 1),
  deny({ class: "limit", code: "rate_exceeded", retryAfterMs: 1500.2 }, 8, 429, { "retry-after": "2" }, 1501),
  deny({ class: "limit", code: "concurrency_exceeded", retryAfterMs: 60_000 }, 8, 429, { "retry-after": "60" }, 60_000),
  deny({ class: "limit", code: "quota_exceeded", retryAfterMs: 60_001 }, 8, 429),
  deny({ class: "limit", code: "repeating_denied_call", retryAfterMs: 1000 }, 8, 429),
  deny({ class: "budget", code: "budget_exceeded" }, 8, 402),
  deny({ class: "malformed", code: "path_ambiguous" }, 3, 400),
  deny({ class: "fault", code: "internal", retryAfterMs: 1000 }, 14, 503, { "retry-after": "1" }, 1000),
  deny({ class: "fault", code: "overloaded", retryAfterMs: 90_000 }, 14, 503, { "retry-after": "60" }, 60_000),
];

const APPROVAL = { kind: "approval_needed", code: "approval_required", ...TEXT, approval: NOTICE } as const satisfies Decision;

describe("a denied call", () => {
  it("is tried in every class", () => {
    const classes = new Set(DENIES.map(([decision]) => decision.class));
    expect(classes).toEqual(new Set(Object.values(CODES).map((row) => row.class)));
  });

  it.each(DENIES)("$class $code is an explicit denial with everything an agent needs", (decision, expected) => {
    const approval = "approval" in decision && decision.approval !== null ? noticeAs("rejected") : null;
    expect(decodeCheckResponse(encodeDecision(decision, POST))).toEqual({
      code: expected.code,
      arm: "denied",
      httpStatus: expected.http,
      body: expect.stringContaining('"type":"sluice_denied"'),
      error: errorOf(decision, { retryAfterMs: expected.retryAfterMs, approval }),
      headers: expected.headers,
      headerOptions: overwriting(expected.headers),
      removed: [],
      responseHeaders: [],
      metadata: { ...METADATA, decision: "deny", class: decision.class, code: decision.code },
    });
  });

  it.each(DENIES)("$class $code is a gRPC status where the agent speaks gRPC", (decision, expected) => {
    const answer = decodeCheckResponse(encodeDecision(decision, { method: "POST", grpc: true }));
    expect(answer).toMatchObject({ code: expected.code, arm: "denied", httpStatus: expected.http, body: "" });
    expect(answer.headers).toEqual({
      ...expected.headers,
      "content-type": "application/grpc",
      "grpc-status": String(expected.code),
      "grpc-message": `${decision.code}: Not so.`,
    });
  });

  it("says its gRPC message percent-encoded", () => {
    const decision = { ...denyFault("internal", FACTS), message: "100 % zażółć\n" };
    const { headers } = decodeCheckResponse(encodeDecision(decision, { method: "POST", grpc: true }));
    expect(headers["grpc-message"]).toBe("internal: 100 %25 za%C5%BC%C3%B3%C5%82%C4%87%0A");
  });

  it("is valid UTF-8 whatever the texts hold", () => {
    const decision = { ...denyFault("internal", { ...FACTS, agent: "a\ud800" }), message: "\udfff", rule: "r\ud800" };
    const answer = decodeCheckResponse(encodeDecision(decision, POST));
    expect([answer.error?.["message"], answer.metadata["agent"], answer.metadata["rule"]]).toEqual(["\udfff", "a\ufffd", "r\ufffd"]);
  });
});

describe("a call that needs an approval", () => {
  it("is an explicit denial that says which", () => {
    const headers = denialHeaders("approval_needed", false);
    expect(decodeCheckResponse(encodeDecision(APPROVAL, POST))).toEqual({
      code: 7,
      arm: "denied",
      httpStatus: 403,
      body: expect.any(String),
      error: { ...errorOf(APPROVAL, { retryAfterMs: null, approval: noticeAs("pending") }), decision: "approval_needed", class: null },
      headers,
      headerOptions: overwriting(headers),
      removed: [],
      responseHeaders: [],
      metadata: { ...METADATA, decision: "approval_needed", class: null, code: "approval_required" },
    });
  });
});

describe("a call that goes on", () => {
  const changes: Changes = {
    path: "/v1/charges?ssn=***",
    authority: "api.example.com",
    set: [{ name: "x-note", value: "[pii.ssn]\t" }],
    remove: ["x-sluice-token", "x-note", "proxy-authorization"],
  };

  it.each(["allow", "sanitize"] as const)("as %s carries its changes and overwrites what an upstream could pretend", (kind) => {
    const set = { "x-note": "[pii.ssn]\t", ":path": "/v1/charges?ssn=***", ":authority": "api.example.com" };
    const decision: Decision = { kind, rule: "payments/small", changes, facts: { ...FACTS, costMicros: null, hold: null } };
    expect(decodeCheckResponse(encodeDecision(decision, POST))).toEqual({
      code: 0,
      arm: "ok",
      httpStatus: 0,
      body: "",
      error: null,
      headers: set,
      headerOptions: overwriting(set),
      removed: ["x-sluice-token", "proxy-authorization"],
      responseHeaders: overwriting({ "x-sluice-decision": kind, "x-sluice-decision-id": FACTS.id }),
      metadata: { ...METADATA, decision: kind, class: null, code: null, rule: "payments/small", cost_micros: null, hold: null },
    });
  });

  it("says what shadow would have decided", () => {
    const shadow = { decision: "deny", class: "policy", code: "no_matching_rule", rule: null } as const;
    const decision: Decision = { kind: "allow", rule: null, changes: UNCHANGED, facts: { ...FACTS, shadow } };
    expect(decodeCheckResponse(encodeDecision(decision, POST)).metadata["shadow"]).toEqual(shadow);
  });

  it.each<[string, Partial<Changes>]>([
    ["sets a status", { set: [{ name: ":status", value: "200" }] }],
    ["sets a path as a header", { set: [{ name: ":path", value: "/" }] }],
    ["sets content-length", { set: [{ name: "content-length", value: "0" }] }],
    ["sets transfer-encoding", { set: [{ name: "transfer-encoding", value: "chunked" }] }],
    ["sets connection", { set: [{ name: "connection", value: "close" }] }],
    ["sets te", { set: [{ name: "te", value: "trailers" }] }],
    ["sets upgrade", { set: [{ name: "upgrade", value: "h2c" }] }],
    ["sets host", { set: [{ name: "host", value: "b" }] }],
    ["sets a header of Envoy's", { set: [{ name: "x-envoy-retry-on", value: "5xx" }] }],
    ["sets a name with a space", { set: [{ name: "x a", value: "1" }] }],
    ["sets a name with a colon", { set: [{ name: "x:a", value: "1" }] }],
    ["sets a name in upper case", { set: [{ name: "X-A", value: "1" }] }],
    ["sets no name", { set: [{ name: "", value: "1" }] }],
    ["sets a value with a line feed", { set: [{ name: "x-a", value: "1\nset-cookie: a" }] }],
    ["sets a value with a carriage return", { set: [{ name: "x-a", value: "1\r" }] }],
    ["sets a value with a NUL", { set: [{ name: "x-a", value: "1\0" }] }],
    ["sets a value with a DEL", { set: [{ name: "x-a", value: "1\x7f" }] }],
    ["sets a value that is no Unicode", { set: [{ name: "x-a", value: "\ud800" }] }],
    ["removes the host", { remove: ["host"] }],
    ["removes the path", { remove: [":path"] }],
    ["removes content-length", { remove: ["content-length"] }],
    ["has an empty path", { path: "" }],
    ["has a path with a fragment", { path: "/a#f" }],
    ["has a path with a space", { path: "/a b" }],
    ["has a path with a line feed", { path: "/a\n" }],
    ["has a path with UTF-8", { path: "/é" }],
    ["has an absolute path", { path: "https://b.example/" }],
    ["has an authority with userinfo", { authority: "a@b.example" }],
    ["has an authority with a line feed", { authority: "b.example\n" }],
    ["has no authority", { authority: "" }],
  ])("never %s: that is an explicit fault", (_name, broken) => {
    const heard: string[] = [];
    const decision: Decision = { kind: "allow", rule: "a/b", changes: { ...UNCHANGED, ...broken }, facts: FACTS };
    const answer = decodeCheckResponse(encodeDecision(decision, POST, (violation) => heard.push(violation)));
    expect(answer).toMatchObject({
      code: 14,
      arm: "denied",
      httpStatus: 503,
      error: { class: "fault", code: "internal", decision_id: FACTS.id },
    });
    expect(heard).toHaveLength(1);
  });

  it("never sets a path on a CONNECT, which has none", () => {
    const decision: Decision = { kind: "allow", rule: null, changes: { ...UNCHANGED, path: "/" }, facts: FACTS };
    expect(decodeCheckResponse(encodeDecision(decision, { method: "CONNECT", grpc: false })).code).toBe(14);
  });
});

describe("what is no decision", () => {
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an empty object", {}],
    ["a kind that does not exist", { ...denyFault("internal", FACTS), kind: "maybe" }],
    ["a class that does not exist", { ...denyFault("internal", FACTS), class: "toString" }],
    ["a deny with an allow's name as its class", { ...denyFault("internal", FACTS), class: "allow" }],
    ["an allow without changes", { kind: "allow", rule: null, facts: FACTS }],
    ["an allow without facts", { kind: "allow", rule: null, changes: UNCHANGED }],
    ["an allow whose id would split a header", { kind: "allow", rule: null, changes: UNCHANGED, facts: { ...FACTS, id: "a\r\nb" } }],
  ])("%s never becomes an answer", (_name, decision) => {
    // A broken authorizer may return anything.
    expect(() => encodeDecision(decision as Decision, POST)).toThrow();
  });

  it("is answered by a fault made at start", () => {
    expect(decodeCheckResponse(ENCODED_FAULT)).toMatchObject({
      code: 14,
      arm: "denied",
      httpStatus: 503,
      error: { decision: "deny", class: "fault", code: "internal" },
      metadata: { inspect: "skip" },
    });
  });
});

const METADATA = {
  decision: "",
  class: null,
  code: null,
  rule: "payments/large",
  decision_id: FACTS.id,
  tenant: "default",
  agent: "finance-1",
  policy_revision: "r7",
  shadow: null,
  cost_micros: 40_000_000,
  hold: "hold_1",
  inspect: "skip",
  plan: null,
};

type DenyParts = Deny extends infer D ? (D extends Deny ? Omit<D, "kind" | keyof typeof TEXT> : never) : never;

function deny(
  parts: DenyParts,
  code: number,
  http: number,
  extra: Record<string, string> = {},
  retryAfterMs: number | null = null,
): (typeof DENIES)[number] {
  const headers = { ...denialHeaders("deny", retryAfterMs !== null), ...extra };
  // Each member of the union lacks exactly what is added here.
  return [{ kind: "deny", ...TEXT, ...parts } as Deny, { code, http, headers, retryAfterMs }];
}

function denialHeaders(decision: string, retryable: boolean): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-sluice-decision": decision,
    "x-sluice-decision-id": FACTS.id,
    "cache-control": "no-store",
    "x-should-retry": String(retryable),
  };
}

function errorOf(decision: Deny | typeof APPROVAL, rest: { retryAfterMs: number | null; approval: object | null }): object {
  return {
    type: "sluice_denied",
    decision: "deny",
    class: "class" in decision ? decision.class : null,
    code: decision.code,
    message: "Not so.",
    hint: "Do otherwise.",
    rule: "payments/large",
    retryable: rest.retryAfterMs !== null,
    retry_after_ms: rest.retryAfterMs,
    decision_id: FACTS.id,
    approval: rest.approval,
  };
}

function noticeAs(status: string): object {
  return { id: "apr_1", status, url: NOTICE.url, poll: null, expires_at: "2026-11-21T10:15:00Z", given: 1, needed: 2 };
}

function overwriting(headers: Record<string, string>): HeaderOption[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value, append: false, action: "OVERWRITE_IF_EXISTS_OR_ADD" }));
}
