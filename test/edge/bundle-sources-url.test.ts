import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { openBundleState } from "../../src/policy/bundle/bundle-state.ts";
import { openSource } from "../../src/policy/sources/index.ts";
import type { PolicyFeed } from "../../src/policy/sources/policy-feed.ts";
import type { BundleUrlPlace } from "../../src/policy/sources/source-deps.ts";
import { makeCertificate } from "../tools/make-certificate.ts";
import { bundleOf, type Ears, listen, TRUST } from "../unit/policy-sources/a-source.ts";
import { type ScriptedServer, send, serve, startBundleServer } from "../unit/policy-sources/start-bundle-server.ts";

const POLL_MS = 60_000;
const V1 = await bundleOf(1);
const V2 = await bundleOf(2);
const OLDER = await bundleOf(0);
const GLOBEX = await bundleOf(2, { tenant: "globex" });
const EXPIRED = await bundleOf(2, { notAfter: "2020-01-01T00:00:00Z" });

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(first: RequestListener, tls?: Parameters<typeof startBundleServer>[1]): Promise<ScriptedServer> {
  const server = await startBundleServer(first, tls);
  ends.push(server.close);
  return server;
}

async function hear(...given: Parameters<typeof listen>): Promise<Ears> {
  const ears = await listen(...given);
  ends.push(ears.close);
  return ears;
}

async function open(server: ScriptedServer, ears: Ears, change: Partial<BundleUrlPlace> = {}): Promise<PolicyFeed> {
  const feed = await openSource("bundle_url", { ...TRUST, ...server.place, pollMs: POLL_MS, ...change }, ears.deps);
  ends.push(feed.close);
  return feed;
}

const cut: RequestListener = (request) => request.socket.destroy();
const half: RequestListener = (_, response) => {
  response.writeHead(200, { "content-length": V2.length });
  response.write(V2.subarray(0, 500), () => response.destroy());
};
const endless: RequestListener = (_, response) => {
  response.writeHead(200, { etag: '"v2"' });
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
  };
  response.on("drain", more);
  more();
};
const drip: RequestListener = (_, response) => {
  response.writeHead(200, { etag: '"v2"' });
  const timer = setInterval(() => response.write("."), 5);
  response.on("close", () => clearInterval(timer));
};

