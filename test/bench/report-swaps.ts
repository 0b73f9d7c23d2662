import { type ChildProcess, fork } from "node:child_process";
import { decodeCheckResponse, encodeCheckRequest } from "../tools/check-request.ts";
import { connectCheckClient } from "../tools/grpc-client.ts";
import { PROXY_SECRET } from "../tools/start-sluice.ts";

const CALLERS = 4;
type Told = { readonly address?: string; readonly swaps?: number };

/** How long answers take while versions of 100 rules take each other's place as fast as they are admitted, and while they do not. */
export async function reportSwaps(calls: number): Promise<string> {
  const child = fork(new URL("./swapping-server.ts", import.meta.url), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  try {
    const { address = "" } = await next(child);
    await ask(address, Math.ceil(calls / 4));
    const still = await ask(address, calls);
    child.send("swap");
    const swapping = await ask(address, calls);
    child.send("stop");
    const { swaps = 0 } = await next(child);
    return `answers of the server (ms)        median   p99\nwithout swaps                     ${row(still)}\nduring ${String(swaps).padEnd(5)} swaps               ${row(swapping)}\n`;
  } finally {
    child.disconnect();
    await new Promise((resolve) => child.once("exit", resolve));
  }
}

async function ask(address: string, calls: number): Promise<readonly number[]> {
  const client = connectCheckClient(address, { secret: PROXY_SECRET });
  const request = encodeCheckRequest({ host: "h1.example.com", path: "/none" });
  const took: number[] = [];
  const caller = async () => {
    for (let n = 0; n < calls / CALLERS; n++) {
      const began = performance.now();
      const { error } = decodeCheckResponse(await client.check(request));
      took.push(performance.now() - began);
      if (error?.["code"] !== "no_matching_rule") throw new Error(`it answered ${String(error?.["code"])}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: CALLERS }, caller));
  } finally {
    client.close();
  }
  return took.toSorted((a, b) => a - b);
}

function row(sorted: readonly number[]): string {
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2).padEnd(8);
  return `${at(0.5)} ${at(0.99)}`;
}

function next(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    child.once("message", (told) => resolve(told as Told));
    child.once("exit", (code) => reject(new Error(`the server that swaps ended with ${code}`)));
  });
}
