import { type ChildProcess, execFileSync, fork, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { connectCheckClient } from "../tools/grpc-client.ts";
import { PROXY_SECRET } from "../tools/start-sluice.ts";
import { reportManyTenants } from "./many-tenants.ts";
import { reportPolicyStep } from "./policy-step.ts";
import type { Told } from "./report-cpu.ts";
import { reportSwaps } from "./report-swaps.ts";

/** CPU per decision of the whole path against a no-op grpc-js server of the same run: ratios hold where absolute times drift. */
const SHORT = process.env["BENCH_SHORT"] === "1";
const WARM_UP = SHORT ? 3_000 : 15_000;
const COUNTED = SHORT ? 6_000 : 40_000;
const ROUNDS = SHORT ? 1 : 3;
const SERVERS = ["no-op-server", "sluice-server"] as const;

type Measured = { readonly name: string; readonly us: readonly number[]; readonly rssMiB: number; readonly answer: string };

process.stdout.write(await reportPolicyStep(ROUNDS, SHORT ? 4_000 : 20_000));
process.stdout.write(await reportManyTenants(SHORT ? 100 : 1_000));
process.stdout.write(await reportSwaps(SHORT ? 1_000 : 10_000));
if (spawnSync("h2load", ["--version"]).status !== 0) {
  process.stdout.write("bench: h2load is missing: apt-get install nghttp2-client\n");
  process.exit(process.env["CI"] === "true" ? 1 : 0);
}
const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
try {
  const measured: Measured[] = [];
  for (const name of SERVERS) measured.push(await measure(name));
  show(measured);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name: (typeof SERVERS)[number]): Promise<Measured> {
  const child = fork(join(import.meta.dirname, `${name}.ts`), {
    execArgv: ["--max-semi-space-size=16"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  if (child.pid !== undefined) spawnSync("taskset", ["-a", "-p", "1", String(child.pid)]);
  try {
    const started = await next(child);
    if (!("port" in started)) throw new Error(`${name} did not tell its port`);
    const request = sampleRequest(started.tokens["sluice"] ?? "x".repeat(570));
    const answer = await askOnce(started.port, request);
    const frame = join(folder, `${name}.bin`);
    writeFileSync(frame, framed(request));
    load(started.port, frame, WARM_UP);
    const us: number[] = [];
    for (let round = 0; round < ROUNDS; round++) us.push(await cpuOf(child, () => load(started.port, frame, COUNTED)));
    const { rssMiB } = await usage(child);
    return { name, us: us.toSorted((a, b) => a - b), rssMiB, answer };
  } finally {
    child.disconnect();
    await new Promise((resolve) => child.once("exit", resolve));
  }
}

/** 27 headers, a token and 1 KB of JSON, as an agent's library sends them. */
function sampleRequest(token: string): Buffer {
  const padding = Object.fromEntries(
    Array.from({ length: 18 }, (_, i) => [`x-library-header-${i}`, `value-${i}-of-some-length-as-libraries-send`]),
  );
  const headers = {
    "content-type": "application/json",
    accept: "application/json",
    "user-agent": "agent/1.0",
    "accept-encoding": "gzip",
    "x-sluice-token": token,
    ...padding,
  };
  const body = JSON.stringify({ amount: 4_000, currency: "usd", destination: "acct_1", metadata: { note: "n".repeat(900) } });
  return encodeCheckRequest({ method: "POST", scheme: "https", host: "api.stripe.com", path: "/v1/payment_intents", headers, body });
}

async function askOnce(port: number, request: Buffer): Promise<string> {
  const client = connectCheckClient(`127.0.0.1:${port}`, { secret: PROXY_SECRET });
  try {
    const { code, arm, metadata } = decodeCheckResponse(await client.check(request, { timeoutMs: 5_000 }));
    return `${arm} ${code} ${String(metadata?.["decision"] ?? "")}`;
  } finally {
    client.close();
  }
}

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function load(port: number, frame: string, count: number): void {
  const url = `http://127.0.0.1:${port}/envoy.service.auth.v3.Authorization/Check`;
  const headers = ["-H", "content-type: application/grpc", "-H", "te: trailers", "-H", `x-sluice-proxy: ${PROXY_SECRET}`];
  const out = execFileSync("taskset", ["2", "h2load", "-t1", "-c4", "-m10", "-n", String(count), "-d", frame, ...headers, url], {
    encoding: "utf8",
  });
  if (!out.includes(`${count} succeeded`)) throw new Error(`not every call was answered:\n${out}`);
}

async function cpuOf(child: ChildProcess, act: () => void): Promise<number> {
  const before = await usage(child);
  act();
  const after = await usage(child);
  return (after.cpuUs - before.cpuUs) / COUNTED;
}

async function usage(child: ChildProcess): Promise<{ readonly cpuUs: number; readonly rssMiB: number }> {
  child.send("cpu");
  const told = await next(child);
  if (!("cpuUs" in told)) throw new Error("the server told something else than its CPU time");
  return told;
}

function next(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    child.once("message", (told) => resolve(told as Told));
    child.once("exit", (code) => reject(new Error(`a measured server ended with ${code}`)));
  });
}

function show(measured: readonly Measured[]): void {
  const median = ({ us }: Measured) => us[Math.floor(us.length / 2)] ?? 0;
  const floor = measured[0] === undefined ? 1 : median(measured[0]);
  process.stdout.write("server          CPU µs per decision: median (min–max)   × no-op   RSS MiB   answers\n");
  for (const one of measured) {
    const range = `${median(one).toFixed(1)} (${one.us[0]?.toFixed(1)}–${one.us.at(-1)?.toFixed(1)})`;
    process.stdout.write(
      `${one.name.padEnd(15)} ${range.padEnd(39)} ${(median(one) / floor).toFixed(2).padEnd(9)} ${one.rssMiB.toFixed(0).padEnd(9)} ${one.answer}\n`,
    );
  }
}
