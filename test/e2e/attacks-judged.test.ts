import { request as httpRequest } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CheckAnswer, type CheckParts, decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { type CheckClient, connectCheckClient } from "../tools/grpc-client.ts";
import { needTool } from "../tools/need-tool.ts";
import { type RawResponse, readResponse } from "../tools/read-response.ts";
import { sendRaw, sendRequest } from "../tools/send-raw.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { headerOf, startUpstream, type Upstream } from "../tools/start-upstream.ts";

const envoy = await needTool("envoy");

const HOST = "pay.example.com";
const FORM_TYPE = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

const TOOLS = `
tools:
  pay.form:
    http: { method: POST, host: ${HOST}, path: /v1/payments, body: form }
    args:
      amount: { from: form.amount, type: integer }
      currency: { from: form.currency, type: string }
      to: { from: form.destination, type: string }
    amount: { value: args.amount, unit: minor, currency: args.currency }
  pay.json:
    http: { method: POST, host: ${HOST}, path: /v1/transfers, body: json }
    args:
      amount: { from: json.payment.amount, type: integer }
      currency: { from: json.payment.currency, type: string }
      ref: { from: json.ref }
    amount: { value: args.amount, unit: minor, currency: args.currency }
  pay.forms:
    http: { method: POST, host: ${HOST}, path: "/v1/forms/:id", body: form }
    args: { id: { from: path.id }, q: { from: query.q }, order: { from: header.x-order }, sum: { from: form.sum } }
  pay.docs:
    http: { method: POST, host: ${HOST}, path: "/v1/docs/:id", body: json }
    args: { id: { from: path.id }, q: { from: query.q }, order: { from: header.x-order }, sum: { from: json.sum } }
`;
const POLICY = `
policy: pay
rules:
  - id: small
    match: { agents: [payer-*], tools: [pay.form, pay.json] }
    if: amount <= usd(50)
    then: allow
  - id: large
    match: { agents: [payer-*], tools: [pay.form, pay.json] }
    if: amount > usd(50)
    then: approval_needed
    code: payment_over_ceiling
    approval: { from: [treasury] }
  - id: four-places
    match: { agents: [payer-*], tools: [pay.forms, pay.docs] }
    then: allow
  - id: asked-for
    match: { agents: [payer-*], hosts: [asked.example.com] }
    then: approval_needed
    approval: { from: [treasury] }
limits:
  - { id: spend, per: [agent], match: { tools: [pay.form, pay.json] }, of: amount, budget: 100 usd per day }
`;

