import { existsSync, linkSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Received } from "../../../src/core/call.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { denyFault } from "../../../src/edge/grpc/deny-fault.ts";
import type { DeclaredProxy } from "../../../src/edge/grpc/identify-proxy.ts";
import { decodeCheckResponse, encodeCheckRequest } from "../../tools/check-request.ts";
import { type CheckCallOptions, type CheckClient, type CheckClientOptions, connectCheckClient } from "../../tools/grpc-client.ts";
import { ALLOW, FACTS, type RunningServer, startServer } from "./start-server.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

const CHECK = encodeCheckRequest({ host: "api.example.com" });
const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const SIDECAR: DeclaredProxy = {
  name: "sidecar",
  auth: { kind: "secret", secret: Buffer.from("s3cret") },
  tenants: ["default"],
  trusts: ["principal", "context"],
  body: null,
};

type Authorize = (received: Received) => Decision | Promise<Decision>;

async function start(authorize: Authorize, options: Parameters<typeof startServer>[1] = {}): Promise<RunningServer> {
  const running = await startServer(authorize, options);
  cleanUp.push(() => running.server.close(0));
  return running;
}

function connect(address: string, options: CheckClientOptions = {}): CheckClient {
  const client = connectCheckClient(address, options);
  cleanUp.push(client.close);
  return client;
}

async function ask(client: CheckClient, request: Uint8Array = CHECK, options: CheckCallOptions = {}) {
  return decodeCheckResponse(await client.check(request, options));
}

const internal = { code: 14, arm: "denied", httpStatus: 503, error: { class: "fault", code: "internal", retryable: true } };

describe("whatever breaks, the answer is an explicit denial", () => {
  it.each<[string, () => Decision | Promise<Decision>, string]>([
    [
      "throws",
      () => {
        throw new RangeError("secret text");
      },
      "authorize deny: RangeError",
    ],
    [
      "throws no error",
      () => {
        throw "secret text";
      },
      "authorize deny: not an error",
    ],
    ["rejects", () => Promise.reject(new TypeError("secret text")), "authorize deny: TypeError"],
    ["rejects late", () => new Promise((_, reject) => setImmediate(() => reject(new TypeError("late")))), "authorize deny: TypeError"],
  ])("where the authorizer %s", async (_name, authorize, fault) => {
    const { address, faults } = await start(authorize);
    const answer = await ask(connect(address));
    expect(answer).toMatchObject(internal);
    expect(answer.body).not.toContain("secret text");
    expect(answer.metadata["decision_id"]).toMatch(/^[0-9A-Z]{26}$/);
    expect(faults).toEqual([fault]);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["text", "allow"],
    ["a class that does not exist", { ...denyFault("internal", FACTS), class: "allow" }],
    ["a promise of nothing", Promise.resolve(undefined)],
  ])("where the authorizer returns %s", async (_name, nonsense) => {
    // A broken authorizer may return anything.
    const { address, faults } = await start(() => nonsense as Decision);
    expect(await ask(connect(address))).toMatchObject(internal);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^encode deny: /);
  });

  it("where the authorizer's changes are none that a proxy may be told", async () => {
    const changes = { path: null, authority: null, set: [{ name: "content-length", value: "0" }], remove: [] };
    const { address, faults } = await start(() => ({ ...ALLOW, changes }) as Decision);
    expect(await ask(connect(address))).toMatchObject(internal);
    expect(faults).toEqual(["encode deny: a header that may not be set"]);
  });

  it("where the authorizer never settles, soon after the deadline", async () => {
    const { address, faults } = await start(() => new Promise(() => {}), { deadlineMs: 20 });
    const answer = await ask(connect(address));
    expect(answer).toMatchObject({ code: 14, arm: "denied", httpStatus: 503, error: { class: "fault", code: "deadline_exceeded" } });
    expect(faults).toEqual(["authorize deny: the decision never came"]);
  });

  it("where the authorizer settles after that, and the late decision is dropped", async () => {
    const late = Promise.withResolvers<Decision>();
    const { address, server } = await start(() => late.promise, { deadlineMs: 5 });
    const client = connect(address);
    expect((await ask(client)).error?.["code"]).toBe("deadline_exceeded");
    late.resolve(ALLOW);
    await late.promise;
    expect(server.inFlight()).toBe(0);
  });
});

