import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createTenants } from "../../src/authorize/tenants.ts";
import { SILENT } from "../../src/core/observer.ts";
import type { PolicyImage } from "../../src/policy/wasm/make-policy-image.ts";
import { createRestingPolicy } from "../../src/policy/wasm/resting-policy.ts";
import type { ImageOrder } from "./image-thread.ts";
import type { Spread, TenantsMeasured } from "./many-tenants.ts";
import { sampleCall, sampleCaller } from "./sample-call.ts";

const RULES = 100;
const SWAPS_MAX = 200;
const REST_ROUNDS = 10;
const CALL = sampleCall("api.example.com", "/t1/1/1/pay", { amount: 1 });
const CALLER = sampleCaller();
const TENANTS = Number(process.argv[2]);

const thread = new Worker(new URL("./image-thread.ts", import.meta.url));

async function makeImage(tenant: number, version: number): Promise<PolicyImage> {
  thread.postMessage({ tenant, version, rules: RULES } satisfies ImageOrder);
  const [image]: PolicyImage[] = await once(thread, "message");
  if (image === undefined) throw new Error("the thread gave no image");
  return image;
}

function took(act: () => void): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

async function rssMiB(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage.rss() / 1024 / 1024;
}

const names = Array.from({ length: TENANTS }, (_, n) => `tenant-${n}`);
const tenants = createTenants(names.map((name) => ({ name, mode: "enforce" })));
const activate = (name: string, image: PolicyImage, revision: string) =>
  tenants.activate(
    name,
    createRestingPolicy(image, { name: "p", revision, digest: "0", observer: SILENT }, tenants.isOpen(name)),
    Number.POSITIVE_INFINITY,
  );
const decide = (name: string) => {
  const policy = tenants.find(name)?.policy;
  if (policy?.kind !== "ready") throw new Error("nothing decides");
  const opened = policy.open();
  const understood = opened.understand(CALL);
  if (understood.kind !== "understood") throw new Error("the call was not understood");
  opened.policy.decide({ caller: CALLER, call: CALL, intent: understood.intent, findings: [], findingsCut: false, nowMs: 0, usage: {} });
};

// The engine is compiled once in a process, whatever its tenants.
activate("tenant-0", await makeImage(0, 0), "0");
for (let n = 0; n < 50; n++) decide("tenant-0");
const empty = await rssMiB();
const activateMs: number[] = [];
for (const [n, name] of names.entries()) {
  const image = await makeImage(n, 1);
  activateMs.push(took(() => activate(name, image, "1")));
}
const unused = await rssMiB();
const firstCallMs = names.map((name) => took(() => decide(name)));
const nextCallMs = names.map((name) => took(() => decide(name)));
const used = await rssMiB();
const swapMs: number[] = [];
const firstCallAfterSwapMs: number[] = [];
for (const [n, name] of names.slice(0, SWAPS_MAX).entries()) {
  const image = await makeImage(n, 2);
  swapMs.push(took(() => activate(name, image, "2")));
  firstCallAfterSwapMs.push(took(() => decide(name)));
}
await thread.terminate();
for (let round = 0; round < REST_ROUNDS; round++) tenants.rest();
const rested = await rssMiB();
const measured: TenantsMeasured = {
  tenants: TENANTS,
  rules: RULES,
  rssMiB: { empty, unused, used, rested },
  activateMs: spreadOf(activateMs),
  firstCallMs: spreadOf(firstCallMs),
  nextCallMs: spreadOf(nextCallMs),
  swapMs: spreadOf(swapMs),
  firstCallAfterSwapMs: spreadOf(firstCallAfterSwapMs),
};
process.send?.(measured);
