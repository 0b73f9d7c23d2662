import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { API_ERRORS, type ApiErrorCode } from "../../../src/edge/http/api-errors.ts";
import { SUBJECT } from "../../unit/approvals/subjects.ts";
import { NOW, startServer, TOKENS } from "./start-server.ts";

let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const refusal = (code: ApiErrorCode) => ({ status: API_ERRORS[code].status, body: { error: { code, message: API_ERRORS[code].message } } });
async function send(...args: Parameters<typeof server.send>) {
  const { status, text } = await server.send(...args);
  return { status, body: JSON.parse(text) };
}
const post = (path: string, body: string, more: Parameters<typeof server.send>[1] = {}) => send(path, { method: "POST", body, ...more });

describe("the credential", () => {
  it.each<[string, ApiErrorCode, { token?: string | null; headers?: Record<string, string | string[]> }]>([
    ["is asked for on loopback", "credential_missing", { token: null }],
    ["is refused when unknown", "credential_invalid", { token: "someone-else-0123456789" }],
    ["is refused when it is a prefix", "credential_invalid", { token: TOKENS.ana.slice(0, -1) }],
    ["is refused when longer", "credential_invalid", { token: `${TOKENS.ana}0` }],
    ["is refused in another case", "credential_invalid", { token: TOKENS.ana.toUpperCase() }],
    ["is refused as Basic", "credential_invalid", { token: null, headers: { authorization: `Basic ${btoa(`ana:${TOKENS.ana}`)}` } }],
    ["is refused without its scheme", "credential_invalid", { token: null, headers: { authorization: TOKENS.ana } }],
    ["is not read from a cookie", "credential_missing", { token: null, headers: { cookie: `token=${TOKENS.ana}` } }],
    ["is not read from another header", "credential_missing", { token: null, headers: { "x-sluice-token": TOKENS.ana } }],
    ["is refused when sent twice", "request_invalid", { token: null, headers: { authorization: [`Bearer ${TOKENS.ana}`, "Bearer x"] } }],
  ])("%s", async (_claim, code, sent) => {
    expect(await send("/v1/approvals", sent)).toEqual(refusal(code));
  });

  it("is not read from the query", async () => {
    expect(await send(`/v1/approvals?access_token=${TOKENS.ana}`, { token: null })).toEqual(refusal("credential_missing"));
  });

  it("is asked for before telling what is there", async () => {
    for (const path of ["/", "/v1/nothing", "/openapi.json", "/healthz/"]) {
      expect(await send(path, { token: null })).toEqual(refusal("credential_missing"));
    }
    expect(await send("/v1/nothing")).toEqual(refusal("not_found"));
    expect(await send("/v1/approvals", { method: "DELETE", headers: { "content-type": "application/json" } })).toEqual(
      refusal("not_found"),
    );
  });

  it("is challenged as a Bearer", async () => {
    const answer = await server.send("/v1/approvals", { token: null });
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
  });

  it("may name its scheme in any case", async () => {
    expect((await send("/v1/approvals", { token: null, headers: { authorization: `bearer ${TOKENS.ana}` } })).status).toBe(200);
  });
});

