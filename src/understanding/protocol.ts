import type { Call } from "../core/call.ts";
import type { Aspect, Protocol } from "../core/intent.ts";

const GRPC = /application\/grpc/i;

/** What carries the call. Doubt counts as opaque, because policy permits opaque protocols only by name. */
export function protocolOf(call: Pick<Call, "method" | "target" | "headers">): Protocol {
  // Extended CONNECT (RFC 8441) has a path, a plain tunnel has none.
  if (call.method === "CONNECT") return call.target === "" ? "tunnel" : "upgrade";
  if (call.headers.has("upgrade")) return "upgrade";
  const contentType = call.headers.get("content-type");
  return contentType !== undefined && GRPC.test(contentType) ? "stream" : "http";
}

/** Plain HTTP has no operation but its method; what is opaque may hold any. */
export function operationOf(protocol: Protocol): Aspect {
  return protocol === "http" ? NONE : UNDETERMINED;
}

const NONE: Aspect = { kind: "none" };
const UNDETERMINED: Aspect = { kind: "undetermined" };
