import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type BundleClient, createBundleClient } from "../../src/edge/http/bundle-client.ts";
import { type AgentAnswer, callEnvoy } from "../tools/call-envoy.ts";
import { createPublisher, type MadeBundle } from "../tools/make-bundle.ts";
import { needTool } from "../tools/need-tool.ts";
import { SOAK_FACTOR } from "../tools/soak-factor.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET, type Sluice, startSluice } from "../tools/start-sluice.ts";
import { startUpstream, type Upstream } from "../tools/start-upstream.ts";

const envoyPath = await needTool("envoy");
const SWAPS = 200;
/** In an ordinary run as many as fit between the swaps. */
const CALLS_MIN = SOAK_FACTOR > 1 ? 50_000 : 200;
const CALLERS = 6;
const HOST = "api.example.com";
const publisher = createPublisher();
const ENV = { BUNDLE_KEY: publisher.pem, PROXY: PROXY_SECRET };
const KEYS = [{ kid: publisher.kid, key: { env: "BUNDLE_KEY" } }];

/** Version N lets `/allowed` go with its number on it and denies the rest with its number as the code. */
const version = (serial: number): Promise<MadeBundle> =>
  publisher.make(
    `policy: p
rules:
  - { id: go-${serial}, match: { hosts: [${HOST}], paths: [/allowed] }, then: allow, set: { x-version: "v${serial}" } }
  - { id: stop-${serial}, match: { paths: [/denied] }, then: deny, code: stopped_by_${serial} }
`,
    { serial },
  );

type Told = { readonly answer: AgentAnswer; readonly path: string };

