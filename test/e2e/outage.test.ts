import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verifyFolder } from "../../src/operate/receipts.ts";
import { createKeyFiles } from "../../src/platform/key-files.ts";
import { type AgentAnswer, callEnvoy } from "../tools/call-envoy.ts";
import { freePort } from "../tools/free-port.ts";
import { needTool } from "../tools/need-tool.ts";
import { runSluice, type SluiceProcess, startSluiceProcess } from "../tools/run-sluice.ts";
import { type Envoy, startEnvoy } from "../tools/start-envoy.ts";
import { PROXY_SECRET } from "../tools/start-sluice.ts";
import { startUpstream, type Upstream } from "../tools/start-upstream.ts";

const envoyPath = await needTool("envoy");
const WAIT = { timeout: 30_000, interval: 100 };

/** The tests of this file are one story, in order. */
describe.skipIf(envoyPath === null)("an Envoy whose Sluice is killed", () => {
  let folder: string;
  let address: string;
  let sluice: SluiceProcess;
  let upstream: Upstream;
  let envoy: Envoy;
  let token: string;
  const decided: AgentAnswer[] = [];

  const receipts = () => join(folder, "state", "receipts");
  const serve = async (): Promise<SluiceProcess> => {
    const started = startSluiceProcess(["serve", "--config", "sluice.yaml"], { cwd: folder });
    await started.until('"msg":"listening"');
    return started;
  };
  const pay = async (): Promise<AgentAnswer> => {
    const body = { amount: "100", currency: "usd", destination: "acct_1" };
    const answer = await callEnvoy(envoy.listenerPort, {
      method: "POST",
      host: "api.stripe.com",
      path: "/v1/payment_intents",
      token,
      body,
    });
    if (answer.id !== "") decided.push(answer);
    return answer;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-outage-"));
    address = `127.0.0.1:${await freePort()}`;
    await writeFile(join(folder, "proxy.secret"), PROXY_SECRET);
    const config = {
      listen: { grpc: address, http: `127.0.0.1:${await freePort()}` },
      proxies: [{ name: "test", auth: { secret: { file: "proxy.secret" } }, tenants: ["default"], body: { max_bytes: 1_048_576 } }],
      deadline: "900ms",
      shutdown: { delay: "0s", grace: "5s" },
    };
    await writeFile(join(folder, "sluice.yaml"), JSON.stringify({ ...config, state: { folder: "state" } }));
    [sluice, upstream] = await Promise.all([serve(), startUpstream()]);
    token = (await runSluice(["token", "issue", "--agent", "finance-1", "--config", "sluice.yaml"], { cwd: folder })).stdout.trim();
    envoy = await startEnvoy({ file: "sidecar", sluice: address, upstream: upstream.address, secret: PROXY_SECRET });
  });
  afterAll(async () => {
    await sluice?.end("SIGKILL");
    await envoy?.stop();
    await upstream?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("lets calls pass before", async () => {
    expect(await pay()).toMatchObject({ status: 200, decision: "allow" });
  });

  it("answers 503 and sends nothing on, with the connection just lost and while nobody listens", async () => {
    const before = upstream.requests.length;
    expect((await sluice.end("SIGKILL")).code).toBeNull();
    for (let made = 0; made < 5; made++) expect(await pay()).toMatchObject({ status: 503, decision: "", error: null });
    const together = await Promise.all(Array.from({ length: 5 }, pay));
    expect(together.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect(upstream.requests.length).toBe(before);
    const stats = await envoy.stats();
    expect([stats["http.sidecar.ext_authz.error"], stats["http.sidecar.ext_authz.failure_mode_allowed"]]).toEqual([10, 0]);
  });

  it("lets calls pass again when Sluice is back on its port, without a restart of Envoy", async () => {
    const before = upstream.requests.length;
    sluice = await serve();
    await vi.waitFor(async () => expect((await pay()).status).toBe(200), WAIT);
    expect(await pay()).toMatchObject({ status: 200, decision: "allow" });
    expect(upstream.requests.length).toBe(before + 2);
  });

  it("ends with 0 on SIGTERM, and leaves a signed and unbroken record over both lives", async () => {
    expect(await sluice.end("SIGTERM")).toMatchObject({ code: 0 });
    const key = await createKeyFiles({ demo: false }).read(join(folder, "state", "keys", "receipts.jwk"), "receipts");
    const report = await verifyFolder(receipts(), { keys: [key], anchor: null });
    expect(report.problems).toEqual([]);
    const stream = report.streams.find((one) => one.stream === "default");
    expect(stream?.signedSeq).toBe(stream?.lastSeq);
    const lines = (await readFile(join(receipts(), "default.jsonl"), "utf8")).trim().split("\n");
    const ids = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "decision");
    // What the first life decided in its last moments may be lost with it; what was told in the second may not.
    expect(ids.map(({ decision_id }) => decision_id).slice(-2)).toEqual(decided.slice(-2).map(({ id }) => id));
  });
});