describe("what cannot be decoded", () => {
  const refuse: Authorize = (received) => ({
    ...denyFault("internal", FACTS),
    code: received.kind === "unreadable" ? received.reason : received.kind,
  });

  it.each<[string, Uint8Array, string]>([
    ["garbage", Buffer.from("not a message"), "not_protobuf"],
    ["an empty request", Buffer.alloc(0), "http_missing"],
    ["a request without host", encodeCheckRequest({ host: "" }), "host_missing"],
    ["a message beyond the limit", encodeCheckRequest({ method: "POST", body: Buffer.alloc(8 * 1024 * 1024) }), "message_too_large"],
  ])("is decided on and answered: %s", async (_name, request, reason) => {
    const { address, received } = await start(refuse);
    const answer = await ask(connect(address), request, { traceparent: TRACEPARENT });
    expect(answer).toMatchObject({ code: 14, arm: "denied", error: { code: reason } });
    expect(received.map(({ what }) => what)).toEqual([{ kind: "unreadable", reason, traceparent: TRACEPARENT }]);
  });

  it("leaves a body of 5 MiB readable", async () => {
    const { address, received } = await start(() => ALLOW);
    const body = Buffer.alloc(5 * 1024 * 1024, 7);
    expect((await ask(connect(address), encodeCheckRequest({ method: "POST", body }))).code).toBe(0);
    const [first] = received;
    expect(
      first?.what.kind === "call" && first.what.call.body.kind === "full" && Buffer.from(first.what.call.body.bytes).equals(body),
    ).toBe(true);
  });
});

describe("a decision", () => {
  it.each<[string, Decision | Promise<Decision>, number]>([
    ["at once", ALLOW, 0],
    ["later", Promise.resolve(ALLOW), 0],
    ["as a denial", denyFault("policy_unavailable", FACTS), 14],
  ])("is answered as it came: %s", async (_name, decision, code) => {
    const { address } = await start(() => decision);
    expect((await ask(connect(address))).code).toBe(code);
  });

  it("is a gRPC status where the agent's call is gRPC", async () => {
    const { address } = await start(() => denyFault("internal", FACTS));
    const client = connect(address);
    const grpc = await ask(client, encodeCheckRequest({ method: "POST", headers: { "content-type": "application/grpc+proto" } }));
    expect([grpc.body, grpc.headers["grpc-status"]]).toEqual(["", "14"]);
    const web = await ask(client, encodeCheckRequest({ method: "POST", headers: { "content-type": "application/grpc-web" } }));
    expect([web.error?.["code"], web.headers["grpc-status"]]).toEqual(["internal", undefined]);
  });

  it("has the proxy's trace context, and the agent's stays in its headers", async () => {
    const { address, received } = await start(() => ALLOW);
    await ask(connect(address), encodeCheckRequest({ headers: { traceparent: "agent's" } }), { traceparent: TRACEPARENT });
    const [first] = received;
    expect(first?.what).toMatchObject({ kind: "call", call: { traceparent: TRACEPARENT } });
    expect(first?.what.kind === "call" && first.what.call.headers.get("traceparent")).toBe("agent's");
  });
});

describe("the deadline", () => {
  const clock = { nowMs: () => 0, monotonicUs: () => 1_000_000 };

  it("is our own where the proxy has more patience", async () => {
    const { address, received } = await start(() => ALLOW, { clock });
    await ask(connect(address), CHECK, { timeoutMs: 30_000 });
    expect(received[0]?.deadlineUs).toBe(1_150_000);
  });

  it("is a little before the proxy's where that comes first", async () => {
    const { address, received } = await start(() => ALLOW, { clock, deadlineMs: 60_000 });
    await ask(connect(address), CHECK, { timeoutMs: 30_000 });
    const leftMs = ((received[0]?.deadlineUs ?? 0) - 1_000_000) / 1000;
    expect(leftMs).toBeGreaterThan(20_000);
    expect(leftMs).toBeLessThanOrEqual(29_990);
  });
});

describe("past the number of calls that may wait", () => {
  it("a call is refused at once, and the next is taken when one has ended", async () => {
    const waiting = Promise.withResolvers<Decision>();
    const decide: Authorize = (received) => (received.kind === "overloaded" ? denyFault("overloaded", FACTS) : waiting.promise);
    const { address, received, server } = await start(decide, { maxInFlight: 2, deadlineMs: 60_000 });
    const client = connect(address);
    const first = [ask(client), ask(client)];
    await expect.poll(() => server.inFlight()).toBe(2);
    const refused = await ask(client, CHECK, { traceparent: TRACEPARENT });
    expect(refused).toMatchObject({ code: 14, httpStatus: 503, error: { code: "overloaded" } });
    expect(received[2]?.what).toEqual({ kind: "overloaded", traceparent: TRACEPARENT });
    waiting.resolve(ALLOW);
    expect((await Promise.all(first)).map((answer) => answer.code)).toEqual([0, 0]);
    expect(server.inFlight()).toBe(0);
    expect((await ask(client)).code).toBe(0);
  });

  it("a call that its client gave up on is over when its decision comes", async () => {
    const waiting = Promise.withResolvers<Decision>();
    const { address, server, faults } = await start(() => waiting.promise, { deadlineMs: 60_000 });
    const client = connect(address);
    const patience = new AbortController();
    const answer = ask(client, CHECK, { signal: patience.signal });
    const given = expect(answer).rejects.toMatchObject({ code: 1 });
    await expect.poll(() => server.inFlight()).toBe(1);
    patience.abort();
    await given;
    expect(server.inFlight()).toBe(1);
    waiting.resolve(ALLOW);
    await expect.poll(() => server.inFlight()).toBe(0);
    expect([faults, (await ask(client)).code]).toEqual([[], 0]);
  });
});