describe.skipIf(envoyPath === null)("bundles behind a real Envoy", () => {
  let sluice: Sluice;
  let upstream: Upstream;
  let envoy: Envoy;
  let client: BundleClient;
  let token: string;
  const pushed = new Map<string, MadeBundle>();

  const push = async (bundle: MadeBundle) => {
    pushed.set(bundle.revision, bundle);
    return client.push("default", bundle.packed, { forbidWidening: false });
  };
  const call = async (path: string): Promise<Told> => ({
    path,
    answer: await callEnvoy(envoy.listenerPort, { host: HOST, path, token }),
  });

  /** Reading so many receipts holds this process up, and the server in it, for longer than Envoy's keep-alive: it connects anew. */
  const answered = (path: string): Promise<Told> =>
    vi.waitUntil(
      async () => {
        const told = await call(path);
        return told.answer.id === "" ? null : told;
      },
      { timeout: 30_000, interval: 100 },
    );

  beforeAll(async () => {
    sluice = await startSluice({ config: { bundle: "pushed", bundle_keys: KEYS }, env: ENV });
    upstream = await startUpstream();
    envoy = await startEnvoy({ file: "sidecar", sluice: sluice.grpcAddress, upstream: upstream.address, secret: PROXY_SECRET });
    client = createBundleClient({ server: `127.0.0.1:${sluice.server.httpPort}`, token: sluice.server.operatorToken });
    token = await sluice.issue("agent-1");
  });

  afterAll(async () => {
    await envoy?.stop();
    await upstream?.stop();
    await sluice?.stop();
  });

  it("denies a fault before anything was pushed", async () => {
    const { answer } = await call("/allowed");
    expect([answer.status, answer.error?.["code"]]).toEqual([503, "policy_unavailable"]);
  });

  it(`judges each call by one version while ${SWAPS} take each other's place`, { timeout: 900_000 }, async () => {
    await push(await version(1));
    const told: Told[] = [];
    let isOver = false;
    const caller = async (at: number) => {
      for (let n = at; !isOver || told.length < CALLS_MIN; n++) told.push(await call(n % 2 === 0 ? "/allowed" : "/denied"));
    };
    const callers = Promise.all(Array.from({ length: CALLERS }, (_, at) => caller(at)));
    for (let serial = 2; serial <= SWAPS + 1; serial++) {
      const result = await push(await version(serial));
      expect(result.kind).toBe("ok");
    }
    isOver = true;
    await callers;

    const stored = await sluice.receipts();
    const receipts = new Map(stored.filter(({ kind }) => kind === "decision").map((one) => [one["decision_id"], one]));
    const wrong = told.filter(({ answer, path }) => {
      const receipt = receipts.get(answer.id);
      const policy = receipt?.["policy"] as { readonly revision: string; readonly digest: string } | undefined;
      const decided = pushed.get(policy?.revision ?? "");
      if (decided === undefined || policy?.digest !== decided.digest) return true;
      const { serial } = decided;
      if (path === "/denied")
        return answer.status !== 403 || answer.error?.["code"] !== `stopped_by_${serial}` || receipt?.["rule"] !== `p/stop-${serial}`;
      return answer.status !== 200 || !answer.body.includes(`"v${serial}"`) || receipt?.["rule"] !== `p/go-${serial}`;
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(new Set(told.map(({ answer }) => answer.id)).size).toBe(told.length);
    expect(told.length).toBeGreaterThanOrEqual(CALLS_MIN);
    const activations = stored.filter(({ kind, event }) => kind === "policy" && event === "activated");
    expect(activations).toHaveLength(SWAPS + 1);
    expect(activations.at(-1)).toMatchObject({
      tenant: "default",
      source: "pushed",
      by: "admin",
      signed_by: publisher.kid,
      serial: SWAPS + 1,
      changes: {
        added: [`p/go-${SWAPS + 1}`, `p/stop-${SWAPS + 1}`],
        removed: [`p/go-${SWAPS}`, `p/stop-${SWAPS}`],
        changed: [],
        widening: true,
      },
    });
    process.stdout.write(`bundles: ${told.length} calls during ${SWAPS} swaps\n`);
  });

  it("goes on by the version that decides where a push is refused, and says so", async () => {
    const strange = await createPublisher().make("policy: p\nrules: [{ id: all, then: allow }]\n", { serial: 10_000 });
    const refused = await client.push("default", strange.packed, { forbidWidening: false });
    expect(refused).toMatchObject({ kind: "refused" });
    const { answer } = await answered("/denied");
    expect([answer.status, answer.error?.["code"]]).toEqual([403, `stopped_by_${SWAPS + 1}`]);
    const policies = await client.policies();
    expect(policies).toMatchObject({
      kind: "ok",
      value: { tenants: [{ tenant: "default", state: "ready", serial: SWAPS + 1, last_error: { code: "signature_wrong" } }] },
    });
    const ready = await fetch(`http://127.0.0.1:${sluice.server.httpPort}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { ready: true, tenants: [{ name: "default", state: "ready", reason: null, refused: "signature_wrong" }] },
    ]);
    const metrics = await (await fetch(`http://127.0.0.1:${sluice.server.httpPort}/metrics`)).text();
    expect(metrics).toContain('sluice_policy_load_failures_total{tenant="default",source="pushed",code="signature_wrong"} 1');
    expect(metrics).toMatch(
      /sluice_policy_revision_info\{tenant="default",policy="p",revision="[0-9a-f]{12}",digest="[0-9a-f]{64}",source="pushed"\} 1/,
    );
    const last = (await sluice.receipts()).findLast(({ kind }) => kind === "policy");
    expect(last).toMatchObject({ event: "refused", code: "signature_wrong", by: "admin", digest: strange.digest, changes: null });
  });
});

describe("a tenant whose source misbehaves", () => {
  const BEHAVIOURS = {
    broken: (_: MadeBundle) => Buffer.from("no bundle at all"),
    "cut in the middle": ({ packed }: MadeBundle) => packed.subarray(0, packed.length / 2),
    huge: ({ packed }: MadeBundle) => packed,
    endless: () => null,
    silent: () => undefined,
  };

  it.each(Object.keys(BEHAVIOURS) as (keyof typeof BEHAVIOURS)[])("leaves the answers of another tenant alone: %s", async (name) => {
    const rules = Array.from(
      { length: 3_000 },
      (_, n) => `  - { id: r${n}, match: { hosts: [h${n}.example.com] }, if: "http.path.startsWith('/v${n}')", then: allow }`,
    );
    const huge = await publisher.make(`policy: huge\nrules:\n${rules.join("\n")}\n`, { serial: 1 });
    const good = await version(1);
    let asked = 0;
    const server = createServer((request, response) => {
      // Both begin well; what goes wrong does so while calls are decided.
      if (request.url === "/good" || asked++ === 0) return void response.end(good.packed);
      const bytes = BEHAVIOURS[name](huge);
      if (bytes === undefined) return;
      if (bytes !== null) return void response.end(bytes);
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 5);
      response.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const tenant = (path: string) => ({
      bundle: `http://127.0.0.1:${port}${path}`,
      bundle_keys: KEYS,
      bundle_fetch: { timeout: "2s", wait: "0s", poll: "1s" },
      identity: { required: false },
    });
    const proxies = [{ name: "test", auth: { secret: { env: "PROXY" } }, tenants: ["good", "bad"], trust: ["context"] }];
    const sluice = await startSluice({ config: { tenants: { good: tenant("/good"), bad: tenant("/bad") }, proxies }, env: ENV });
    try {
      const deadline = Date.now() + 3_000;
      const rulesSeen = new Set<unknown>();
      while (Date.now() < deadline) {
        rulesSeen.add((await sluice.check({ path: "/denied", context: { "sluice.tenant": "good" } })).error?.["rule"]);
        await sleep(1);
      }
      expect([...rulesSeen]).toEqual(["p/stop-1"]);
      expect(asked).toBeGreaterThan(1);
      const bad = async () => (await sluice.check({ path: "/denied", context: { "sluice.tenant": "bad" } })).error?.["code"];
      if (name === "huge") await vi.waitFor(async () => expect(await bad()).toBe("no_matching_rule"), { timeout: 30_000, interval: 100 });
      else expect(await bad()).toBe("stopped_by_1");
    } finally {
      await sluice.stop();
      server.closeAllConnections();
      server.close();
    }
  });
});
