import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CODES, type Code } from "../../src/core/codes.ts";
import { verifyFolder } from "../../src/operate/receipts.ts";
import { type AgentAnswer, type AgentCall, callEnvoy } from "../tools/call-envoy.ts";
import { needTool } from "../tools/need-tool.ts";
import { sendRequest } from "../tools/send-raw.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET } from "../tools/start-sluice.ts";
import { headerOf, startUpstream, type Upstream, type UpstreamRequest } from "../tools/start-upstream.ts";
import { readDecisionPolicies } from "./decision-policies.ts";
import { startThreeTenants, type Tenant, type ThreeTenants } from "./three-tenants.ts";

const envoyPath = await needTool("envoy");
const WAIT = { timeout: 20_000, interval: 20 };
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const SSN = "536-22-8145";

let tenants: ThreeTenants;
let upstream: Upstream;
let envoy: Envoy;
/** Every answer of Sluice that went through this Envoy. */
const answers: AgentAnswer[] = [];

type Asked = Omit<AgentCall, "token"> & { readonly agent?: string | null; readonly tenant?: Tenant; readonly roles?: readonly string[] };

async function call({ agent, tenant = "default", roles, ...rest }: Asked): Promise<AgentAnswer> {
  const token =
    agent === undefined || agent === null ? {} : { token: await tenants.issue(tenant, agent, roles === undefined ? {} : { roles }) };
  const answer = await callEnvoy(envoy.listenerPort, { ...rest, ...token });
  answers.push(answer);
  return answer;
}

/** A call that must go on, and what the upstream got of it. */
async function received(asked: Asked): Promise<{ readonly answer: AgentAnswer; readonly request: UpstreamRequest }> {
  const before = upstream.requests.length;
  const answer = await call(asked);
  expect([answer.status, answer.body]).toEqual([200, "from the upstream"]);
  expect(upstream.requests.length).toBe(before + 1);
  const request = upstream.requests[before];
  if (request === undefined) throw new Error("the upstream got nothing");
  return { answer, request };
}

/** A call that must be refused, with nothing at all reaching the upstream. */
async function refused(asked: Asked): Promise<AgentAnswer> {
  const before = upstream.requests.length;
  const answer = await call(asked);
  expect(upstream.requests.length).toBe(before);
  expect(answer.id).toMatch(ULID);
  return answer;
}

function pay(agent: string, cents: number, more: Partial<Asked> = {}): Asked {
  const body = { amount: String(cents), currency: "usd", destination: "acct_1" };
  return { agent, method: "POST", host: "api.stripe.com", path: "/v1/payment_intents", body, ...more };
}

function buy(agent: string, body: Readonly<Record<string, string>>): Asked {
  return { agent, method: "POST", host: "shop.example.com", path: "/buy", body };
}

const balance = (agent: string, more: Partial<Asked> = {}): Asked => ({ agent, host: "api.stripe.com", path: "/v1/balance", ...more });
const thing = (path: string, more: Partial<Asked> = {}): Asked => ({ agent: "a-1", host: "api.example.com", path, ...more });

/** The whole object of a denial with a code of ours. */
function denial(answer: AgentAnswer, code: Code, more: Readonly<Record<string, unknown>> = {}) {
  const { class: denyClass, message, hint } = CODES[code];
  const fixed = { type: "sluice_denied", decision: "deny", class: denyClass, code, message, hint, rule: null };
  return { ...fixed, retryable: false, retry_after_ms: null, decision_id: answer.id, approval: null, ...more };
}

/** The headers that every denial has, and those of this one. */
function denialHeaders(answer: AgentAnswer, more: Readonly<Record<string, string>> = {}) {
  const { date: _date, server: _server, connection: _connection, "content-length": _length, ...headers } = answer.headers;
  expect(headers).toEqual({
    "content-type": "application/json",
    "x-sluice-decision": "deny",
    "x-sluice-decision-id": answer.id,
    "cache-control": "no-store",
    "x-should-retry": "false",
    ...more,
  });
}

function approvalIdOf(answer: AgentAnswer): string {
  const approval = answer.error?.["approval"];
  return typeof approval === "object" && approval !== null && "id" in approval ? String(approval.id) : "";
}

