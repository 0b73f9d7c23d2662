import type { Call } from "../core/call.ts";
import type { Protocol } from "../core/intent.ts";

const GRPC = /application\/grpc/i;

/** What carries the call. Doubt counts as opaque, because policy permits opaque protocols only by name. */
export function protocolOf(call: Pick<Call, "method" | "target" | "headers">): Protocol {
  // Extended CONNECT (RFC 8441) has a path, a plain tunnel has none.
  if (call.method === "CONNECT") return call.target === "" ? "tunnel" : "upgrade";
  if (call.headers.has("upgrade")) return "upgrade";
  const contentType = call.headers.get("content-type");
  return contentType !== undefined && GRPC.test(contentType) ? "stream" : "http";
}
