import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { type BundleAsk, fetchBundle } from "../../../src/policy/sources/fetch-bundle.ts";
import type { BundleServer } from "../../../src/policy/sources/source-deps.ts";
import { makeCertificate } from "../../tools/make-certificate.ts";
import { type ScriptedServer, send, serve, startBundleServer } from "./start-bundle-server.ts";

const servers: ScriptedServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(listener: RequestListener, tls?: Parameters<typeof startBundleServer>[1]): Promise<ScriptedServer> {
  const server = await startBundleServer(listener, tls);
  servers.push(server);
  return server;
}

const ask = (change: Partial<BundleAsk> = {}): BundleAsk => ({ etag: null, waitMs: 0, signal: new AbortController().signal, ...change });
const BUNDLE = gzipSync("a tar");

async function fetchFrom(listener: RequestListener, how: Partial<BundleAsk> = {}, place: Partial<BundleServer> = {}) {
  const server = await start(listener);
  return fetchBundle({ ...server.place, ...place }, ask(how));
}

describe("asking for a bundle", () => {
  it("says what we have, how long to wait, and who asks", async () => {
    const server = await start(serve(BUNDLE));
    const readToken = async () => "secret\n";
    const first = await fetchBundle({ ...server.place, readToken }, ask());
    expect(first).toMatchObject({ kind: "bundle", packed: BUNDLE, holds: false });
    const etag = first.kind === "bundle" ? first.etag : null;
    expect(await fetchBundle(server.place, ask({ etag, waitMs: 1_500 }))).toEqual({ kind: "unchanged", holds: false });
    expect(server.asked.map(({ url, headers }) => [url, headers["prefer"], headers["if-none-match"], headers.authorization])).toEqual([
      ["/bundles/acme", "modes=snapshot", undefined, "Bearer secret"],
      ["/bundles/acme", "modes=snapshot;wait=2", etag, undefined],
    ]);
  });

  it("notices that the server holds answers back", async () => {
    expect(await fetchFrom(serve(BUNDLE, { holds: true }))).toMatchObject({ kind: "bundle", holds: true });
  });

  const LARGE = gzipSync(Buffer.alloc(17 * 1024 * 1024));
  it.each<readonly [string, Uint8Array, Uint8Array]>([
    ["encoded once more than it is", gzipSync(BUNDLE), BUNDLE],
    ["whose own gzip is called an encoding", BUNDLE, BUNDLE],
    ["whose own gzip is called an encoding, and that unpacks to a lot", LARGE, LARGE],
  ])("takes one %s", async (_, body, packed) => {
    expect(await fetchFrom(send(200, { "content-encoding": "gzip" }, body))).toMatchObject({ kind: "bundle", packed });
  });

  const elsewhere = "http://localhost:1/bundles/acme";
  it.each<readonly [string, RequestListener, string, string]>([
    ["404", send(404, {}), "status_unexpected", "the server answered 404"],
    ["500", send(500, {}, "stack trace"), "status_unexpected", "the server answered 500"],
    ["204", send(204, {}), "status_unexpected", "the server answered 204"],
    ["304 to an ask without a tag", send(304, {}), "status_unexpected", "the server answered 304"],
    ["a redirect to another port", send(302, { location: elsewhere }), "redirect_refused", "the server redirected to another origin"],
    [
      "a redirect to a scheme-relative host",
      send(307, { location: "//evil.example/x" }),
      "redirect_refused",
      "the server redirected to another origin",
    ],
    ["a redirect to nowhere", send(301, {}), "redirect_refused", "the server redirected to nowhere"],
    ["a redirect to no URL", send(301, { location: "http://[" }), "redirect_refused", "the server redirected to nowhere"],
    ["redirects without end", send(302, { location: "/bundles/acme" }), "redirect_refused", "the server redirected more than 3 times"],
    [
      "an encoding nobody asked for",
      send(200, { "content-encoding": "br" }, "x"),
      "body_broken",
      "the answer has a content encoding that was not asked for",
    ],
    [
      "an encoding cut short",
      send(200, { "content-encoding": "gzip" }, gzipSync(BUNDLE).subarray(0, 20)),
      "body_broken",
      "the answer's content encoding cannot be undone",
    ],
    [
      "less than it promised",
      (_, response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("half", () => response.destroy());
      },
      "body_broken",
      "the answer ended before it was whole",
    ],
    ["nothing at all", (request) => request.socket.destroy(), "unreachable", "the server could not be asked: ECONNRESET"],
    ["no HTTP", (request) => request.socket.end("SSH-2.0-OpenSSH\r\n\r\n"), "body_broken", "the answer is no HTTP: HPE_INVALID_CONSTANT"],
  ])("names %s", async (_, listener, code, reason) => {
    expect(await fetchFrom(listener)).toEqual({ kind: "failed", code, reason });
  });

  it("names a server that is not there", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    server.close();
    await once(server, "close");
    const port = typeof address === "object" ? address?.port : 0;
    const place = { url: `http://127.0.0.1:${port}/`, readToken: null, readTls: null, waitMs: 0, timeoutMs: 5_000 };
    expect(await fetchBundle(place, ask())).toEqual({
      kind: "failed",
      code: "unreachable",
      reason: "the server could not be asked: ECONNREFUSED",
    });
  });

  it("names a token that cannot be read, and asks nobody", async () => {
    const server = await start(serve(BUNDLE));
    const readToken = () => Promise.reject(Object.assign(new Error("no such file /secret"), { code: "ENOENT" }));
    expect(await fetchBundle({ ...server.place, readToken }, ask())).toEqual({
      kind: "failed",
      code: "unreachable",
      reason: "the token or a certificate to ask with cannot be read: ENOENT",
    });
    expect(server.asked).toEqual([]);
  });

  it("gives up a server that does not begin to answer", async () => {
    expect(await fetchFrom(() => {}, {}, { timeoutMs: 30 })).toEqual({
      kind: "failed",
      code: "timed_out",
      reason: "the server did not begin to answer in time",
    });
  });

  it("gives up a body that comes drop by drop, however long it goes on", async () => {
    const drip: RequestListener = (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 5);
      response.on("close", () => clearInterval(timer));
    };
    expect(await fetchFrom(drip, {}, { timeoutMs: 60 })).toEqual({
      kind: "failed",
      code: "timed_out",
      reason: "the server did not end its answer in time",
    });
  });

  it("gives up a body without an end at the cap", async () => {
    const pour: RequestListener = (_, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(1024 * 1024);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    };
    expect(await fetchFrom(pour)).toEqual({ kind: "failed", code: "too_large", reason: "the answer is larger than 16777216 bytes" });
  });

  it("follows a redirect on the same origin, and asks there with the same credentials", async () => {
    const server = await start((request, response) => {
      if (request.url === "/bundles/acme") response.writeHead(307, { location: "/v2?x=1" }).end();
      else serve(BUNDLE)(request, response);
    });
    expect(await fetchBundle({ ...server.place, readToken: async () => "t" }, ask())).toMatchObject({ kind: "bundle" });
    expect(server.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["/bundles/acme", "Bearer t"],
      ["/v2?x=1", "Bearer t"],
    ]);
  });

  it("ends when it is not wanted any more, whether before the answer or inside it", async () => {
    const controller = new AbortController();
    expect(await fetchFrom(() => controller.abort(), { signal: controller.signal })).toEqual({ kind: "given_up" });
    const inside = new AbortController();
    const half: RequestListener = (_, response) => {
      response.writeHead(200);
      response.write("half", () => inside.abort());
    };
    expect(await fetchFrom(half, { signal: inside.signal })).toEqual({ kind: "given_up" });
  });
});