describe.skipIf(envoyPath === null)("every decision through a real Envoy and the sidecar file", () => {
  beforeAll(async () => {
    [tenants, upstream] = await Promise.all([
      startThreeTenants(readDecisionPolicies()),
      startUpstream((_request, response) => {
        response.writeHead(200, { "x-sluice-decision": "deny", "x-sluice-decision-id": "forged" });
        response.end("from the upstream");
      }),
    ]);
    const { grpcAddress } = tenants.sluice;
    envoy = await startEnvoy({ file: "sidecar", sluice: grpcAddress, upstream: upstream.address, secret: PROXY_SECRET });
  });
  afterAll(async () => {
    await envoy?.stop();
    await upstream?.stop();
    await tenants?.stop();
  });

  type Refusal = {
    readonly code: Code;
    readonly status: number;
    readonly asked: Asked | (() => Promise<Asked>);
    readonly rule?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly error?: Readonly<Record<string, unknown>>;
  };
  const withToken = async (more: Parameters<ThreeTenants["issue"]>[2], tenant: Tenant = "default"): Promise<Asked> =>
    thing("/", { agent: null, headers: { "x-sluice-token": await tenants.issue(tenant, "a-1", more) } });
  const appointment = { method: "POST", host: "ehr.clinic.internal", path: "/appointments", agent: "clinic-1", roles: ["scheduler"] };
  const json = (body: string): Partial<Asked> => ({ headers: { "content-type": "application/json" }, body });
  const invalid = { "www-authenticate": 'Bearer error="invalid_token"' };
  const REFUSALS: readonly Refusal[] = [
    { code: "denied_by_rule", status: 403, asked: thing("/forbidden"), rule: "more/forbidden" },
    { code: "no_matching_rule", status: 403, asked: thing("/", { host: "nobody.example.net" }) },
    { code: "out_of_scope", status: 403, asked: () => withToken({ scope: ["host:other.example.com"] }) },
    { code: "destination_private", status: 403, asked: thing("/", { host: "169.254.169.254" }) },
    { code: "destination_private", status: 403, asked: thing("/", { host: "vault.clinic.internal" }) },
    {
      code: "cannot_sanitize",
      status: 403,
      asked: { agent: "clinic-1", host: "health.example.com", path: `/patients/${SSN}` },
      rule: "health/social-security-numbers",
    },
    {
      code: "sanitizer_not_declared",
      status: 403,
      asked: { ...appointment, ...json(`{"ssn":"${SSN}"}`) },
      rule: "health/social-security-numbers",
    },
    { code: "token_missing", status: 401, asked: thing("/", { agent: null }), headers: { "www-authenticate": "Bearer" } },
    { code: "token_expired", status: 401, asked: () => withToken({ nowMs: Date.now() - 3_000_000 }), headers: invalid },
    {
      code: "token_invalid",
      status: 401,
      asked: () => withToken({ issuer: "https://default.issuer.test", tenant: "default" }, "pilot"),
      headers: invalid,
    },
    {
      code: "token_invalid",
      status: 401,
      asked: thing("/", { agent: null, headers: { "x-sluice-token": ["a.b.c", "a.b.c"] } }),
      headers: invalid,
    },
    {
      code: "token_invalid",
      status: 407,
      asked: thing("/", { agent: null, headers: { "proxy-authorization": "Bearer a.b.c" } }),
      headers: { "proxy-authenticate": 'Bearer error="invalid_token"' },
    },
    { code: "currency_mismatch", status: 402, asked: buy("a-1", { price: "100", currency: "eur" }), rule: "more/shopping" },
    { code: "price_unknown", status: 402, asked: buy("a-1", { currency: "usd" }), rule: "more/shopping" },
    { code: "body_unreadable", status: 400, asked: pay("finance-1", 0, json("{}")) },
    { code: "body_unreadable", status: 400, asked: { ...appointment, ...json("{") } },
    { code: "args_invalid", status: 400, asked: pay("finance-1", 4_000, { path: "/v1/payment_intents?amount=1" }) },
    { code: "path_ambiguous", status: 400, asked: balance("finance-1", { path: "/v1/balance/" }) },
    { code: "path_ambiguous", status: 400, asked: thing("/a%252fb") },
    { code: "host_invalid", status: 400, asked: thing("/", { host: "api.example.com,evil.example.net" }) },
    { code: "host_invalid", status: 400, asked: thing("/", { host: "api.example.com@evil.example.net" }) },
    {
      code: "policy_unavailable",
      status: 503,
      asked: thing("/", { tenant: "broken" }),
      headers: { "x-should-retry": "true", "retry-after": "1" },
      error: { retryable: true, retry_after_ms: 1000 },
    },
  ];

  it.each(REFUSALS)("refuses with $status $code", async ({ code, status, asked, rule = null, headers = {}, error = {} }) => {
    const answer = await refused(typeof asked === "function" ? await asked() : asked);
    expect(answer.status).toBe(status);
    expect(answer.error).toEqual(denial(answer, code, { rule, ...error }));
    denialHeaders(answer, headers);
  });

  it("refuses with a rule's own code, reason and hint", async () => {
    const payout = { ...pay("finance-1", 100), path: "/v1/payouts", body: { amount: "100", currency: "usd" } };
    const answer = await refused(payout);
    expect(answer.status).toBe(403);
    const own = {
      code: "payouts_forbidden",
      message: "No agent pays out to a bank account.",
      hint: "Ask a person of treasury to do it.",
      rule: "payments/no-payouts",
    };
    expect(answer.error).toEqual(denial(answer, "denied_by_rule", own));
    denialHeaders(answer);
  });

  it("refuses a body of which nothing was shown where detectors would have looked", async () => {
    const token = await tenants.issue("default", "clinic-1", { roles: ["scheduler"] });
    const before = upstream.requests.length;
    const { status, text } = await sendRequest(envoy.listenerPort, "POST /appointments", {
      host: "ehr.clinic.internal",
      "x-sluice-token": token,
    });
    expect([status, /"code":"([a-z_]+)"/.exec(text)?.[1]]).toEqual([400, "body_partial"]);
    expect(upstream.requests.length).toBe(before);
    const id = /x-sluice-decision-id: (\S+)/.exec(text)?.[1] ?? "";
    answers.push({ status, headers: {}, body: "", decision: "deny", id, error: null });
  });

  it("answers a gRPC call with a gRPC status and no body", async () => {
    const rpc: Partial<Asked> = { method: "POST", headers: { "content-type": "application/grpc" }, body: "\0\0\0\0\0" };
    const answer = await refused(thing("/forbidden", rpc));
    expect([answer.status, answer.body]).toEqual([200, ""]);
    denialHeaders(answer, {
      "content-type": "application/grpc",
      "grpc-status": "7",
      "grpc-message": "denied_by_rule: A rule of your organisation's policy forbids this call.",
    });
    const unknown = await refused(thing("/", { ...rpc, agent: null }));
    expect(unknown.headers["grpc-status"]).toBe("16");
    expect((await received(thing("/shop.Cart/Add", rpc))).answer.decision).toBe("allow");
  });

  it("allows, with every credential and every header of another meaning taken off and the rest as it was", async () => {
    const own = { authorization: "Bearer the provider's", accept: "text/plain", "x-note": "kept" };
    const removed = {
      "x-sluice-trust": "me",
      "x-http-method-override": "DELETE",
      "x-original-url": "/forbidden",
      "x-rewrite-url": "/forbidden",
      "x-forwarded-host": "evil.example.net",
      forwarded: "host=evil.example.net",
    };
    const { answer, request } = await received(thing("/things?a=1", { headers: { ...own, ...removed } }));
    const { date: _date, server: _server, ...headers } = answer.headers;
    expect(headers).toMatchObject({ "x-sluice-decision": "allow", "x-sluice-decision-id": expect.stringMatching(ULID) });
    expect([request.method, request.url]).toEqual(["GET", "/things?a=1"]);
    const tracing = ["traceparent", "tracestate", "x-request-id"];
    expect(request.headers.filter(([name]) => !tracing.includes(name))).toEqual([["host", "api.example.com"], ...Object.entries(own)]);
  });

  it("sanitizes: the upstream sees neither the number in the query nor the one in the header", async () => {
    const { answer, request } = await received({
      agent: "clinic-1",
      host: "ehr.clinic.internal",
      path: `/patients/search?ssn=${SSN}&page=2`,
      headers: { "x-note": `the number is ${SSN}`, "x-patient-name": "Ada" },
    });
    expect(answer.decision).toBe("sanitize");
    expect(decodeURIComponent(request.url)).toBe("/patients/search?ssn=***********&page=2");
    expect(headerOf(request, "x-note")).toBe("the number is ***********");
    expect(headerOf(request, "x-patient-name")).toBeNull();
    expect(JSON.stringify(request)).not.toContain(SSN);
  });

  it("asks for an approval, passes once after it, and asks again", async () => {
    const asked = await refused(pay("finance-2", 900_000));
    expect(asked.status).toBe(403);
    const id = approvalIdOf(asked);
    const expected = {
      decision: "approval_needed",
      class: null,
      code: "payment_over_ceiling",
      message: "Payments over $5,000 need two people of treasury.",
      hint: "Make exactly this call again once it is approved.",
      rule: "payments/large",
      approval: {
        id,
        status: "pending",
        url: null,
        poll: null,
        expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        given: 0,
        needed: 1,
      },
    };
    expect(id).toMatch(/^apr_/);
    expect(asked.error).toEqual(denial(asked, "denied_by_rule", expected));
    denialHeaders(asked, { "x-sluice-decision": "approval_needed" });
    expect(approvalIdOf(await refused(pay("finance-2", 900_000)))).toBe(id);
    expect(await tenants.sluice.operator.approve(id, null)).toMatchObject({ kind: "ok", value: { status: "approved" } });
    expect(approvalIdOf(await refused(pay("finance-2", 900_001)))).not.toBe(id);
    expect((await received(pay("finance-2", 900_000))).answer.decision).toBe("allow");
    const again = await refused(pay("finance-2", 900_000));
    expect([again.decision, approvalIdOf(again) === id]).toEqual(["approval_needed", false]);
  });

  it("lets exactly one of two simultaneous repeats pass on one approval", async () => {
    const id = approvalIdOf(await refused(pay("finance-3", 600_000)));
    await tenants.sluice.operator.approve(id, null);
    const before = upstream.requests.length;
    const both = await Promise.all([call(pay("finance-3", 600_000)), call(pay("finance-3", 600_000))]);
    expect(both.map(({ decision }) => decision).sort()).toEqual(["allow", "approval_needed"]);
    expect(upstream.requests.length).toBe(before + 1);
  });

  it("refuses what a person rejected, with the reason", async () => {
    const id = approvalIdOf(await refused(pay("finance-4", 600_000)));
    expect(await tenants.sluice.operator.reject(id, "not this month")).toMatchObject({ kind: "ok" });
    const answer = await refused(pay("finance-4", 600_000));
    expect(answer.status).toBe(403);
    const message = "A person rejected this call: not this month";
    const approval = expect.objectContaining({ id, status: "rejected" });
    expect(answer.error).toEqual(denial(answer, "approval_rejected", { message, rule: "payments/large", approval }));
    denialHeaders(answer);
  });

  it("keeps a budget: what would go beyond is refused and what still fits passes", async () => {
    for (const _each of [1, 2]) expect((await received(pay("finance-5", 400_000))).answer.decision).toBe("allow");
    const answer = await refused(pay("finance-5", 400_000));
    expect(answer.status).toBe(402);
    expect(answer.error).toEqual(denial(answer, "budget_exceeded", { rule: "payments/spend" }));
    denialHeaders(answer);
    expect((await received(pay("finance-5", 200_000))).answer.decision).toBe("allow");
  });

  it("in shadow lets everything go on without its credentials, asks nobody, and says in the record what would have been", async () => {
    const asked: readonly [Asked, object][] = [
      [thing("/forbidden", { tenant: "pilot" }), { decision: "deny", class: "policy", code: "denied_by_rule", rule: "more/forbidden" }],
      [
        pay("finance-6", 900_000, { tenant: "pilot" }),
        { decision: "approval_needed", class: null, code: "payment_over_ceiling", rule: "payments/large" },
      ],
      [
        { agent: "clinic-1", tenant: "pilot", host: "health.example.com", path: "/patients/1", headers: { "x-patient-name": "Ada" } },
        { decision: "sanitize", class: null, code: null, rule: "health/records" },
      ],
    ];
    for (const [one, shadow] of asked) {
      const { answer, request } = await received(one);
      expect(answer.decision).toBe("allow");
      expect(headerOf(request, "x-sluice-token")).toBeNull();
      expect(await receiptOf(answer)).toMatchObject({ decision: "allow", mode: "shadow", tenant: "pilot", shadow });
    }
    expect(headerOf(upstream.requests.at(-1) ?? { method: "", url: "", headers: [], body: "" }, "x-patient-name")).toBe("Ada");
    const waiting = await tenants.sluice.operator.list({ status: null, tenant: "pilot" });
    expect(waiting).toMatchObject({ kind: "ok", value: { approvals: [] } });
  });

  it("refuses a call of nobody known, even where a tenant is in shadow", async () => {
    const forged = await tenants.issue("default", "a-1", { issuer: "https://pilot.issuer.test", tenant: "pilot" });
    const answer = await refused(thing("/", { agent: null, headers: { "x-sluice-token": forged } }));
    expect([answer.status, answer.error?.["code"]]).toEqual([401, "token_invalid"]);
    expect(await receiptOf(answer)).toMatchObject({ tenant: null, agent: null, stream: "-" });
  });

  it("charges a copy of the limits in shadow, and refuses in enforce when the own ones are used up", async () => {
    for (let made = 0; made < 6; made++) await received(balance("finance-7", { tenant: "pilot" }));
    const last = answers.at(-1);
    expect(last === undefined ? null : await receiptOf(last)).toMatchObject({
      shadow: { decision: "deny", class: "limit", code: "rate_exceeded" },
    });
    for (let made = 0; made < 5; made++) await received(balance("finance-7"));
    const answer = await refused(balance("finance-7"));
    expect(answer.status).toBe(429);
    const waitMs = Number(answer.error?.["retry_after_ms"]);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(12_000);
    const wait = { retryable: true, retry_after_ms: waitMs, rule: "payments/balance-calls" };
    expect(answer.error).toEqual(denial(answer, "rate_exceeded", wait));
    denialHeaders(answer, { "x-should-retry": "true", "retry-after": String(Math.ceil(waitMs / 1000)) });
  });

  it("judges a rule in shadow without enforcing it", async () => {
    const { answer } = await received(thing("/watched"));
    expect(answer.decision).toBe("allow");
    const shadow = { decision: "deny", class: "policy", code: "watched_path", rule: "more/watched" };
    expect(await receiptOf(answer)).toMatchObject({ decision: "allow", mode: "enforce", rule: "more/things", shadow });
  });

  it("refuses a revoked agent as soon as the file says so, and only this one", async () => {
    await received(thing("/", { agent: "rogue-1" }));
    const line = { tenant: "default", kind: "agent", name: "rogue-1", reason: "stolen", at: "2026-01-01T00:00:00Z" };
    await appendFile(join(tenants.sluice.folder, "state", "revocations.jsonl"), `${JSON.stringify(line)}\n`);
    await vi.waitFor(async () => expect((await call(thing("/", { agent: "rogue-1" }))).decision).toBe("deny"), WAIT);
    const answer = await refused(thing("/", { agent: "rogue-1" }));
    expect(answer.status).toBe(403);
    expect(answer.error).toEqual(denial(answer, "agent_revoked"));
    denialHeaders(answer);
    await received(thing("/", { agent: "rogue-2" }));
  });

  it("leaves Envoy's counters, the record and the chain as they must be", async () => {
    const going = answers.filter(({ decision }) => decision === "allow" || decision === "sanitize");
    expect(going.length).toBeGreaterThan(15);
    expect(answers.length - going.length).toBeGreaterThan(30);
    const stats = await envoy.stats();
    const counted = ["ok", "denied", "error", "failure_mode_allowed", "invalid"].map((name) => stats[`http.sidecar.ext_authz.${name}`]);
    expect(counted).toEqual([going.length, answers.length - going.length, 0, 0, 0]);
    const decisions = (await tenants.sluice.receipts()).filter(({ kind }) => kind === "decision");
    const recorded = decisions.map(({ decision_id, decision }) => `${decision_id} ${decision}`);
    expect(recorded.sort()).toEqual(answers.map(({ id, decision }) => `${id} ${decision}`).sort());
    const { folder, server } = tenants.sluice;
    const report = await verifyFolder(join(folder, "state", "receipts"), { keys: [server.keys.receipts], anchor: null });
    expect([report.ok, report.problems]).toEqual([true, []]);
    // A path is in the record by contract, whatever it holds.
    const others = decisions.filter(({ code }) => code !== "cannot_sanitize");
    expect(JSON.stringify(others)).not.toMatch(/536-22|eyJ/);
  });
});

async function receiptOf({ id }: AgentAnswer): Promise<unknown> {
  return (await tenants.sluice.receipts()).find(({ decision_id }) => decision_id === id);
}
