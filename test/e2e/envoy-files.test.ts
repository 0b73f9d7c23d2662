import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Call } from "../../src/core/call.ts";
import type { Decision, DecisionFacts } from "../../src/core/decision.ts";
import { needTool } from "../tools/need-tool.ts";
import { sendRaw, sendRequest } from "../tools/send-raw.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { type ScriptedSluice, startScriptedSluice } from "../tools/start-scripted-sluice.ts";
import { startUpstream, type Upstream } from "../tools/start-upstream.ts";

const envoy = await needTool("envoy");
const FACTS: DecisionFacts = {
  id: "decision-1",
  tenant: "default",
  agent: "a",
  policyName: null,
  policyRevision: null,
  shadow: null,
  costMicros: null,
  hold: null,
};
const WAIT = { timeout: 20_000, interval: 50 };
const CHANGES = { path: null, authority: null, set: [], remove: [] };

function allowUnlessDenied(call: Call): Decision {
  if (!call.target.startsWith("/denied")) return { kind: "allow", rule: "r/a", changes: CHANGES, facts: FACTS };
  return { kind: "deny", class: "policy", code: "c", message: "m", hint: "h", rule: "r/d", approval: null, facts: FACTS };
}

describe.skipIf(envoy === null)("the files of envoy/ on a real Envoy", () => {
  let sluice: ScriptedSluice;
  let upstream: Upstream;
  const started: Envoy[] = [];

  beforeAll(async () => {
    sluice = await startScriptedSluice(allowUnlessDenied);
    upstream = await startUpstream();
  });
  afterAll(async () => {
    await Promise.all(started.map((one) => one.stop()));
    sluice.stop();
    await upstream.stop();
  });

  type Own = { readonly egress?: "own"; readonly change?: (bootstrap: string) => string };
  async function start(file: "sidecar" | "forward-proxy", { egress, change }: Own = {}): Promise<Envoy> {
    const to = egress === "own" ? null : upstream.address;
    const one = await startEnvoy({
      file,
      sluice: sluice.address,
      upstream: to,
      secret: "s3cret",
      ...(change === undefined ? {} : { change }),
    });
    started.push(one);
    return one;
  }

  describe.each(["sidecar", "forward-proxy"] as const)("%s.yaml", (file) => {
    let own: Envoy;
    let replaced: Envoy;
    beforeAll(async () => {
      [own, replaced] = await Promise.all([start(file, { egress: "own" }), start(file)]);
    });

    it.each(["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[64:ff9b::7f00:1]", "2130706433", "127.1"])(
      "never dials loopback by the name %s, even when the call is allowed",
      async (name) => {
        const before = upstream.requests.length;
        const host = `${name}:${upstream.port}`;
        expect((await sendRequest(own.listenerPort, "GET /", { host })).status).toBe(503);
        expect(sluice.asked.at(-1)?.call.authority).toBe(host);
        expect(upstream.requests.length).toBe(before);
        expect((await own.stats())["cluster.egress.upstream_cx_total"]).toBe(0);
      },
    );

    it("takes away the headers by which a caller could steer Envoy, before anyone is asked", async () => {
      const steering = {
        "x-envoy-max-retries": "200",
        "x-envoy-retry-on": "5xx",
        "x-envoy-hedge-on-per-try-timeout": "true",
        "x-envoy-original-path": "/else",
        "x-envoy-upstream-rq-timeout-ms": "1",
        "x-envoy-force-trace": "1",
        "x-envoy-downstream-service-cluster": "boss",
        "x-forwarded-proto": "https",
      };
      expect((await sendRequest(replaced.listenerPort, "GET /steer", { host: "a.test", ...steering })).status).toBe(200);
      const call = sluice.asked.at(-1)?.call;
      expect([...(call?.headers.keys() ?? [])].filter((name) => name.startsWith("x-envoy-"))).toEqual([]);
      expect(call?.scheme).toBe("http");
      const received = upstream.requests.at(-1);
      expect(
        received?.headers.map(([name]) => name).filter((name) => name.startsWith("x-envoy-") || name.startsWith("x-forwarded")),
      ).toEqual([]);
    });

    it("proves itself with the secret of its environment", () => {
      expect(new Set(sluice.asked.map(({ secret }) => secret))).toEqual(new Set(["s3cret"]));
    });

    it.each([
      ["an escaped slash", "GET /a%2fb", {}],
      ["a header name with an underscore", "GET /", { a_b: "1" }],
    ])("answers %s with 400 and asks nobody", async (_name, line, headers) => {
      const before = sluice.asked.length;
      expect((await sendRequest(replaced.listenerPort, line, { host: "a.test", ...headers })).status).toBe(400);
      expect(sluice.asked.length).toBe(before);
    });

    it("asks about the path in the form in which it is sent on", async () => {
      await sendRequest(replaced.listenerPort, "GET /a/../b//c?q=/../d", { host: "a.test" });
      expect(sluice.asked.at(-1)?.call.target).toBe("/b/c?q=/../d");
      expect(upstream.requests.at(-1)?.url).toBe("/b/c?q=/../d");
    });

    it("shows the whole body as bytes, and answers 413 to one it cannot show", async () => {
      await sendRequest(replaced.listenerPort, "POST /", { host: "a.test" }, "a=\u0001");
      expect(sluice.asked.at(-1)?.call.body).toEqual({ kind: "full", bytes: Buffer.from("a=\u0001") });
      const before = sluice.asked.length;
      expect((await sendRequest(replaced.listenerPort, "POST /", { host: "a.test" }, "x".repeat(1_048_577))).status).toBe(413);
      expect(sluice.asked.length).toBe(before);
    });

    it("logs each decision, and neither queries nor tokens", async () => {
      await sendRequest(replaced.listenerPort, "GET /logged?ssn=536-22-8145", { host: "a.test", "x-sluice-token": "t0ken" });
      await sendRequest(replaced.listenerPort, "GET /denied?ssn=536-22-8145", { host: "a.test", "x-sluice-token": "t0ken" });
      const log = await vi.waitFor(async () => {
        const text = await replaced.log();
        expect(text).toContain('"path":"/denied"');
        return text;
      }, WAIT);
      const lines = log.split("\n").filter((line) => line.startsWith("{"));
      const fields = (path: string) => JSON.parse(lines.find((line) => line.includes(`"path":"${path}"`)) ?? "{}");
      expect(fields("/logged")).toMatchObject({ decision: "allow", decision_id: "decision-1", rule: "r/a", agent: "a", status: 200 });
      expect(fields("/denied")).toMatchObject({ decision: "deny", class: "policy", code: "c", rule: "r/d", details: "ext_authz_denied" });
      expect(log).not.toMatch(/536-22|t0ken|s3cret/);
    });
  });

  describe("forward-proxy.yaml", () => {
    let proxy: Envoy;
    beforeAll(async () => {
      proxy = await start("forward-proxy", {
        change: (text) => text.replace('"max_stream_duration":"900s"', '"max_stream_duration":"0.3s"'),
      });
    });

    it.each(["https://a.test/", "HTTPS://a.test/", "https://tools.corp.internal/"])("answers %s itself with 400", async (url) => {
      const before = [sluice.asked.length, upstream.requests.length];
      const { status, text } = await sendRequest(proxy.listenerPort, `GET ${url}`, { host: "a.test" });
      expect([status, text.includes("would leave in clear")]).toEqual([400, true]);
      expect([sluice.asked.length, upstream.requests.length]).toEqual(before);
    });

    it("asks about a tunnel by its host alone, waits for no body, and ends it after its time", async () => {
      const answer = await sendRaw(proxy.listenerPort, "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\n");
      expect(answer.slice(0, 12)).toBe("HTTP/1.1 200");
      const call = sluice.asked.at(-1)?.call;
      expect([call?.method, call?.authority, call?.target, call?.body.kind]).toEqual(["CONNECT", "a.test:443", "", "none"]);
    });

    it("refuses bytes sent before the tunnel stands", async () => {
      const before = upstream.requests.length;
      const early = "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\nGET /early HTTP/1.1\r\nhost: a.test\r\n\r\n";
      expect((await sendRaw(proxy.listenerPort, early)).slice(0, 12)).toBe("HTTP/1.1 400");
      expect(upstream.requests.length).toBe(before);
    });
  });

  describe("sidecar.yaml", () => {
    it("ends a websocket after its time", async () => {
      const short = await start("sidecar", {
        change: (text) => text.replace('"max_stream_duration":"900s"', '"max_stream_duration":"0.3s"'),
      });
      const headers = "host: a.test\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
      expect((await sendRaw(short.listenerPort, `GET /ws HTTP/1.1\r\n${headers}`)).slice(0, 12)).toBe("HTTP/1.1 101");
    });

    it("drops trailers, which nobody saw, towards an upstream that would take them", async () => {
      const seen: unknown[] = [];
      const server = createHttp2Server();
      server.on("stream", (stream) => {
        stream.on("trailers", (trailers) => seen.push(trailers));
        stream.on("end", () => stream.respond({ ":status": 200 }, { endStream: true }));
        stream.resume();
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const bound = server.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : 0;
      const upstreamOverHttp2 = (text: string) => moveEgressToHttp2(text, port);
      const one = await start("sidecar", { change: upstreamOverHttp2 });
      expect(await postWithTrailer(port)).toBe(200);
      expect(seen).toHaveLength(1);
      expect(await postWithTrailer(one.listenerPort)).toBe(200);
      expect(seen).toHaveLength(1);
      server.close();
    });

    it("takes no CONNECT", async () => {
      const one = await start("sidecar");
      expect((await sendRequest(one.listenerPort, "CONNECT a.test:443", { host: "a.test:443" })).status).toBe(404);
    });

    it("answers 503 while Sluice is gone, lets nothing through, and goes on when it is back", async () => {
      const first = await startScriptedSluice(allowUnlessDenied);
      const one = await startEnvoy({ file: "sidecar", sluice: first.address, upstream: upstream.address, secret: "s3cret" });
      started.push(one);
      const status = async () => (await sendRequest(one.listenerPort, "GET /alive", { host: "a.test" })).status;
      expect(await status()).toBe(200);
      first.stop();
      const before = upstream.requests.length;
      expect([await status(), await status()]).toEqual([503, 503]);
      expect(upstream.requests.length).toBe(before);
      const second = await startScriptedSluice(allowUnlessDenied, first.address);
      await vi.waitFor(async () => expect(await status()).toBe(200), WAIT);
      second.stop();
    });
  });
});

function postWithTrailer(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on("error", reject);
    const headers = { ":method": "POST", ":scheme": "http", ":authority": "a.test", ":path": "/late" };
    const stream = session.request(headers, { endStream: false, waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "x-late": "1" }));
    stream.on("response", (answer) => {
      stream.resume();
      stream.on("close", () => {
        session.close();
        resolve(Number(answer[":status"]));
      });
    });
    stream.on("error", reject);
    stream.end("body");
  });
}

function moveEgressToHttp2(text: string, port: number): string {
  const bootstrap = JSON.parse(text);
  const type = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  const egress = bootstrap.static_resources.clusters.find((cluster: { name: string }) => cluster.name === "egress");
  const options = { "@type": `type.googleapis.com/${type}`, explicit_http_config: { http2_protocol_options: {} } };
  egress.typed_extension_protocol_options = { [type]: options };
  egress.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value = port;
  return JSON.stringify(bootstrap);
}