describe("a page in a browser on this machine", () => {
  const rebound: readonly [string, Record<string, string>][] = [
    ["a foreign name", { host: "attacker.example" }],
    ["a foreign name with our port", { host: "attacker.example:PORT" }],
    ["a name that begins like ours", { host: "localhost.attacker.example:PORT" }],
    ["our name without the port", { host: "localhost" }],
    ["our name with another port", { host: "localhost:1" }],
    ["user information", { host: "localhost:PORT@attacker.example" }],
    ["another loopback address", { host: "127.0.0.2:PORT" }],
    ["a trailing dot", { host: "localhost.:PORT" }],
  ];
  it.each(rebound)("is refused by its Host: %s", async (_claim, headers) => {
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace("PORT", String(server.port))]));
    expect(await send("/v1/approvals", { headers: own })).toEqual(refusal("host_unknown"));
  });

  it.each(["localhost:PORT", "LOCALHOST:PORT", "127.0.0.1:PORT", "[::1]:PORT", "sluice.example"])(
    "is not taken for one at %s",
    async (host) => {
      expect((await send("/v1/approvals", { headers: { host: host.replace("PORT", String(server.port)) } })).status).toBe(200);
    },
  );

  it.each<Record<string, string>>([
    { origin: "http://attacker.example" },
    { origin: "null" },
    { origin: "http://localhost:1" },
    { origin: "http://localhost" },
    { origin: "file://localhost:PORT" },
    { origin: "localhost:PORT" },
    { origin: "http://localhost:PORT.attacker.example" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("is refused by %s", async (headers) => {
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace("PORT", String(server.port))]));
    const { id } = await server.ask();
    expect(await send("/v1/approvals", { headers: own })).toEqual(refusal("origin_foreign"));
    expect(await post(`/v1/approvals/${id}:approve`, "{}", { headers: own })).toEqual(refusal("origin_foreign"));
    expect((await server.send("/metrics", { token: null, headers: own })).status).toBe(403);
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
  });

  it("gets no permission by preflight", async () => {
    const answer = await server.send("/v1/approvals", {
      method: "OPTIONS",
      token: null,
      headers: { origin: "http://attacker.example", "access-control-request-method": "POST" },
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("may be our own", async () => {
    const headers = { origin: `http://localhost:${server.port}`, "sec-fetch-site": "same-origin" };
    expect((await send("/v1/approvals", { headers })).status).toBe(200);
  });

  it.each([
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "text/plain; application/json",
    "application/json-patch+json",
    "application/json; charset=utf-16",
    "application/json, text/plain",
    "",
  ])("cannot write as %s", async (type) => {
    const { id } = await server.ask();
    const sent = await post(`/v1/approvals/${id}:approve`, '{"reason":"ok"}', { headers: { "content-type": type } });
    expect(sent).toEqual(refusal("media_type_unsupported"));
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
  });

  it("cannot write without a type or with an encoded body", async () => {
    const { id } = await server.ask();
    expect(await send(`/v1/approvals/${id}:approve`, { method: "POST" })).toEqual(refusal("media_type_unsupported"));
    const encoded = { headers: { "content-encoding": "gzip" } };
    expect(await post(`/v1/approvals/${id}:approve`, "{}", encoded)).toEqual(refusal("media_type_unsupported"));
  });

  it("cannot write by reading", async () => {
    const { id } = await server.ask();
    expect(await send(`/v1/approvals/${id}:approve`)).toEqual(refusal("not_found"));
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
  });
});

describe("a malformed request", () => {
  async function raw(text: string): Promise<string> {
    const socket = connect(server.port, "127.0.0.1");
    socket.end(text);
    let all = "";
    for await (const chunk of socket) all += chunk;
    return all;
  }

  it.each([
    ["no HTTP", "SECRET-ECHO\r\n\r\n"],
    ["no Host", "GET /v1/approvals HTTP/1.1\r\nX: SECRET-ECHO\r\n\r\n"],
    ["two Hosts", "GET /v1/approvals HTTP/1.1\r\nHost: localhost\r\nHost: SECRET-ECHO\r\nConnection: close\r\n\r\n"],
    ["an absolute target", "GET http://SECRET-ECHO/v1/approvals HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
    ["a broken escape", "GET /v1/%SECRET-ECHO HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"],
    ["a long id", `GET /v1/approvals/SECRET-ECHO${"a".repeat(101)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`],
    ["two lengths", "POST /v1/approvals HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nSECRET-ECHO"],
  ])("is refused without an echo: %s", async (_claim, text) => {
    const answer = await raw(text);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain("SECRET-ECHO");
  });
});

it("refuses an empty Host", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.end(`GET /v1/approvals HTTP/1.1\r\nHost:\r\nAuthorization: Bearer ${TOKENS.ana}\r\nConnection: close\r\n\r\n`);
  let all = "";
  for await (const chunk of socket) all += chunk;
  expect(all).toMatch(/^HTTP\/1\.1 403 .*"host_unknown"/s);
});

describe("reading approvals", () => {
  it.each([["viewer"], ["ana"], ["author"], ["admin"]] as const)("is open to %s", async (name) => {
    const { id } = await server.ask();
    const { status, body } = await send("/v1/approvals", { token: TOKENS[name] });
    expect(status).toBe(200);
    expect(body.approvals.map((one: { id: string }) => one.id)).toEqual([id]);
  });

  it("is not for an operator without a role", async () => {
    const nobody = await startServer({ operators: [{ name: "nobody", token: TOKENS.ana, roles: [], tenants: "all" }] });
    const { status, text } = await nobody.send("/v1/approvals");
    await nobody.close();
    expect({ status, body: JSON.parse(text) }).toEqual(refusal("role_missing"));
  });

  it("shows all of one", async () => {
    const { id, subject } = await server.ask();
    expect(await send(`/v1/approvals/${id}`)).toEqual({
      status: 200,
      body: {
        id,
        status: "pending",
        tenant: "default",
        agent: "finance-1",
        subject: null,
        rule: "payments/large",
        code: "payment_over_ceiling",
        reason: "Payments over $5,000 need an approval from treasury.",
        summary: "Pay 9000.00 usd",
        call: {
          method: "POST",
          host: "api.stripe.com",
          path: "/v1/payment_intents",
          tool: "stripe.create_payment",
          digest: subject.digest,
        },
        from: ["treasury"],
        people: [],
        exclude: [],
        count: 1,
        given: 0,
        note: "optional",
        bind: null,
        approvers: [],
        rejected_reason: null,
        created_at: "2027-01-15T08:00:00.000Z",
        expires_at: "2027-01-15T08:15:00.000Z",
        use_by: null,
      },
    });
  });

  it("knows no approval of a tenant the operator does not see", async () => {
    const { id } = await server.ask();
    expect(await send(`/v1/approvals/${id}`, { token: TOKENS.other })).toEqual(refusal("approval_unknown"));
    const nothing = { status: 200, body: { approvals: [], truncated: false } };
    expect(await send("/v1/approvals", { token: TOKENS.other })).toEqual(nothing);
    expect(await send("/v1/approvals?tenant=default", { token: TOKENS.other })).toEqual(nothing);
  });

  it("filters by status and tenant", async () => {
    await server.ask();
    const other = await server.ask({ tenant: "other" });
    const ids = async (query: string) => (await send(`/v1/approvals?${query}`, { token: TOKENS.admin })).body.approvals.length;
    expect(await ids("status=pending")).toBe(2);
    expect(await ids("status=approved")).toBe(0);
    expect(await ids("tenant=other&status=pending")).toBe(1);
    expect((await send(`/v1/approvals/${other.id}`, { token: TOKENS.admin })).status).toBe(200);
  });

  it.each(["status=open", "status=", "state=pending", "status=pending&status=approved", "tenant[]=default", "__proto__=x"])(
    "refuses the query %s",
    async (query) => {
      expect(await send(`/v1/approvals?${query}`)).toEqual(refusal("query_invalid"));
    },
  );

  it.each(["apr_none", "..%2f..%2fetc", "%00", "a".repeat(100), "apr_x%0d%0ax:y", "__proto__"])("knows no approval %s", async (id) => {
    expect((await send(`/v1/approvals/${id}`)).status).toBe(404);
  });

  it("shows what a terminal or a page would hide as escapes", async () => {
    const { id } = await server.ask({ agent: "a\u001b[31m" }, { summary: "Pay \u202e0009\u202c to \u200bx\u0000", path: "/\u2028" });
    const { body } = await send(`/v1/approvals/${id}`);
    expect(body.agent).toBe("a\\u{1b}[31m");
    expect(body.summary).toBe("Pay \\u{202e}0009\\u{202c} to \\u{200b}x\\u{0}");
    expect(body.call.path).toBe("/\\u{2028}");
  });
});

describe("answering", () => {
  it.each([["viewer"], ["author"]] as const)("is not for %s", async (name) => {
    const { id } = await server.ask();
    expect(await post(`/v1/approvals/${id}:approve`, "{}", { token: TOKENS[name] })).toEqual(refusal("role_missing"));
    expect(await post(`/v1/approvals/${id}:reject`, "{}", { token: TOKENS[name] })).toEqual(refusal("role_missing"));
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
  });

  it("is not for the first operator while it is no person", async () => {
    const { id } = await server.ask();
    expect(await post(`/v1/approvals/${id}:approve`, "{}", { token: TOKENS.admin })).toEqual(refusal("operator_is_nobody"));
  });

  it("is not for another tenant's approver", async () => {
    const { id } = await server.ask();
    expect(await post(`/v1/approvals/${id}:approve`, "{}", { token: TOKENS.other })).toEqual(refusal("approval_unknown"));
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
  });

  it("is not for a person outside the asked groups, nor for a principal who is nobody", async () => {
    const outside = await server.ask({ requirement: { ...SUBJECT.requirement, from: ["board"] } });
    expect(await post(`/v1/approvals/${outside.id}:approve`, "{}")).toEqual(refusal("not_in_group"));
    const principal = await server.ask({ subject: "eve@example", digest: "2" });
    expect(await post(`/v1/approvals/${principal.id}:approve`, "{}")).toEqual(refusal("requester_is_nobody"));
  });

  it("approves once", async () => {
    const { id } = await server.ask();
    const approved = await post(`/v1/approvals/${id}:approve`, '{"reason":"seen the invoice"}');
    expect(approved).toMatchObject({
      status: 200,
      body: { id, status: "approved", approvers: ["ana"], use_by: "2027-01-15T08:10:00.000Z" },
    });
    expect(await post(`/v1/approvals/${id}:reject`, "{}")).toEqual(refusal("approval_not_open"));
    expect(server.receipts.at(-1)).toEqual({
      kind: "approval",
      tenant: "default",
      approval: { id, state: "approved", by: "ana", reason: "seen the invoice", digest: "d1".repeat(32), rule: "payments/large" },
    });
  });

  it("counts two persons, shows how far it is, and takes nobody's yes twice", async () => {
    const { id } = await server.ask({ requirement: { ...SUBJECT.requirement, count: 2 } });
    const approve = (token: string) => post(`/v1/approvals/${id}:approve`, "{}", { token });
    expect(await approve(TOKENS.ana)).toMatchObject({
      status: 200,
      body: { status: "pending", count: 2, given: 1, approvers: ["ana"], use_by: null },
    });
    expect(await approve(TOKENS.ana)).toEqual(refusal("approval_said_already"));
    expect(await send(`/v1/approvals/${id}`)).toMatchObject({ body: { status: "pending", given: 1 } });
    expect(await approve(TOKENS.ben)).toMatchObject({ status: 200, body: { status: "approved", given: 2, approvers: ["ana", "ben"] } });
    expect(server.receipts.map((draft) => (draft.kind === "approval" ? [draft.approval.state, draft.approval.by] : []))).toEqual([
      ["pending", null],
      ["pending", "ana"],
      ["approved", "ben"],
    ]);
  });

  it.each(["{}", '{"reason":null}', '{"reason":""}', '{"reason":"  "}'])("wants a reason where the rule does: %s", async (body) => {
    const { id } = await server.ask({ requirement: { ...SUBJECT.requirement, note: true } });
    expect(await post(`/v1/approvals/${id}:approve`, body)).toEqual(refusal("approval_reason_missing"));
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
    expect(await post(`/v1/approvals/${id}:approve`, '{"reason":"as agreed"}')).toMatchObject({ body: { status: "approved" } });
  });

  it("is not for whom the rule excludes, and for whom the policy's own group has", async () => {
    const excluded = await server.ask({ requirement: { ...SUBJECT.requirement, exclude: ["ana"] } });
    expect(await post(`/v1/approvals/${excluded.id}:approve`, "{}")).toEqual(refusal("is_excluded"));
    const named = await server.ask({ digest: "2", requirement: { ...SUBJECT.requirement, from: ["board"], people: ["ana"] } });
    expect(await post(`/v1/approvals/${named.id}:approve`, "{}")).toMatchObject({ status: 200 });
  });

  it("rejects with a reason", async () => {
    const { id } = await server.ask();
    const rejected = await post(`/v1/approvals/${id}:reject`, '{"reason":"unknown supplier"}');
    expect(rejected).toMatchObject({ status: 200, body: { status: "rejected", approvers: [], rejected_reason: "unknown supplier" } });
  });

  it("takes the verb's colon escaped as well", async () => {
    const { id } = await server.ask();
    expect((await post(`/v1/approvals/${id}%3Aapprove`, "{}")).status).toBe(200);
  });

  it.each([
    ["a control character", JSON.stringify({ reason: "ok\u001b[2J" })],
    ["a line break", JSON.stringify({ reason: "ok\napproved by bob" })],
    ["a bidi override", JSON.stringify({ reason: "\u202eko" })],
    ["a zero-width character", JSON.stringify({ reason: "o\u200bk" })],
    ["a lone surrogate", '{"reason":"\\ud800"}'],
    ["501 characters", JSON.stringify({ reason: "x".repeat(501) })],
    ["a number", '{"reason":1}'],
    ["an unknown key", '{"reason":"ok","by":"bob"}'],
    ["a prototype", '{"__proto__":{"reason":"ok"}}'],
    ["a list", "[]"],
    ["null", "null"],
    ["nothing", ""],
    ["half an object", '{"reason":'],
    ["nesting", `${"[".repeat(30000)}`],
  ])("refuses a body with %s", async (_claim, body) => {
    const { id } = await server.ask();
    expect(await post(`/v1/approvals/${id}:approve`, body)).toEqual(refusal("body_invalid"));
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
  });

  it.each([
    ["no reason", "{}"],
    ["a null reason", '{"reason":null}'],
    ["500 characters", JSON.stringify({ reason: "x".repeat(500) })],
    ["other scripts", JSON.stringify({ reason: "Überweisung geprüft 👍" })],
  ])("takes %s", async (_claim, body) => {
    const { id } = await server.ask();
    expect((await post(`/v1/approvals/${id}:approve`, body)).status).toBe(200);
  });

  it("refuses a body over 64 KiB", async () => {
    const { id } = await server.ask();
    const body = JSON.stringify({ reason: "x".repeat(65536) });
    expect(await post(`/v1/approvals/${id}:approve`, body)).toEqual(refusal("body_too_large"));
  });

  it.each([":delete", ":approve:approve", ":", ":approve/x", ":Approve"])("knows no verb %s", async (verb) => {
    const { id } = await server.ask();
    expect((await post(`/v1/approvals/${id}${verb}`, "{}")).status).toBe(404);
    expect(server.approvals.read(id, NOW)?.state).toBe("pending");
  });

  it("answers one of many simultaneous answers", async () => {
    const { id } = await server.ask();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => post(`/v1/approvals/${id}:${at % 2 === 0 ? "approve" : "reject"}`, "{}")),
    );
    expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
    expect(answers.filter((one) => one.status === 409)).toHaveLength(19);
  });
});

