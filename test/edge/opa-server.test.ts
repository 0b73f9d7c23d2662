import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type BundleClient, createBundleClient } from "../../src/edge/http/bundle-client.ts";
import { buildPolicy } from "../../src/operate/build-policy.ts";
import type { BundleSigner } from "../../src/policy/bundle/signing/sign-files.ts";
import { unpackTar } from "../../src/policy/bundle/unpack-tar.ts";
import { freePort } from "../tools/free-port.ts";
import { needTool } from "../tools/need-tool.ts";
import { type Sluice, startSluice } from "../tools/start-sluice.ts";
import { askedOfCases } from "../unit/operate/asked-of-cases.ts";

const ROOT = join(import.meta.dirname, "../..");
const [wasm, engineRego] = [
  await readFile(join(ROOT, "policies/engine/policy.wasm")),
  await readFile(join(ROOT, "policies/engine/engine.rego"), "utf8"),
];
const opa = await needTool("opa");
const [AUTHOR, READER] = ["author-token-0123456789", "reader-token-0123456789"];
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signer: BundleSigner = { kid: "ci-1", alg: "ES256", privateKey: pair.privateKey };
const pemOf = ({ publicKey }: typeof pair) => publicKey.export({ type: "spki", format: "pem" }).toString();

async function build(folder: string, serial: number): Promise<Uint8Array> {
  const parts = { folder: join(ROOT, "policies/examples", folder), name: folder, tenant: "default", serial, withCases: true };
  const built = await buildPolicy({ ...parts, signer, wasm, engineRego });
  if (built.kind === "invalid") throw new Error(`${folder} does not build`);
  return built.bundle;
}

let folder = "";
let sluice: Sluice;
let client: BundleClient;
let running: ChildProcess | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-opa-server-"));
  const operators = [
    { name: "ci", token: { env: "AUTHOR" }, roles: ["author"], tenants: ["default"] },
    { name: "opa", token: { env: "READER" }, roles: ["viewer"], tenants: ["default"] },
  ];
  const env = { AUTHOR, READER, KEY: pemOf(pair) };
  sluice = await startSluice({
    config: { bundle: "pushed", bundle_keys: [{ kid: "ci-1", key: { env: "KEY" }, alg: "ES256" }], operators },
    env,
  });
  client = createBundleClient({ server: `127.0.0.1:${sluice.server.httpPort}`, token: AUTHOR });
});
afterEach(async () => {
  await stopOpa();
  await sluice.stop();
  await rm(folder, { recursive: true, force: true });
});

async function stopOpa(): Promise<void> {
  if (running === null || running.exitCode !== null) return;
  running.kill();
  await once(running, "exit");
}

/** A stock OPA server that pulls the tenant's bundle from ours; gives where it answers and what it said so far. */
async function startOpa(keyOf: typeof pair): Promise<{ readonly url: string; readonly said: () => string }> {
  const port = await freePort();
  const config = {
    services: {
      sluice: { url: `http://127.0.0.1:${sluice.server.httpPort}`, credentials: { bearer: { token: READER } } },
    },
    keys: { "ci-1": { algorithm: "ES256", key: pemOf(keyOf) } },
    bundles: {
      policy: {
        service: "sluice",
        resource: "v1/bundles/default",
        signing: { keyid: "ci-1" },
        polling: { min_delay_seconds: 1, max_delay_seconds: 2, long_polling_timeout_seconds: 30 },
      },
    },
  };
  await writeFile(join(folder, "opa.json"), JSON.stringify(config));
  const args = ["run", "--server", "--addr", `127.0.0.1:${port}`, "--config-file", join(folder, "opa.json"), "--disable-telemetry"];
  running = spawn(opa ?? "", args);
  let text = "";
  for (const stream of [running.stdout, running.stderr]) stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { url: `http://127.0.0.1:${port}`, said: () => text };
}

const activations = (said: string) => said.split("Bundle loaded and activated successfully").length - 1;

async function ask(url: string, input: unknown) {
  const response = await fetch(`${url}/v1/data/sluice`, { method: "POST", body: JSON.stringify({ input }) });
  const { result } = (await response.json()) as { readonly result: { readonly verdict: unknown; readonly ruling: unknown } };
  return { verdict: result.verdict, ruling: result.ruling };
}

async function expectSame(url: string, packed: Uint8Array): Promise<void> {
  const unpacked = await unpackTar(packed);
  if (unpacked.kind === "refused") throw new Error(unpacked.reason);
  const asked = await askedOfCases(unpacked.files, wasm);
  expect(asked.length).toBeGreaterThan(5);
  for (const { input, verdict, ruling } of asked) expect(await ask(url, input)).toEqual({ verdict, ruling });
}

describe.skipIf(opa === null)("a stock OPA server that is fed by ours", () => {
  it("takes each signed version as soon as it is live, and rules as we do", async () => {
    const [first, second] = [await build("payments", 1), await build("health", 2)];
    expect(await client.push("default", first, { forbidWidening: false })).toMatchObject({ kind: "ok", value: { serial: 1 } });
    const { url, said } = await startOpa(pair);
    await vi.waitUntil(() => activations(said()) === 1, { timeout: 30_000 });
    await expectSame(url, first);
    // It waits in a long poll by now, or asks within two seconds.
    expect(await client.push("default", second, { forbidWidening: false })).toMatchObject({ kind: "ok", value: { serial: 2 } });
    await vi.waitUntil(() => activations(said()) === 2, { timeout: 30_000 });
    await expectSame(url, second);
  });

  it("refuses them under another key", async () => {
    await client.push("default", await build("payments", 1), { forbidWidening: false });
    const { said } = await startOpa(other);
    await vi.waitUntil(() => said().includes("invalid ECDSA signature"), { timeout: 30_000 });
    expect(activations(said())).toBe(0);
  });
});
