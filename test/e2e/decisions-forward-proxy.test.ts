import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyFolder } from "../../src/operate/receipts.ts";
import { needTool } from "../tools/need-tool.ts";
import { sendRaw } from "../tools/send-raw.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { headerOf, startUpstream, type Upstream } from "../tools/start-upstream.ts";
import { talkThrough } from "../tools/talk-through.ts";
import { readDecisionPolicies } from "./decision-policies.ts";

const envoyPath = await needTool("envoy");

describe.skipIf(envoyPath === null)("every decision through a real Envoy and the forward-proxy file", () => {
  let sluice: Sluice;
  let upstream: Upstream;
  let envoy: Envoy;
  let token: string;
  let reached: number;
  const made = { ok: 0, denied: 0 };

  beforeAll(async () => {
    [sluice, upstream] = await Promise.all([startSluice({ policies: readDecisionPolicies() }), startUpstream()]);
    envoy = await startEnvoy({ file: "forward-proxy", sluice: sluice.grpcAddress, upstream: upstream.address, secret: PROXY_SECRET });
    token = await sluice.issue("a-1");
  });
  afterAll(async () => {
    await envoy?.stop();
    await upstream?.stop();
    await sluice?.stop();
  });
  beforeEach(() => {
    reached = upstream.requests.length;
  });

  const isWhole = (answer: string) => answer.endsWith("\r\n0\r\n\r\n") || /\r\n\r\n\{.*\}$/s.test(answer);

  function send(line: string, host: string, headers: readonly string[] = []): Promise<string> {
    const text = [`${line} HTTP/1.1`, `host: ${host}`, ...headers, "", ""].join("\r\n");
    return sendRaw(envoy.listenerPort, text, isWhole);
  }

  const connectTo = (host: string, headers: readonly string[] = []) => send(`CONNECT ${host}`, host, headers);
  const bearer = () => `proxy-authorization: Bearer ${token}`;
  const basic = (text: string) => `proxy-authorization: Basic ${Buffer.from(text).toString("base64")}`;

  function expectDenied(answer: string, status: number, code: string): void {
    made.denied++;
    expect([Number(answer.slice(9, 12)), /"code":"([a-z_]+)"/.exec(answer)?.[1]]).toEqual([status, code]);
    expect(upstream.requests.length).toBe(reached);
  }

  it("asks with 407 who opens a tunnel without a credential", async () => {
    const answer = await connectTo("tunnel.example.com:443");
    expectDenied(answer, 407, "token_missing");
    expect(answer).toMatch(/\r\nproxy-authenticate: Bearer\r\n/);
    expect(answer).not.toContain("www-authenticate");
  });

  it.each([
    ["a forged bearer token", () => "proxy-authorization: Bearer a.b.c"],
    ["a password that is no token", () => basic("agent:secret")],
    ["a scheme nobody knows", () => "proxy-authorization: Negotiate abc"],
  ])("asks again with 407 after %s, in a tunnel and in a call", async (_name, header) => {
    for (const answer of [
      await connectTo("tunnel.example.com:443", [header()]),
      await send("GET http://api.example.com/", "api.example.com", [header()]),
    ]) {
      expectDenied(answer, 407, "token_invalid");
      expect(answer).toMatch(/\r\nproxy-authenticate: Bearer error="invalid_token"\r\n/);
    }
  });

  it("refuses a tunnel to a host that a rule permits without naming tunnels", async () => {
    expectDenied(await connectTo("plain.example.com:443", [bearer()]), 403, "no_matching_rule");
  });

  it.each(["tunnel.example.com:22", "tunnel.example.com:80", "evil.example.net:443"])("refuses a tunnel to %s", async (host) => {
    expectDenied(await connectTo(host, [bearer()]), 403, "no_matching_rule");
  });

  it.each(["127.0.0.1:443", "localhost:443", "[::1]:443"])("refuses a tunnel to the private %s", async (host) => {
    expectDenied(await connectTo(host, [bearer()]), 403, "destination_private");
  });

  it("answers an absolute-form https:// with 400, asks nobody and sends nothing", async () => {
    const before = await envoy.stats();
    const answer = await send("GET https://api.example.com/things", "api.example.com", [bearer()]);
    expect([Number(answer.slice(9, 12)), answer.includes("would leave in clear")]).toEqual([400, true]);
    expect(upstream.requests.length).toBe(reached);
    const after = await envoy.stats();
    for (const name of ["ok", "denied", "error"]) {
      expect(after[`http.forward_proxy.ext_authz.${name}`]).toBe(before[`http.forward_proxy.ext_authz.${name}`]);
    }
  });

  it.each([["bearer"], ["basic"]] as const)("lets a call with a %s credential go on without it", async (scheme) => {
    const header = scheme === "bearer" ? bearer() : basic(`agent:${token}`);
    const answer = await send("GET http://api.example.com/things?a=1", "api.example.com", [header]);
    made.ok++;
    expect([Number(answer.slice(9, 12)), /x-sluice-decision: ([a-z]+)/.exec(answer)?.[1]]).toEqual([200, "allow"]);
    const request = upstream.requests[reached];
    expect([request?.url, request === undefined ? "" : headerOf(request, "host")]).toEqual(["/things?a=1", "api.example.com"]);
    expect(JSON.stringify(request)).not.toMatch(/proxy-authorization|eyJ/);
  });

  it("opens a tunnel that a rule names, and carries what is inside to the other end", async () => {
    const inside = await startTunnelEnd();
    const own = await startEnvoy({ file: "forward-proxy", sluice: sluice.grpcAddress, upstream: inside.address, secret: PROXY_SECRET });
    try {
      const connectText = `CONNECT tunnel.example.com:443 HTTP/1.1\r\nhost: tunnel.example.com:443\r\n${bearer()}\r\n\r\n`;
      const said = await talkThrough(own.listenerPort, { connectText, say: "hello from outside" });
      expect(said).toEqual({ status: 200, inside: "hello from inside" });
      expect(inside.got).toEqual(["hello from outside"]);
    } finally {
      await own.stop();
      await inside.stop();
    }
  });

  it("leaves Envoy's counters, the record and the chain as they must be", async () => {
    expect(made.denied).toBeGreaterThan(12);
    const stats = await envoy.stats();
    const counted = ["ok", "denied", "error"].map((name) => stats[`http.forward_proxy.ext_authz.${name}`]);
    expect(counted).toEqual([made.ok, made.denied, 0]);
    const decisions = (await sluice.receipts()).filter(({ kind }) => kind === "decision");
    // One more: the tunnel that stood, through an Envoy of its own.
    expect(decisions.length).toBe(made.ok + made.denied + 1);
    const tunnel = decisions.find(({ decision, rule }) => decision === "allow" && rule === "more/tunnels");
    expect(tunnel?.["call"]).toMatchObject({ method: "CONNECT", host: "tunnel.example.com", port: 443, path: "", protocol: "tunnel" });
    const keys = [sluice.server.keys.receipts];
    expect((await verifyFolder(join(sluice.folder, "state", "receipts"), { keys, anchor: null })).problems).toEqual([]);
  });
});

type TunnelEnd = { readonly address: string; readonly got: readonly string[]; readonly stop: () => Promise<void> };

/** What a tunnel leads to: speaks first bytes back to the first bytes it hears. */
function startTunnelEnd(): Promise<TunnelEnd> {
  const got: string[] = [];
  const server: Server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (chunk) => {
      got.push(chunk.toString());
      socket.end("hello from inside");
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      const port = typeof bound === "object" && bound !== null ? bound.port : 0;
      const stop = () => new Promise<void>((stopped) => server.close(() => stopped()));
      resolve({ address: `127.0.0.1:${port}`, got, stop });
    });
  });
}