describe("health and metrics", () => {
  it.each([
    ["/healthz", "application/json; charset=utf-8", '{"live":true}'],
    [
      "/readyz",
      "application/json; charset=utf-8",
      '{"ready":true,"tenants":[{"name":"default","state":"ready","reason":null,"refused":null}]}',
    ],
    ["/metrics", "text/plain; version=0.0.4; charset=utf-8", "sluice_up 1\n"],
  ])("%s needs no credential and takes any Host", async (path, type, text) => {
    const answer = await server.send(path, { token: null, headers: { host: "10.1.2.3:8080" } });
    expect([answer.status, answer.headers["content-type"], answer.text]).toEqual([200, type, text]);
  });

  it("is 503 when not ready, and lists why", async () => {
    const tenants = [{ name: "default", state: "failed", reason: "policy", refused: "policy_invalid" }];
    const unready = await startServer({ readiness: () => ({ ready: false, tenants }) });
    const answer = await unready.send("/readyz", { token: null });
    await unready.close();
    expect([answer.status, JSON.parse(answer.text)]).toEqual([503, { ready: false, tenants }]);
  });

  it("hides why something failed, and tells the observer that it did", async () => {
    const faults: string[] = [];
    const failing = await startServer({
      metrics: () => Promise.reject(new TypeError("SECRET")),
      observer: { ...(await import("../../../src/core/observer.ts")).SILENT, faulted: (...fault) => faults.push(fault.join(" ")) },
    });
    const answer = await failing.send("/metrics", { token: null });
    await failing.close();
    expect({ status: answer.status, body: JSON.parse(answer.text) }).toEqual(refusal("internal"));
    expect(faults).toEqual(["http internal TypeError"]);
  });
});

it.each(["/healthz", "/v1/approvals", "/v1/nothing", "/v1/%zz"])("protects %s by headers", async (path) => {
  const { headers } = await server.send(path);
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
});

describe("credentials that cannot tell operators apart", () => {
  const one = { name: "ana", token: TOKENS.ana, roles: ["viewer"], tenants: "all" } as const;
  it.each([
    ["an empty token", [{ ...one, token: "" }], "fewer than 16"],
    ["a short token", [{ ...one, token: "123456789012345" }], "fewer than 16"],
    ["one token twice", [one, { ...one, name: "bob" }], "the token of another"],
    ["one name twice", [one, { ...one, token: TOKENS.admin }], "two operators named ana"],
  ])("end the start: %s", async (_claim, operators, message) => {
    await expect(startServer({ operators })).rejects.toThrow(message);
  });
});