describe("a bundle's server", () => {
  it.each<readonly [string, RequestListener, string]>([
    ["is down", cut, "refused: unreachable"],
    ["does not answer", () => {}, "refused: timed_out"],
    ["is slow", drip, "refused: timed_out"],
    ["answers 404", send(404, {}), "refused: status_unexpected"],
    ["answers 500", send(500, {}), "refused: status_unexpected"],
    ["sends a page", send(200, { "content-type": "text/html" }, "<html>welcome</html>"), "refused: archive_malformed"],
    ["sends nothing", send(200, {}), "refused: archive_malformed"],
    ["sends a truncated gzip", send(200, { etag: '"v2"' }, V2.subarray(0, V2.length - 100)), "refused: archive_malformed"],
    ["ends inside its answer", half, "refused: body_broken"],
    ["sends a body without an end", endless, "refused: too_large"],
    ["sends a bomb", send(200, {}, gzipSync(Buffer.alloc(65 * 1024 * 1024))), "refused: too_large"],
    ["redirects to another host", send(302, { location: "https://evil.example/b" }), "refused: redirect_refused"],
    ["sends another tenant's", send(200, {}, GLOBEX), "refused: tenant_differs"],
    ["sends an older one", send(200, { etag: '"v0"' }, OLDER), "refused: serial_too_old"],
    ["sends an expired one", send(200, {}, EXPIRED), "refused: expired"],
  ])("that %s changes nothing, and is believed again when it is well", async (_, broken, line) => {
    const server = await start(serve(V1));
    const ears = await hear();
    const feed = await open(server, ears, line === "refused: timed_out" ? { timeoutMs: 1_000 } : {});
    server.answer(broken);
    await feed.reload();
    server.answer(serve(V1));
    await feed.reload();
    server.answer(serve(V2));
    await feed.reload();
    expect(ears.lines()).toEqual(["r1", line, "unchanged", "r2"]);
    expect([ears.state.mark(), ears.faults]).toEqual([2, []]);
  });

  it("whose certificate expired changes nothing", async () => {
    const ca = makeCertificate({ commonName: "ca of bundles" });
    const certificate = (goodForMs: number) => makeCertificate({ commonName: "localhost", dns: ["localhost"], issuer: ca, goodForMs });
    const [good, expired] = [certificate(3_600_000), certificate(-60_000)];
    const healthy = await start(serve(V1), { cert: good.cert, key: good.key });
    const late = await start(serve(V2), { cert: expired.cert, key: expired.key });
    const readTls = async () => ({ cert: null, key: null, ca: ca.cert });
    const ears = await hear();
    const first = await open(healthy, ears, { readTls });
    await first.close();
    await open(late, ears, { readTls });
    expect(ears.lines()).toEqual(["r1", "refused: certificate_refused", "r1 (last good)"]);
    expect(late.asked).toEqual([]);
  });

  it("that lies about tags is believed by its bytes", async () => {
    const server = await start(send(200, { etag: '"same"' }, V1));
    const ears = await hear();
    const feed = await open(server, ears);
    // Another bundle under the same tag, then the same under another.
    server.answer(send(200, { etag: '"same"' }, V2));
    await feed.reload();
    server.answer(send(200, { etag: '"other"' }, V2));
    await feed.reload();
    // Nothing changed, it says, under a tag that is not the one that was asked about.
    server.answer(send(304, { etag: '"strange"' }));
    await feed.reload();
    expect(ears.lines()).toEqual(["r1", "r2", "unchanged", "unchanged"]);
  });

  it("that sends no tag is not believed when it says that nothing changed", async () => {
    const server = await start(send(200, {}, V1));
    const ears = await hear();
    const feed = await open(server, ears);
    server.answer(send(304, {}));
    await feed.reload();
    expect(ears.lines()).toEqual(["r1", "refused: status_unexpected"]);
  });

  it("is not sent for again what was refused, until somebody asks", async () => {
    const server = await start(serve(GLOBEX));
    const ears = await hear();
    const feed = await open(server, ears);
    await ears.untilAsleep();
    ears.wake();
    await ears.until("unchanged");
    expect(ears.lines()).toEqual(["refused: tenant_differs", "unchanged"]);
    server.answer(send(200, {}, GLOBEX));
    await feed.reload();
    expect(ears.lines().slice(2)).toEqual(["refused: tenant_differs"]);
  });
});

