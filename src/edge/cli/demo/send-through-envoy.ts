import { Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { DemoRequest, Seen, Sender, UpstreamSight } from "./demo-parts.ts";
import { readDenial } from "./read-denial.ts";

const ECHO = z.object({ target: z.string(), headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])) });
const TIMEOUT_MS = 10_000;

/** A plain HTTP client whose calls leave through the Envoy on this port; the upstream echoes what reached it. */
export function sendThroughEnvoy(listenerPort: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    send: async (call) => {
      const { status, headers, body } = await exchange(call, listenerPort, agent);
      return see(status, headers, body);
    },
    close: async () => agent.destroy(),
  };
}

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

function exchange(call: DemoRequest, port: number, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, path } = call;
    const headers = { ...call.headers, host: call.host, ...(call.body === null ? {} : { "content-length": Buffer.byteLength(call.body) }) };
    const sent = httpRequest({ host: "127.0.0.1", port, method, path, headers, agent, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("Envoy did not answer in time")));
    sent.on("error", reject);
    sent.end(call.body ?? undefined);
  });
}

function see(status: number, headers: IncomingHttpHeaders, body: string): Seen {
  const decision = single(headers["x-sluice-decision"]);
  const upstream = readEcho(body);
  return {
    ...readDenial(body),
    status,
    decision: decision ?? "none",
    decisionId: single(headers["x-sluice-decision-id"]),
    retryAfter: single(headers["retry-after"]),
    upstream,
  };
}

function readEcho(body: string): UpstreamSight {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: "nothing" };
  }
  const parsed = ECHO.safeParse(json);
  if (!parsed.success) return { kind: "nothing" };
  const headers = Object.entries(parsed.data.headers).map(([name, value]) => [name, String(value)] as const);
  return { kind: "received", target: parsed.data.target, headers };
}

function single(value: string | readonly string[] | undefined): string | null {
  return typeof value === "string" ? value : null;
}
