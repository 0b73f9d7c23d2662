import type { Call } from "../../src/core/call.ts";
import { bareCaller, type Caller } from "../../src/core/caller.ts";
import { UNAUTHENTICATED } from "../../src/core/proxy.ts";

export function sampleCall(host: string, path: string, body: object): Call {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    method: "POST",
    scheme: "https",
    authority: host,
    target: path,
    headers: new Map([
      ["content-type", "application/json"],
      ["content-length", String(bytes.length)],
    ]),
    repeated: new Set(),
    body: { kind: "full", bytes },
    protocol: "HTTP/1.1",
    principal: null,
    context: {},
    proxy: UNAUTHENTICATED,
    proxyRequestId: "bench",
    traceparent: null,
  };
}

export function sampleCaller(): Caller {
  return bareCaller({ tenant: "default", agent: "finance-1", credential: "agent_token", issuedAt: 0 });
}