describe("an asker", () => {
  const parts = { principal: "spiffe://a", context: { "sluice.tenant": "default" } };
  const believed = { principal: "spiffe://a", proxy: { kind: "authenticated", name: "sidecar", tenants: ["default"] } };
  const nobody = { principal: null, context: {}, proxy: { kind: "unauthenticated" } };

  it.each<[string, CheckClientOptions, object]>([
    ["without the secret is nobody", {}, nobody],
    ["with another secret is nobody", { secret: "s3cret " }, nobody],
    ["with a secret that begins the right one is nobody", { secret: "s3cre" }, nobody],
    ["with the secret is the proxy it was given to", { secret: "s3cret" }, believed],
  ])("%s", async (_name, options, expected) => {
    const { address, received } = await start(() => ALLOW, {
      proxies: [{ ...SIDECAR, name: "other", auth: { kind: "secret", secret: Buffer.from("x") } }, SIDECAR],
    });
    const client = connect(address, options);
    await ask(client, encodeCheckRequest(parts));
    await ask(client, encodeCheckRequest(parts));
    expect(received.map(({ what }) => what)).toMatchObject([
      { kind: "call", call: expected },
      { kind: "call", call: expected },
    ]);
  });

  it("is nobody for coming over loopback where only a socket file was declared", async () => {
    const { address, received } = await start(() => ALLOW, { proxies: [{ ...SIDECAR, auth: { kind: "unix" } }] });
    await ask(connect(address), encodeCheckRequest(parts));
    expect(received[0]?.what).toMatchObject({ call: nobody });
  });
});

describe("a socket file", () => {
  function folder(): string {
    const path = mkdtempSync(join(tmpdir(), "sluice-"));
    cleanUp.push(() => rmSync(path, { recursive: true }));
    return path;
  }

  it("is for owner and group, and proves the proxy that was declared for it", async () => {
    const path = join(folder(), "s");
    const { address, received } = await start(() => ALLOW, { address: `unix:${path}`, proxies: [{ ...SIDECAR, auth: { kind: "unix" } }] });
    expect([address, statSync(path).mode & 0o777]).toEqual([`unix:${path}`, 0o660]);
    expect((await ask(connect(address))).code).toBe(0);
    expect(received[0]?.what).toMatchObject({ call: { proxy: { kind: "authenticated", name: "sidecar" } } });
  });

  it("that nobody listens on any more is replaced", async () => {
    const path = join(folder(), "s");
    const before = createServer();
    await new Promise<void>((resolve) => before.listen(path, resolve));
    // A process that was killed leaves its file: the descriptor is gone, the name is not.
    const kept = `${path}.kept`;
    linkSync(path, kept);
    await new Promise((resolve) => before.close(resolve));
    renameSync(kept, path);
    const { address } = await start(() => ALLOW, { address: `unix:${path}` });
    expect((await ask(connect(address))).code).toBe(0);
  });

  it("that another server listens on is left alone", async () => {
    const path = join(folder(), "s");
    await start(() => ALLOW, { address: `unix:${path}` });
    await expect(startServer(() => ALLOW, { address: `unix:${path}` })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("is never made over a file that is none", async () => {
    const path = join(folder(), "s");
    writeFileSync(path, "precious");
    await expect(startServer(() => ALLOW, { address: `unix:${path}` })).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(existsSync(path)).toBe(true);
  });
});

describe("health", () => {
  it("says not serving until it is told otherwise, for the server and for the service, and knows no other", async () => {
    const { address, server } = await start(() => ALLOW);
    const client = connect(address);
    const all = () => Promise.all(["", "envoy.service.auth.v3.Authorization", "other"].map(client.health));
    expect(await all()).toEqual(["NOT_SERVING", "NOT_SERVING", "NOT_FOUND"]);
    server.setServing(true);
    expect(await all()).toEqual(["SERVING", "SERVING", "NOT_FOUND"]);
    server.setServing(false);
    expect(await all()).toEqual(["NOT_SERVING", "NOT_SERVING", "NOT_FOUND"]);
  });
});

describe("the end", () => {
  it("lets a call under way have its answer, takes no more connections, and comes at once when all is quiet", async () => {
    const waiting = Promise.withResolvers<Decision>();
    const { address, server } = await start(() => waiting.promise, { deadlineMs: 60_000 });
    const answer = ask(connect(address));
    await expect.poll(() => server.inFlight()).toBe(1);
    const closed = server.close(60_000);
    await expect(ask(connect(address), CHECK, { timeoutMs: 1000 })).rejects.toMatchObject({ code: expect.any(Number) });
    waiting.resolve(ALLOW);
    expect((await answer).code).toBe(0);
    await closed;
  });

  it("does not wait longer than it was told for a call that never ends", async () => {
    const { address, server } = await start(() => new Promise(() => {}), { deadlineMs: 60_000 });
    const answer = ask(connect(address));
    const failed = expect(answer).rejects.toMatchObject({ code: expect.any(Number) });
    await expect.poll(() => server.inFlight()).toBe(1);
    await server.close(20);
    await failed;
  });
});
