import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORBIDDEN_HEADERS } from "../../src/understanding/header-names.ts";
import { type CheckAnswer, type CheckParts, decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { connectCheckClient } from "../tools/grpc-client.ts";
import { needTool } from "../tools/need-tool.ts";
import { type RawResponse, readResponse, valuesOf } from "../tools/read-response.ts";
import { sendRaw, sendRequest } from "../tools/send-raw.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { headerOf, startUpstream, type Upstream } from "../tools/start-upstream.ts";

const envoy = await needTool("envoy");

const FILES = ["sidecar", "forward-proxy"] as const;
type File = (typeof FILES)[number];

const POLICY = `
policy: open
rules:
  - id: host-wide
    match: { agents: [tester], hosts: [wide.example.com] }
    then: allow
  - id: spelled-out
    match: { agents: [tester], hosts: [named.example.com], protocols: [http, tunnel, upgrade, stream] }
    then: allow
  - id: shop
    match: { agents: [tester], hosts: [shop.example.com], protocols: [http, tunnel, upgrade, stream], tools: [shop.*, unknown] }
    then: allow
  - id: nothing-is-deleted
    match: { tools: [shop.delete] }
    then: deny
    code: shop_is_kept
  - id: payroll-route
    match: { agents: [tester], hosts: [payroll.example.com] }
    if: |
      "route" in envoy.context && envoy.context["route"] == "payroll"
    then: allow
`;
const TOOLS = `
tools:
  shop.list:
    http: { method: GET, host: shop.example.com, path: /items }
  shop.delete:
    http: { method: DELETE, host: shop.example.com, path: /items }
`;

/** The operator's mistake or wish: loopback allowed by every exact name. The addresses in Envoy's file still hold. */
function inwardPolicy(port: number): string {
  const hosts = ["localhost", "127.0.0.1", "[::1]", "inside.localhost"].map((name) => `"${name}:${port}"`).join(", ");
  return `
policy: inward
rules:
  - id: by-name
    match: { agents: [tester], hosts: [${hosts}], protocols: [http, tunnel] }
    then: allow
`;
}

describe.skipIf(envoy === null)("attacks around the check", () => {
  let upstream: Upstream;
  let sluice: Sluice;
  let token: string;
  const envoys = new Map<string, Envoy>();

  beforeAll(async () => {
    upstream = await startUpstream((request, response) => {
      const status = request.url.startsWith("/fail") ? 503 : 200;
      const body = JSON.stringify({ path: request.url });
      response.writeHead(status, {
        "content-type": "application/json",
        "content-length": body.length,
        "x-sluice-decision": "approval_needed",
        "x-sluice-decision-id": "forged-by-the-upstream",
      });
      response.end(body);
    });
    sluice = await startSluice({
      policies: { "open.yaml": POLICY, "tools.yaml": TOOLS, "inward.yaml": inwardPolicy(upstream.port) },
      config: {
        proxies: [
          {
            name: "test",
            auth: { secret: { file: "proxy.secret" } },
            tenants: ["default"],
            trust: ["principal", "context"],
            body: { max_bytes: 65_536 },
          },
        ],
      },
    });
    token = await sluice.issue("tester");
    const setup = { sluice: sluice.grpcAddress, secret: PROXY_SECRET };
    await Promise.all(
      FILES.flatMap((file) => [
        startEnvoy({ ...setup, file, upstream: upstream.address }).then((one) => envoys.set(file, one)),
        startEnvoy({ ...setup, file, upstream: null }).then((one) => envoys.set(`${file} own`, one)),
      ]),
    );
  });
  afterAll(async () => {
    await Promise.all([...envoys.values()].map((one) => one.stop()));
    await sluice?.stop();
    await upstream?.stop();
  });

  function envoyOf(name: File | `${File} own`): Envoy {
    const found = envoys.get(name);
    if (found === undefined) throw new Error(`no Envoy runs ${name}`);
    return found;
  }

  async function send(
    file: File | `${File} own`,
    line: string,
    headers: Readonly<Record<string, string>>,
    body = "",
  ): Promise<RawResponse> {
    const { text } = await sendRequest(envoyOf(file).listenerPort, line, { "x-sluice-token": token, ...headers }, body);
    return readResponse(text);
  }

  async function ask(parts: CheckParts, secret: string | null = PROXY_SECRET): Promise<CheckAnswer> {
    const client = connectCheckClient(sluice.grpcAddress, secret === null ? {} : { secret });
    try {
      return decodeCheckResponse(await client.check(encodeCheckRequest(parts)));
    } finally {
      client.close();
    }
  }

  async function receiptOf(decisionId: unknown): Promise<Readonly<Record<string, unknown>>> {
    const found = (await sluice.receipts()).filter((receipt) => receipt["decision_id"] === decisionId);
    expect(found).toHaveLength(1);
    return found[0] ?? {};
  }

  /** How many requests the upstream got while `during` ran. */
  async function countUpstream(during: () => Promise<unknown>): Promise<number> {
    const before = upstream.requests.length;
    await during();
    return upstream.requests.length - before;
  }

  describe("retries and hedges that the caller asks Envoy for", () => {
    const STEERING = [
      { "x-envoy-retry-on": "5xx,gateway-error,reset,retriable-status-codes", "x-envoy-max-retries": "200" },
      { "x-envoy-retry-grpc-on": "unavailable,internal", "x-envoy-max-retries": "200" },
      { "x-envoy-retriable-status-codes": "503", "x-envoy-retry-on": "retriable-status-codes", "x-envoy-max-retries": "200" },
      {
        "x-envoy-hedge-on-per-try-timeout": "true",
        "x-envoy-upstream-rq-per-try-timeout-ms": "1",
        "x-envoy-upstream-rq-timeout-ms": "2000",
        "x-envoy-retry-on": "5xx",
        "x-envoy-max-retries": "200",
      },
      { "X-Envoy-Retry-On": "5xx", "X-Envoy-Max-Retries": "200", "x-envoy-internal": "true", "x-forwarded-for": "127.0.0.1" },
    ];
    it.each(FILES.flatMap((file) => STEERING.map((headers) => ({ file, headers }))))(
      "reach the upstream once: $file $headers",
      async ({ file, headers }) => {
        let answer: RawResponse | null = null;
        const target = file === "sidecar" ? "POST /fail" : "POST http://wide.example.com/fail";
        const count = await countUpstream(async () => {
          answer = await send(file, target, { host: "wide.example.com", ...headers }, "x=1");
        });
        expect(answer).toMatchObject({ status: 503, error: null });
        expect(count).toBe(1);
        const sent = upstream.requests.at(-1)?.headers.map(([name]) => name) ?? [];
        expect(sent.filter((name) => name.startsWith("x-envoy-"))).toEqual([]);
      },
    );

    it("are refused when a proxy did not take them away", async () => {
      const names = FORBIDDEN_HEADERS.map((beginning) => (beginning.endsWith("-") ? `${beginning}on` : beginning));
      expect(names).toHaveLength(7);
      for (const name of names) {
        const answer = await ask({ host: "wide.example.com", headers: { "x-sluice-token": token, [name]: "1" } });
        expect({ name, code: answer.code, status: answer.httpStatus, error: answer.error }).toMatchObject({
          name,
          code: 3,
          status: 400,
          error: { decision: "deny", class: "malformed", code: "header_forbidden", retryable: false },
        });
      }
    });
  });

  describe("the forward proxy's own egress", () => {
    const names = ["localhost", "LOCALHOST", "localhost.", "inside.localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1", "127.1"];
    const cases = FILES.flatMap((file) => names.map((name) => ({ file, name })));

    it.each(cases)("never dials loopback, allowed as $name, in $file", async ({ file, name }) => {
      const host = `${name}:${upstream.port}`;
      let answer: RawResponse | null = null;
      const count = await countUpstream(async () => {
        answer = await send(`${file} own`, file === "sidecar" ? "GET /in" : `GET http://${host}/in`, { host });
      });
      expect(count).toBe(0);
      expect(answer).toMatchObject({ status: 503, error: null });
      expect((await sluice.receipts()).at(-1)).toMatchObject({ decision: "allow", rule: "inward/by-name" });
      expect((await envoyOf(`${file} own`).stats())["cluster.egress.upstream_cx_total"]).toBe(0);
    });

    it.each(["localhost", "127.0.0.1"])("opens no tunnel to loopback, allowed as %s", async (name) => {
      const host = `${name}:${upstream.port}`;
      const head = `CONNECT ${host} HTTP/1.1\r\nhost: ${host}\r\nx-sluice-token: ${token}\r\n\r\n`;
      const text = await sendRaw(envoyOf("forward-proxy own").listenerPort, head, (answer) => answer.includes("\r\n\r\n"));
      expect(readResponse(text)).toMatchObject({ status: 503, error: null });
      expect((await sluice.receipts()).at(-1)).toMatchObject({ decision: "allow", call: { protocol: "tunnel" } });
      expect((await envoyOf("forward-proxy own").stats())["cluster.egress.upstream_cx_total"]).toBe(0);
    });

    const unnamed = ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.0.0.1", "2130706433"];
    it.each([...unnamed, "metadata", "metadata.google.internal", "db.svc.cluster.local", "printer.local", "nas.lan", "a.localhost"])(
      "is not even tried towards %s, which no rule names exactly",
      async (host) => {
        const count = await countUpstream(async () => {
          const answer = await send("sidecar own", "GET /in", { host });
          expect(answer).toMatchObject({ status: 403, error: { class: "policy", code: "destination_private" } });
          expect(await receiptOf(answer.decisionId)).toMatchObject({ decision: "deny", code: "destination_private" });
        });
        expect(count).toBe(0);
      },
    );
  });

  describe("Envoy's admin interface", () => {
    it.each(FILES)("listens on no TCP port: %s.yaml", (file) => {
      const { pid, listenerPort } = envoyOf(file);
      expect(listeningPorts(pid)).toEqual([listenerPort]);
    });

    it.each(["/config_dump", "/stats", "/quitquitquit", "/clusters"])("is not what answers %s", async (path) => {
      for (const host of ["localhost", "127.0.0.1", `127.0.0.1:${envoyOf("sidecar").listenerPort}`, "wide.example.com"]) {
        const answer = await send("sidecar", `POST ${path}`, { host }, "x=1");
        const expected = host === "wide.example.com" ? { status: 200, body: JSON.stringify({ path }) } : { status: 403 };
        expect(answer).toMatchObject(expected);
      }
      expect((await send("sidecar", "GET /still", { host: "wide.example.com" })).status).toBe(200);
    });
  });

  describe("opaque calls", () => {
    const opaque = [
      { what: "a websocket", line: "GET /ws", headers: { connection: "upgrade", upgrade: "websocket" } },
      { what: "a websocket by POST", line: "POST /ws", headers: { connection: "upgrade", upgrade: "websocket" } },
      { what: "gRPC", line: "POST /a.B/C", headers: { "content-type": "application/grpc" } },
      { what: "gRPC over the web", line: "POST /a.B/C", headers: { "content-type": "application/grpc-web+proto" } },
    ];
    it.each(opaque)("$what does not ride on a host-wide allow", async ({ line, headers }) => {
      const count = await countUpstream(async () => {
        const answer = await send("sidecar", line, { host: "wide.example.com", ...headers }, line.startsWith("POST") ? "x=1" : "");
        const receipt = await receiptOf(answer.decisionId);
        expect(receipt).toMatchObject({ decision: "deny", class: "policy", code: "no_matching_rule" });
        expect(receipt["call"]).toMatchObject({ protocol: "upgrade" in headers ? "upgrade" : "stream" });
        expect(valuesOf(answer, "x-sluice-decision")).toEqual(["deny"]);
      });
      expect(count).toBe(0);
    });

    it.each(opaque)("$what is denied where a rule forbids a tool of that host", async ({ line, headers }) => {
      const count = await countUpstream(async () => {
        const answer = await send("sidecar", line, { host: "shop.example.com", ...headers }, line.startsWith("POST") ? "x=1" : "");
        expect(await receiptOf(answer.decisionId)).toMatchObject({
          decision: "deny",
          rule: "open/nothing-is-deleted",
          code: "shop_is_kept",
        });
      });
      expect(count).toBe(0);
    });

    const tunnels = [
      ["wide.example.com:443", "deny", null, "no_matching_rule"],
      ["shop.example.com:443", "deny", "open/nothing-is-deleted", "shop_is_kept"],
      ["shop.example.com:8443", "deny", "open/nothing-is-deleted", "shop_is_kept"],
    ] as const;
    it.each(tunnels)("a tunnel to %s: %s", async (host, decision, rule, code) => {
      const head = `CONNECT ${host} HTTP/1.1\r\nhost: ${host}\r\nproxy-authorization: Bearer ${token}\r\n\r\n`;
      const count = await countUpstream(async () => {
        const text = await sendRaw(envoyOf("forward-proxy").listenerPort, head, (answer) => answer.includes('"decision_id"'));
        const answer = readResponse(text);
        expect(answer).toMatchObject({ status: 403, error: { decision, code } });
        expect(await receiptOf(answer.decisionId)).toMatchObject({ decision, rule, code, call: { protocol: "tunnel" } });
      });
      expect(count).toBe(0);
    });

    it("pass where a rule names their protocol", async () => {
      const host = "named.example.com";
      expect((await send("sidecar", "POST /a.B/C", { host, "content-type": "application/grpc" }, "x=1")).status).toBe(200);
      const head = `GET /ws HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\nx-sluice-token: ${token}\r\n\r\n`;
      const upgraded = await sendRaw(envoyOf("sidecar").listenerPort, head, (answer) => answer.includes("\r\n\r\n"));
      expect(readResponse(upgraded).status).toBe(101);
      const connect = `CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}:443\r\nx-sluice-token: ${token}\r\n\r\n`;
      const tunnel = await sendRaw(envoyOf("forward-proxy").listenerPort, connect, (answer) => answer.includes("\r\n\r\n"));
      expect(readResponse(tunnel).status).toBe(200);
    });

    it("leave plain calls to the same hosts as they were", async () => {
      expect((await send("sidecar", "GET /", { host: "wide.example.com" })).status).toBe(200);
      expect((await send("sidecar", "GET /items", { host: "shop.example.com" })).status).toBe(200);
      expect(await send("sidecar", "DELETE /items", { host: "shop.example.com" })).toMatchObject({
        status: 403,
        error: { code: "shop_is_kept" },
      });
    });
  });

  describe("a forged asker", () => {
    const payroll: CheckParts = { host: "payroll.example.com", context: { route: "payroll" } };
    const withToken = (parts: CheckParts): CheckParts => ({ ...parts, headers: { "x-sluice-token": token } });

    it.each([null, "", "-", "wrong", `${PROXY_SECRET} `, PROXY_SECRET.toUpperCase()])(
      "is believed no context extension with the secret %j",
      async (secret) => {
        const answer = await ask(withToken(payroll), secret);
        expect([answer.code, answer.error?.["code"]]).toEqual([7, "no_matching_rule"]);
      },
    );

    it("is believed its context extensions once it proves itself", async () => {
      expect(await ask(withToken(payroll))).toMatchObject({ code: 0, arm: "ok", metadata: { rule: "open/payroll-route" } });
      expect(await ask(withToken({ host: "payroll.example.com", context: { route: "other" } }))).toMatchObject({ code: 7 });
    });

    it("names no tenant, and a proxy that does must agree with the token", async () => {
      const other: CheckParts = withToken({ host: "wide.example.com", context: { "sluice.tenant": "other" } });
      expect(await ask(other, null)).toMatchObject({ code: 0, metadata: { tenant: "default" } });
      const answer = await ask(other);
      expect([answer.code, answer.httpStatus, answer.error?.["code"]]).toEqual([16, 401, "token_invalid"]);
      expect(await receiptOf(answer.error?.["decision_id"])).toMatchObject({ class: "identity", fault: "tenant_mismatch" });
    });

    it.each([null, "wrong", PROXY_SECRET])("is no caller by a principal without a token, secret %j", async (secret) => {
      const answer = await ask({ host: "wide.example.com", principal: "spiffe://example/tester" }, secret);
      expect([answer.code, answer.httpStatus, answer.error?.["code"]]).toEqual([16, 401, "token_missing"]);
    });

    it("gains nothing from the secret as a header of the call, which goes no further", async () => {
      const stolen = { "x-sluice-token": token, "x-sluice-proxy": PROXY_SECRET };
      expect(await ask({ ...payroll, headers: stolen }, null)).toMatchObject({ code: 7, error: { code: "no_matching_rule" } });
      const own = { host: "wide.example.com", "x-sluice-proxy": PROXY_SECRET, "x-sluice-decision": "allow", "x-sluice-tenant": "other" };
      expect((await send("sidecar", "GET /own", own)).status).toBe(200);
      expect(upstream.requests.at(-1)).toMatchObject({ url: "/own" });
      const sent = upstream.requests.at(-1)?.headers.map(([name]) => name) ?? [];
      expect(sent.filter((name) => name.startsWith("x-sluice"))).toEqual([]);
    });

    it("gets no answer from claims in the agent's own headers", async () => {
      const headers = { host: "payroll.example.com", "sluice.tenant": "default", route: "payroll", "x-sluice-context": "route=payroll" };
      expect(await send("sidecar", "GET /", headers)).toMatchObject({ status: 403, error: { code: "no_matching_rule" } });
    });
  });

  describe("an upstream that forges our answer", () => {
    it.each(FILES)("is overwritten by what was decided: %s.yaml", async (file) => {
      const line = file === "sidecar" ? "GET /" : "GET http://wide.example.com/";
      const answer = await send(file, line, { host: "wide.example.com" });
      expect(valuesOf(answer, "x-sluice-decision")).toEqual(["allow"]);
      expect(valuesOf(answer, "x-sluice-decision-id")).toHaveLength(1);
      expect(await receiptOf(answer.decisionId)).toMatchObject({ decision: "allow", rule: "open/host-wide" });
      expect(headerOf(upstream.requests.at(-1) ?? { method: "", url: "", headers: [], body: "" }, "x-sluice-decision")).toBeNull();
    });
  });
});

/** TCP ports on which the process listens, by the kernel's own tables. */
function listeningPorts(pid: number): readonly number[] {
  const folder = `/proc/${pid}/fd`;
  const links = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`);
    } catch {
      return "";
    }
  });
  const inodes = new Set(links.map((link) => /^socket:\[([0-9]+)\]$/.exec(link)?.[1]));
  const rows = ["tcp", "tcp6"].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1));
  const listening = rows.map((row) => row.trim().split(/\s+/)).filter((fields) => fields[3] === "0A" && inodes.has(fields[9]));
  return [...new Set(listening.map((fields) => Number.parseInt(fields[1]?.split(":")[1] ?? "", 16)))];
}