describe.skipIf(envoy === null)("attacks on what is judged", () => {
  let upstream: Upstream;
  let sluice: Sluice;
  let proxy: Envoy;
  let client: CheckClient;
  let token: string;
  let agents = 0;

  beforeAll(async () => {
    upstream = await startUpstream();
    sluice = await startSluice({ policies: { "pay.yaml": POLICY, "tools.yaml": TOOLS } });
    client = connectCheckClient(sluice.grpcAddress, { secret: PROXY_SECRET });
    token = await sluice.issue("payer-0");
    proxy = await startEnvoy({ file: "sidecar", sluice: sluice.grpcAddress, upstream: upstream.address, secret: PROXY_SECRET });
  });
  afterAll(async () => {
    client?.close();
    await proxy?.stop();
    await sluice?.stop();
    await upstream?.stop();
  });

  /** Nobody's budget, rate or waiting approvals stand in the way of a fresh agent. */
  function freshToken(): Promise<string> {
    agents += 1;
    return sluice.issue(`payer-${agents}`);
  }

  type Sent = RawResponse & { readonly reached: number };
  async function send(line: string, headers: Readonly<Record<string, string>> = {}, body = ""): Promise<Sent> {
    const before = upstream.requests.length;
    const all = { host: HOST, "x-sluice-token": token, ...headers };
    const { text } = await sendRequest(proxy.listenerPort, line, all, body);
    return { ...readResponse(text), reached: upstream.requests.length - before };
  }

  async function ask(parts: CheckParts): Promise<CheckAnswer> {
    const request = { scheme: "http", host: HOST, ...parts, headers: { "x-sluice-token": token, ...parts.headers } };
    return decodeCheckResponse(await client.check(encodeCheckRequest(request)));
  }

  async function receiptOf(decisionId: unknown): Promise<Readonly<Record<string, unknown>>> {
    const found = (await sluice.receipts()).filter((receipt) => receipt["decision_id"] === decisionId);
    expect(found).toHaveLength(1);
    return found[0] ?? {};
  }

  /** Ids of the approvals that were ever asked for. */
  async function approvals(): Promise<readonly string[]> {
    const page = await sluice.operator.list({ status: null, tenant: null });
    if (page.kind !== "ok") throw new Error(page.message);
    return page.value.approvals.map(({ id }) => id);
  }

  const form = (amount: string, currency = "usd") => `amount=${amount}&currency=${currency}&destination=acct_1`;
  const REFUSED_MALFORMED = { status: 400, reached: 0 };

  it("let an honest payment through, as control", async () => {
    token = await freshToken();
    expect(await send("POST /v1/payments", { "content-type": FORM_TYPE }, form("4000"))).toMatchObject({ status: 200, reached: 1 });
    const json = `{"payment":{"amount":4000,"currency":"usd"},"ref":1}`;
    expect(await send("POST /v1/transfers", { "content-type": JSON_TYPE }, json)).toMatchObject({ status: 200, reached: 1 });
    const places = { "content-type": FORM_TYPE, "x-order": "1" };
    expect(await send("POST /v1/forms/f1?q=1", places, "sum=1")).toMatchObject({ status: 200, reached: 1 });
    const docs = await send("POST /v1/docs/d1?q=1", { "content-type": JSON_TYPE, "x-order": "1" }, `{"sum":1}`);
    expect(docs).toMatchObject({ status: 200, reached: 1 });
  });

  describe("paths and tools by another name", () => {
    it.each([
      "/v1/payments/",
      "/v1/payments.json",
      "/v1/payments.xml",
      "/V1/payments",
      "/v1/PAYMENTS",
      "/v1/payments;x",
      "/v1;a=b/payments",
      "/v1/payments%3bx",
      "/v1/payments%20",
      "/v1/payments.",
      "/v1/%EF%BD%90ayments",
      "/v1/payments%c0%af",
      "/v1/%2570ayments",
      "/v1%252fpayments",
      "/v1/payments%0a",
      "/v1/payments?a=%zz",
    ])("are refused through Envoy: %s", async (target) => {
      const answer = await send(`POST ${target}`, { "content-type": FORM_TYPE }, form("4000"));
      expect(answer).toMatchObject({ ...REFUSED_MALFORMED, error: { class: "malformed", code: "path_ambiguous" } });
      expect(await receiptOf(answer.decisionId)).toMatchObject({ decision: "deny", class: "malformed", code: "path_ambiguous" });
    });

    it.each(["/v1%2fpayments", "/v1%5Cpayments", "/v1/payments%00", "/v1/payments#x"])(
      "are refused by Envoy itself, which asks nobody: %s",
      async (target) => {
        const before = (await sluice.receipts()).length;
        expect(await send(`POST ${target}`, { "content-type": FORM_TYPE }, form("4000"))).toMatchObject({
          ...REFUSED_MALFORMED,
          error: null,
        });
        expect((await sluice.receipts()).length).toBe(before);
      },
    );

    it.each([
      "/v1/x/../payments",
      "/v1/./payments",
      "/v1/x/%2e%2e/payments",
      "//v1//payments",
      "/v1\\payments",
      "/v1/%70ayments",
      "/v1/x/..;/payments",
    ])("that Envoy itself makes plain are judged in the plain form: %s", async (target) => {
      token = await freshToken();
      const answer = await send(`POST ${target}`, { "content-type": FORM_TYPE }, form("900000"));
      expect(answer).toMatchObject({ status: 403, reached: 0, error: { code: "payment_over_ceiling" } });
      expect(await receiptOf(answer.decisionId)).toMatchObject({ call: { path: "/v1/payments", tool: "pay.form" } });
    });

    it.each([
      "/v1/x/../payments",
      "/v1/./payments",
      "/v1/x/%2e%2e/payments",
      "//v1/payments",
      "/v1//payments",
      "/v1\\payments",
      "/v1%2Fpayments",
      "/v1%5cpayments",
      "/v1/payments%00",
      "/v1/payments#x",
      "/v1/..;/v1/payments",
      "http://pay.example.com/v1/payments",
      "v1/payments",
      "/v1/payments ",
      "/v1/paymеnts",
      "*",
    ])("are refused from a proxy that makes nothing plain: %s", async (path) => {
      const answer = await ask({ method: "POST", path, headers: { "content-type": FORM_TYPE }, body: form("4000") });
      expect([answer.code, answer.httpStatus, answer.error?.["code"]]).toEqual([3, 400, "path_ambiguous"]);
    });

    it.each([
      ["PAY.example.com", "/v1/payments"],
      ["pay.example.com.", "/v1/payments"],
      ["pay.example.com:80", "/v1/payments"],
      ["Pay.Example.Com.:80", "/v1/%70ayments"],
    ])("that mean one thing are sent on as they were judged: %s %s", async (host, path) => {
      token = await freshToken();
      const answer = await ask({ method: "POST", host, path, headers: { "content-type": FORM_TYPE }, body: form("4000") });
      expect(answer).toMatchObject({ code: 0, arm: "ok", metadata: { rule: "pay/small" } });
      const sent = { host, path, ...renamed(answer.headers) };
      expect(sent).toEqual({ host: HOST, path: "/v1/payments" });
    });

    it.each([
      "user@pay.example.com",
      "pay.example.com,evil.example.com",
      "pay.example.com:99999",
      "pay.example.com:0x50",
      "pay%2eexample.com",
      "päy.example.com",
      "pay..example.com",
      "pay.example.com/x",
      "pay.example.com\u0000.evil.example.com",
    ])("are refused as hosts: %j", async (host) => {
      const answer = await ask({ method: "POST", host, path: "/v1/payments", headers: { "content-type": FORM_TYPE }, body: form("4000") });
      expect([answer.code, answer.error?.["class"]]).toEqual([3, "malformed"]);
    });

    it.each([
      ["POST", "/v1/batch", JSON_TYPE, `[{"method":"POST","path":"/v1/payments"}]`],
      ["POST", "/v2/payments", FORM_TYPE, form("4000")],
      ["PUT", "/v1/payments", FORM_TYPE, form("4000")],
      ["POST", "/rpc", "text/plain", `{"jsonrpc":"2.0","id":1,"method":"pay","params":{"amount":1}}`],
    ])("are an unknown tool, which nobody allowed: %s %s", async (method, path, type, body) => {
      const answer = await send(`${method} ${path}`, { "content-type": type }, body);
      expect(answer).toMatchObject({ status: 403, reached: 0, error: { class: "policy", code: "no_matching_rule" } });
      expect(await receiptOf(answer.decisionId)).toMatchObject({ call: { tool: "unknown" } });
    });

    it("cannot be brought in by an override header, which the upstream never sees", async () => {
      token = await freshToken();
      const overrides = {
        "x-http-method-override": "DELETE",
        "X-HTTP-Method": "DELETE",
        "x-method-override": "PUT",
        "x-original-url": "/v1/batch",
        "x-rewrite-url": "/v1/batch",
        "x-forwarded-host": "evil.example.com",
        forwarded: "host=evil.example.com",
      };
      expect(await send("POST /v1/payments", { "content-type": FORM_TYPE, ...overrides }, form("4000"))).toMatchObject({
        status: 200,
        reached: 1,
      });
      const received = upstream.requests.at(-1) ?? { method: "", url: "", headers: [], body: "" };
      expect([received.method, received.url]).toEqual(["POST", "/v1/payments"]);
      expect(Object.keys(overrides).map((name) => headerOf(received, name.toLowerCase()))).toEqual(Array(7).fill(null));
    });
  });

  describe("what cannot be read", () => {
    it.each([
      ["gzip", { "content-type": FORM_TYPE, "content-encoding": "gzip" }],
      ["identity and gzip", { "content-type": FORM_TYPE, "content-encoding": "identity, gzip" }],
      ["an unknown encoding", { "content-type": FORM_TYPE, "content-encoding": "x-none" }],
      ["multipart", { "content-type": "multipart/form-data; boundary=a" }],
      ["utf-16", { "content-type": `${FORM_TYPE}; charset=utf-16` }],
      ["utf-7 in quotes", { "content-type": `${FORM_TYPE};charset="utf-7"` }],
      ["two charsets", { "content-type": `${FORM_TYPE}; charset=utf-8; charset=utf-16` }],
      ["JSON", { "content-type": JSON_TYPE }],
      ["text", { "content-type": "text/plain" }],
      ["no type", {}],
      ["two types in one", { "content-type": `${FORM_TYPE}, ${JSON_TYPE}` }],
    ])("is refused, not taken for absent: a form sent as %s", async (_what, headers) => {
      const before = await approvals();
      const answer = await send("POST /v1/payments", headers, form("900000"));
      expect(answer).toMatchObject({ ...REFUSED_MALFORMED, error: { class: "malformed", code: "body_unreadable" } });
      expect(await approvals()).toEqual(before);
    });

    it.each([
      ["gzip bytes", gzipSync(form("900000")), { "content-encoding": "gzip" }],
      ["gzip bytes that say nothing of it", gzipSync(form("900000")), {}],
      ["UTF-16 bytes", Buffer.from(`\ufeff${form("900000")}`, "utf16le"), {}],
      ["a byte order mark", Buffer.from(`\ufeff${form("900000")}`), {}],
      ["bytes that are no UTF-8", Buffer.from([0x61, 0x3d, 0xff, 0xfe]), {}],
    ])("is refused as bytes through Envoy: %s", async (_what, body, headers) => {
      const before = upstream.requests.length;
      const all = { host: HOST, "x-sluice-token": token, "content-type": FORM_TYPE, ...headers };
      expect(await post(proxy.listenerPort, all, body)).toMatchObject({ status: 400, error: { code: "body_unreadable" } });
      expect(upstream.requests.length).toBe(before);
    });

    it.each([
      ["no body", "", "body_unreadable"],
      ["half a body", `{"payment":{"amount":1`, "body_unreadable"],
      ["two values", `{"ref":1}{"ref":2}`, "body_unreadable"],
      ["a comment", `{"ref":1/**/}`, "body_unreadable"],
      ["a trailing comma", `{"ref":1,}`, "body_unreadable"],
      ["JSON5", `{ref:1}`, "body_unreadable"],
      ["NaN", `{"payment":{"amount":NaN,"currency":"usd"}}`, "body_unreadable"],
      ["Infinity", `{"payment":{"amount":-Infinity,"currency":"usd"}}`, "body_unreadable"],
      ["a leading zero", `{"payment":{"amount":010,"currency":"usd"}}`, "body_unreadable"],
      ["a plus", `{"payment":{"amount":+10,"currency":"usd"}}`, "body_unreadable"],
      ["a form", form("1"), "body_unreadable"],
      ["endless nesting", `${"[".repeat(5000)}${"]".repeat(5000)}`, "body_unreadable"],
    ])("is refused in JSON: %s", async (_what, body, code) => {
      const headers = { "content-type": JSON_TYPE, ...(body === "" ? { "content-length": "0" } : {}) };
      expect(await send("POST /v1/transfers", headers, body)).toMatchObject({ ...REFUSED_MALFORMED, error: { class: "malformed", code } });
    });
  });

  describe("an argument given twice", () => {
    const NAMES = ["id", "q", "sum"] as const;
    const KINDS = [
      { tool: "forms", type: FORM_TYPE, body: (key: string, value: string) => `${encodeURIComponent(key)}=${value}` },
      { tool: "docs", type: JSON_TYPE, body: (key: string, value: string) => `${JSON.stringify(key)}:${value}` },
    ];
    const variants = (name: string) => [
      name,
      name.toUpperCase(),
      `${name}[]`,
      `${name}[0]`,
      `${name}.x`,
      `${name}_`,
      ` ${name}`,
      `${name}\u0000`,
    ];
    const cases = KINDS.flatMap(({ tool, type, body }) =>
      [...NAMES, "x-order"].flatMap((name) =>
        (["query", "body"] as const).flatMap((place) => variants(name).map((key) => ({ tool, type, body, place, key }))),
      ),
    );

    it("is refused in every pair of locations and every spelling, and never reaches the upstream", async () => {
      expect(cases).toHaveLength(2 * 4 * 2 * 8);
      const before = upstream.requests.length;
      const outcomes = new Map<string, number>();
      for (const { tool, type, body, place, key } of cases) {
        const query = place === "query" ? `&${encodeURIComponent(key)}=9` : "";
        const [own, again] = [body("sum", "1"), place === "body" ? body(key, "9") : null];
        const parts = again === null ? [own] : [own, again];
        const text = type === JSON_TYPE ? `{${parts.join(",")}}` : parts.join("&");
        const answer = await send(`POST /v1/${tool}/one?q=1${query}`, { "content-type": type, "x-order": "1" }, text);
        const outcome = `${answer.status} ${String(answer.error?.["code"])}`;
        if (outcome !== "400 args_invalid") outcomes.set(`${tool} ${place} ${JSON.stringify(key)}: ${outcome}`, answer.reached);
      }
      expect(Object.fromEntries(outcomes)).toEqual({});
      expect(upstream.requests.length).toBe(before);
    });

    it.each([
      ["amount twice", "amount=1&amount=9000000&currency=usd", ""],
      ["amount in query and form", form("1"), "?amount=9000000"],
      ["an escaped name", `${form("1")}&%61mount=9000000`, ""],
      ["a name that is escaped twice", `${form("1")}&%2561mount=9000000`, ""],
      ["a semicolon", `${form("1")};amount=9000000`, ""],
      ["a semicolon in the query", form("1"), "?a=1;amount=9000000"],
      ["a full-width name", `${form("1")}&%EF%BD%81mount=9000000`, ""],
      ["the Kelvin sign's way of folding", `${form("1")}&CURRENCY=eur`, ""],
      ["an object in brackets", `${form("1")}&amount[value]=9000000`, ""],
      ["a name that is no UTF-8", `${form("1")}&%ff=9000000`, ""],
    ])("is refused in a form: %s", async (_what, body, query) => {
      const answer = await send(`POST /v1/payments${query}`, { "content-type": FORM_TYPE }, body);
      expect(answer).toMatchObject({ ...REFUSED_MALFORMED, error: { class: "malformed" } });
      expect(["args_invalid", "body_unreadable"]).toContain(answer.error?.["code"]);
    });

    it.each([
      `{"payment":{"amount":1,"amount":9000000,"currency":"usd"}}`,
      `{"payment":{"amount":1,"currency":"usd"},"payment":{"amount":9000000,"currency":"usd"}}`,
      `{"payment":{"amount":1,"Amount":9000000,"currency":"usd"}}`,
      `{"payment":{"amount":1,"currency":"usd"},"Payment":{"amount":9000000}}`,
      `{"payment":{"amount":1,"currency":"usd"},"payment.amount":9000000}`,
      `{"payment":{"amount":1,"\\u0061mount":9000000,"currency":"usd"}}`,
      `{"payment":{"amount":1,"amount\\u0000":9000000,"currency":"usd"}}`,
      `{"ref":1,"re\\u0066":2,"payment":{"amount":1,"currency":"usd"}}`,
    ])("is refused in JSON: %s", async (body) => {
      const answer = await send("POST /v1/transfers", { "content-type": JSON_TYPE }, body);
      expect(answer).toMatchObject({ ...REFUSED_MALFORMED, error: { class: "malformed", code: "args_invalid" } });
    });

    it.each([
      ["a header twice", "x-order: 1\r\nx-order: 2\r\n", 400],
      ["a header with a list", "x-order: 1, 2\r\n", 400],
      ["a header under a second spelling", "x-order: 1\r\nx-or-der: 2\r\n", 400],
      ["a header once", "X-ORDER: 1\r\n", 200],
    ])("is refused as %s", async (_what, lines, status) => {
      const before = upstream.requests.length;
      const head = `POST /v1/forms/one?q=1 HTTP/1.1\r\nhost: ${HOST}\r\nx-sluice-token: ${token}\r\ncontent-type: ${FORM_TYPE}\r\n${lines}`;
      const text = await sendRaw(proxy.listenerPort, `${head}connection: close\r\ncontent-length: 5\r\n\r\nsum=1`);
      expect(readResponse(text).status).toBe(status);
      expect(upstream.requests.length - before).toBe(status === 200 ? 1 : 0);
    });
  });

  describe("a body that was not seen", () => {
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    async function sendChunked(parts: readonly string[], more = ""): Promise<Sent> {
      const before = upstream.requests.length;
      const head = `POST /v1/payments HTTP/1.1\r\nhost: ${HOST}\r\nx-sluice-token: ${token}\r\ncontent-type: ${FORM_TYPE}\r\nconnection: close\r\n`;
      const body = `${parts.map(chunk).join("")}0\r\n\r\n`;
      const text = await sendRaw(proxy.listenerPort, `${head}transfer-encoding: chunked\r\n${more}\r\n${body}`);
      return { ...readResponse(text), reached: upstream.requests.length - before };
    }

    it("is none where Envoy buffers chunks: they are judged whole", async () => {
      token = await freshToken();
      expect(await sendChunked(["amount=4", "000&cur", "rency=usd&destination=a"])).toMatchObject({ status: 200, reached: 1 });
      expect(upstream.requests.at(-1)?.body).toBe("amount=4000&currency=usd&destination=a");
      const large = await sendChunked(["amount=4000", "00&currency=usd&destination=a"]);
      expect(large).toMatchObject({ status: 403, reached: 0, error: { code: "payment_over_ceiling" } });
      expect(await receiptOf(large.decisionId)).toMatchObject({ call: { body: "full" } });
    });

    it("is none where a length stands beside the chunks: Envoy refuses that", async () => {
      expect(await sendChunked([form("4000")], "content-length: 4\r\n")).toMatchObject({ status: 400, reached: 0, error: null });
    });

    const whole = { method: "POST", path: "/v1/payments", body: form("4000") };
    const cases: readonly (readonly [string, CheckParts])[] = [
      ["a longer content-length", { ...whole, contentLength: "99" }],
      ["a shorter content-length", { ...whole, contentLength: "4" }],
      ["Envoy's word that it is partial", { ...whole, partialBody: "true" }],
      ["more bytes buffered than sent", { ...whole, size: 9_999 }],
      ["nothing of a body with a length", { method: "POST", path: "/v1/payments", contentLength: "45" }],
      ["neither length nor body nor partial header", { method: "POST", path: "/v1/payments" }],
      ["neither for PUT", { method: "PUT", host: "asked.example.com", path: "/" }],
      ["neither for DELETE", { method: "DELETE", host: "asked.example.com", path: "/" }],
      ["neither for PATCH", { method: "PATCH", host: "asked.example.com", path: "/" }],
      ["neither for a made-up method", { method: "PURGE", host: "asked.example.com", path: "/" }],
      ["a length without bytes on GET", { method: "GET", host: "asked.example.com", path: "/", contentLength: "5" }],
      ["a partial body where nobody reads it", { ...whole, host: "asked.example.com", partialBody: "true" }],
    ];
    it.each(cases)("is refused, and nobody is asked to approve it: %s", async (_what, parts) => {
      const before = await approvals();
      const answer = await ask({ ...parts, headers: { "content-type": FORM_TYPE } });
      expect([answer.code, answer.httpStatus, answer.error?.["code"]]).toEqual([3, 400, "body_partial"]);
      const receipt = await receiptOf(answer.error?.["decision_id"]);
      expect(receipt).toMatchObject({ decision: "deny", class: "malformed", code: "body_partial", approval: null });
      expect(["partial", "unseen"]).toContain((receipt["call"] as { readonly body?: unknown }).body);
      expect(await approvals()).toEqual(before);
    });

    it.each(["abc", "-1", "1e3", "4, 4", "0x10"])("has no length that is no number: %s", async (contentLength) => {
      const answer = await ask({ ...whole, headers: { "content-type": FORM_TYPE }, contentLength });
      expect([answer.code, answer.error?.["code"]]).toEqual([3, "request_invalid"]);
    });

    it("uses no grant that was given for the whole call", async () => {
      token = await freshToken();
      const call: CheckParts = {
        method: "POST",
        host: "asked.example.com",
        path: "/",
        headers: { "content-type": FORM_TYPE },
        body: "a=1",
      };
      const asked = await ask(call);
      const id = approvalIdOf(asked.error);
      expect((await sluice.operator.approve(id, null)).kind).toBe("ok");
      expect((await ask({ ...call, partialBody: "true" })).error?.["code"]).toBe("body_partial");
      expect((await ask({ method: "POST", host: "asked.example.com", path: "/" })).error?.["code"]).toBe("body_partial");
      expect(await ask(call)).toMatchObject({ code: 0, arm: "ok" });
      expect(await ask(call)).toMatchObject({ code: 7, error: { decision: "approval_needed" } });
    });
  });

  describe("money", () => {
    const amounts = [
      "-1",
      "-900000",
      "-0",
      "1e3",
      "1E3",
      "NaN",
      "Infinity",
      "0x10",
      "4000.5",
      "04000",
      "%2B4000",
      "4,000",
      "4_000",
      "4000usd",
    ];
    const more = ["", "null", "true", "99999999999999999999", "9007199254740993", "%EF%BC%94%EF%BC%90", "%204000", "4000%20", "4000%0a"];
    it.each([...amounts, ...more])("that cannot be judged is never small: amount=%s", async (amount) => {
      token = await freshToken();
      const answer = await send("POST /v1/payments", { "content-type": FORM_TYPE }, form(amount));
      expect(answer).toMatchObject({ status: 403, reached: 0, error: { decision: "approval_needed", code: "payment_over_ceiling" } });
      expect(await receiptOf(answer.decisionId)).toMatchObject({ rule: "pay/large", unknowns: ["pay/large"], hold: null, limits: [] });
    });

    it.each(["eur", "xxx", "", "us", "usdt", "usd%20", "%75%73%64%00", "gbp", "jpy", "btc"])(
      "of another currency is never small: currency=%s",
      async (currency) => {
        token = await freshToken();
        const answer = await send("POST /v1/payments", { "content-type": FORM_TYPE }, form("1", currency));
        expect(answer).toMatchObject({ status: 403, reached: 0, error: { decision: "approval_needed" } });
      },
    );

    it.each(["-1", "-0", "1e3", "4e1", "40.5", `"40"`, "null", "true", "[40]", `{"v":40}`, "12345678901234567890", "1e400", "-1e400"])(
      "that cannot be judged in JSON is never small: %s",
      async (amount) => {
        token = await freshToken();
        const body = `{"payment":{"amount":${amount},"currency":"usd"}}`;
        const answer = await send("POST /v1/transfers", { "content-type": JSON_TYPE }, body);
        expect(answer).toMatchObject({ status: 403, reached: 0, error: { decision: "approval_needed", code: "payment_over_ceiling" } });
      },
    );

    it("is judged by the minor unit of its currency, whatever the case of the code", async () => {
      token = await freshToken();
      expect(await send("POST /v1/payments", { "content-type": FORM_TYPE }, form("5000", "USD"))).toMatchObject({
        status: 200,
        reached: 1,
      });
      expect(await send("POST /v1/payments", { "content-type": FORM_TYPE }, form("5001"))).toMatchObject({ status: 403, reached: 0 });
    });

    it.each([
      ["-900000", "usd", "price_unknown"],
      ["NaN", "usd", "price_unknown"],
      ["1", "eur", "currency_mismatch"],
      ["900000", "usd", "budget_exceeded"],
    ])("gives no budget back, even approved: %s %s", async (amount, currency, code) => {
      token = await freshToken();
      const headers = { "content-type": FORM_TYPE };
      const remaining = async (answer: Sent) => (await receiptOf(answer.decisionId))["limits"];
      const first = await send("POST /v1/payments", headers, form("4000"));
      expect(await remaining(first)).toEqual([{ id: "pay/spend", remaining: 60_000_000 }]);
      const asked = await send("POST /v1/payments", headers, form(amount, currency));
      const id = approvalIdOf(asked.error);
      expect((await sluice.operator.approve(id, null)).kind).toBe("ok");
      const refused = await send("POST /v1/payments", headers, form(amount, currency));
      expect(refused).toMatchObject({ status: 402, reached: 0, error: { class: "budget", code } });
      const last = await send("POST /v1/payments", headers, form("4000"));
      expect(await remaining(last)).toEqual([{ id: "pay/spend", remaining: 20_000_000 }]);
    });
  });

  describe("numbers beyond a double", () => {
    const json = (ref: string, amount = "4000") => `{"payment":{"amount":${amount},"currency":"usd"},"ref":${ref}}`;
    const JSON_HEADERS = { "content-type": JSON_TYPE };

    it("give different digests, and the upstream gets the digits as they were sent", async () => {
      token = await freshToken();
      const digests: unknown[] = [];
      for (const ref of ["12345678901234567890", "12345678901234567891"]) {
        const answer = await send("POST /v1/transfers", JSON_HEADERS, json(ref));
        expect(answer).toMatchObject({ status: 200, reached: 1 });
        expect(upstream.requests.at(-1)?.body).toBe(json(ref));
        digests.push(((await receiptOf(answer.decisionId))["call"] as { readonly digest?: unknown }).digest);
      }
      expect(digests).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
      expect(new Set(digests).size).toBe(2);
    });

    it("do not ride on the approval of their neighbour", async () => {
      token = await freshToken();
      const [one, other] = [json("12345678901234567890", "6000"), json("12345678901234567891", "6000")];
      const asked = await send("POST /v1/transfers", JSON_HEADERS, one);
      const id = approvalIdOf(asked.error);
      expect((await sluice.operator.approve(id, null)).kind).toBe("ok");
      const neighbour = await send("POST /v1/transfers", JSON_HEADERS, other);
      expect(neighbour).toMatchObject({ status: 403, reached: 0, error: { decision: "approval_needed", approval: { status: "pending" } } });
      expect(approvalIdOf(neighbour.error)).not.toBe(id);
      expect(await send("POST /v1/transfers", JSON_HEADERS, one)).toMatchObject({ status: 200, reached: 1 });
    });
  });
});

function approvalIdOf(error: RawResponse["error"]): string {
  const approval = error?.["approval"];
  return typeof approval === "object" && approval !== null && "id" in approval ? String(approval.id) : "no approval";
}

/** The pseudo headers of an answer under the names of the request's parts. */
function renamed(headers: CheckAnswer["headers"]): { readonly host?: string; readonly path?: string } {
  const { ":authority": host, ":path": path } = headers;
  return { ...(host === undefined ? {} : { host }), ...(path === undefined ? {} : { path }) };
}

/** A body of any bytes, which text cannot hold. */
function post(port: number, headers: Readonly<Record<string, string>>, body: Buffer): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: "127.0.0.1", method: "POST", path: "/v1/payments", headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(readResponse(`HTTP/1.1 ${response.statusCode}\r\n\r\n${text}`)));
    });
    request.on("error", reject);
    request.end(body);
  });
}