describe("asking for a bundle over TLS", () => {
  const ca = makeCertificate({ commonName: "ca" });
  const good = makeCertificate({ commonName: "localhost", dns: ["localhost"], issuer: ca });
  const ours = makeCertificate({ commonName: "sluice", dns: ["sluice"], issuer: ca });
  const tls = (parts: Partial<{ cert: string; key: string; ca: string }>) => ({
    readTls: async () => ({ cert: null, key: null, ca: null, ...parts }),
  });

  it("believes the authorities that it is given, and shows its own certificate", async () => {
    const server = await start(serve(BUNDLE), { cert: good.cert, key: good.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true });
    const given = tls({ ca: ca.cert, cert: ours.cert, key: ours.key });
    expect(await fetchBundle({ ...server.place, ...given }, ask())).toMatchObject({ kind: "bundle" });
  });

  const expired = makeCertificate({ commonName: "localhost", dns: ["localhost"], issuer: ca, goodForMs: -60_000 });
  const other = makeCertificate({ commonName: "other", dns: ["other.example"], issuer: ca });
  it.each([
    ["has expired", expired, ca.cert, "CERT_HAS_EXPIRED"],
    ["is for another name", other, ca.cert, "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["comes from an unknown authority", good, undefined, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ])("refuses a certificate that %s", async (_, { cert, key }, authority, code) => {
    const server = await start(serve(BUNDLE), { cert, key });
    const given = authority === undefined ? {} : tls({ ca: authority });
    expect(await fetchBundle({ ...server.place, ...given }, ask())).toEqual({
      kind: "failed",
      code: "certificate_refused",
      reason: `a certificate was not accepted: ${code}`,
    });
    expect(server.asked).toEqual([]);
  });

  it("says that the server wants a certificate of ours", async () => {
    const server = await start(serve(BUNDLE), { cert: good.cert, key: good.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true });
    expect(await fetchBundle({ ...server.place, ...tls({ ca: ca.cert }) }, ask())).toMatchObject({
      kind: "failed",
      code: "certificate_refused",
    });
  });

  it("says that ours cannot be used", async () => {
    const server = await start(serve(BUNDLE), { cert: good.cert, key: good.key });
    const given = tls({ ca: ca.cert, cert: "no PEM", key: ours.key });
    expect(await fetchBundle({ ...server.place, ...given }, ask())).toMatchObject({ kind: "failed", code: "certificate_refused" });
  });
});