describe("asking again and again", () => {
  it("waits as long as it is told and a little of its own, and after failures twice as long each time", async () => {
    const server = await start(serve(V1));
    const ears = await hear({ random: () => 0.5 });
    await open(server, ears);
    const next = async (listener: RequestListener) => {
      server.answer(listener);
      await ears.untilAsleep();
      const told = ears.news.length;
      ears.wake();
      await ears.untilTold(told + 1);
    };
    for (const listener of [serve(V1), ...Array.from({ length: 11 }, () => cut), serve(V1), cut]) await next(listener);
    await ears.untilAsleep();
    const failing = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 950);
    expect(ears.sleeps).toEqual([63_000, 63_000, ...failing, 63_000, 950]);
  });

  it("leaves the wait to a server that holds its answer back, and hears of news at once", async () => {
    const server = await start(serve(V1, { holds: true }));
    const ears = await hear({}, { sleepMs: 0 });
    const asked = server.nextAsk();
    const held: (() => void)[] = [];
    await open(server, ears, { waitMs: 30_000 });
    server.answer((request, response) => held.push(() => serve(V2, { holds: true })(request, response)));
    const ask = await asked.then(() => server.nextAsk());
    expect(ask.headers["prefer"]).toBe("modes=snapshot;wait=30");
    const news = ears.until("r2");
    for (const answer of held) answer();
    await news;
    expect(ears.sleeps[0]).toBe(100);
  });

  it("asks again after an ask was cut that the server held back", async () => {
    const server = await start(serve(V1, { holds: true }));
    const ears = await hear({}, { sleepMs: 0 });
    server.answer(serve(V1, { holds: true }));
    await open(server, ears, { waitMs: 30_000 });
    const failed = ears.until("refused: unreachable");
    const heard = ears.until("r2");
    server.answer((request) => {
      server.answer(serve(V2, { holds: true }));
      request.socket.destroy();
    });
    server.closeConnections();
    await failed;
    await heard;
    expect(ears.lines().filter((line) => line !== "refused: unreachable")).toEqual(["r1", "r2"]);
  });

  it("does not let a server hold an answer back that somebody asks for now", async () => {
    const server = await start(serve(V1, { holds: true }));
    const ears = await hear({}, { sleepMs: 0 });
    const first = server.nextAsk();
    const feed = await open(server, ears, { waitMs: 30_000 });
    await first.then(() => server.nextAsk());
    server.answer(serve(V2, { holds: true }));
    await feed.reload();
    expect(ears.lines()).toEqual(["r1", "r2"]);
  });

  it("does not run after a server that says it holds answers back and does not", async () => {
    const lying: RequestListener = (_, response) => {
      response.writeHead(304, { "content-type": "application/vnd.openpolicyagent.bundles" }).end();
    };
    const server = await start(serve(V1, { holds: true }));
    const ears = await hear();
    await open(server, ears, { waitMs: 30_000 });
    server.answer(lying);
    await ears.untilAsleep();
    ears.wake();
    await ears.until("unchanged");
    await ears.untilAsleep();
    expect(ears.sleeps).toEqual([100, POLL_MS]);
  });

  it("goes on after something of ours failed, and tells it", async () => {
    const server = await start(serve(V1));
    let isBroken = true;
    const whole = await hear();
    const ears = await hear({
      load: (job) => (isBroken ? Promise.reject(new Error("the thread ended")) : whole.deps.load(job)),
    });
    const feed = await open(server, ears);
    isBroken = false;
    await feed.reload();
    expect(ears.lines()).toEqual(["refused: load_failed", "r1"]);
  });

  it("tells nothing any more once it is closed", async () => {
    const server = await start(serve(V1));
    const ears = await hear();
    const feed = await open(server, ears);
    await feed.close();
    server.answer(serve(V2));
    await feed.reload();
    expect([ears.lines(), server.asked.length]).toEqual([["r1"], 1]);
  });
});

describe("a start while the server is away", () => {
  it("decides by the last good version, and by the newest as soon as the server is back", async () => {
    const server = await start(serve(V1));
    const before = await hear();
    const first = await open(server, before);
    await first.close();
    server.answer(cut);
    const state = await openBundleState({ folder: `${before.folder}/state`, tenant: "acme" });
    const ears = await hear({ state });
    const feed = await open(server, ears);
    expect(ears.lines()).toEqual(["refused: unreachable", "r1 (last good)"]);
    expect(feed.answeredMs()).toBe(first.answeredMs());
    server.answer(serve(V1));
    await feed.reload();
    server.answer(serve(V2));
    await feed.reload();
    expect(ears.lines().slice(2)).toEqual(["unchanged", "r2"]);
  });

  it("refuses a last good version that may not decide any more", async () => {
    const server = await start(serve(await bundleOf(1, { notAfter: "2027-01-01T00:00:00Z" })));
    const at = (time: string) => ({ nowMs: () => Date.parse(time), monotonicUs: () => 0 });
    const before = await hear({ clock: at("2026-12-31T00:00:00Z") });
    await (await open(server, before)).close();
    server.answer(cut);
    const ears = await hear({ state: before.state, clock: at("2027-01-01T00:00:00Z") });
    await open(server, ears);
    expect(ears.lines()).toEqual(["refused: unreachable", "refused: expired"]);
    expect(ears.news[1]).toMatchObject({ reason: "the last good version: it was good until 2027-01-01T00:00:00Z" });
  });

  it("has nothing to decide by where nothing was ever good", async () => {
    const server = await start(cut);
    const ears = await hear();
    const feed = await open(server, ears);
    expect([ears.lines(), feed.answeredMs(), feed.offer]).toEqual([["refused: unreachable"], null, null]);
  });
});
