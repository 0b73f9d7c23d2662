import type { Call } from "../core/call.ts";
import type { Protocol, QueryPair, Target } from "../core/intent.ts";
import { type CanonicalHost, parseAuthority } from "./canonical-host.ts";
import { parsePath } from "./canonical-path.ts";
import { encodeAuthority, encodeTarget, isTargetText } from "./encode-target.ts";
import { hasMalformedEscape } from "./percent.ts";
import { isPrivateHost } from "./private-host.ts";
import { parseQuery } from "./query.ts";
import { type Refused, refuse } from "./refused.ts";

export type TargetFound = { readonly kind: "target"; readonly target: Target };

const PORT_DEFAULTS: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
]);
const TUNNEL_PORT_DEFAULT = 443;
const NO_PAIRS: readonly QueryPair[] = [];

/** The call's destination in the form that is judged and sent, or why it has none. */
export function parseTarget(call: Pick<Call, "scheme" | "authority" | "target">, protocol: Protocol): TargetFound | Refused {
  // A proxy that names no scheme took plain HTTP; another scheme has no default port that could be known here.
  const scheme = call.scheme === "" ? "http" : call.scheme.toLowerCase();
  const schemePort = PORT_DEFAULTS.get(scheme);
  if (schemePort === undefined) return refuse("request_invalid", "scheme is neither http nor https");
  const host = parseAuthority(call.authority, protocol === "tunnel" ? TUNNEL_PORT_DEFAULT : schemePort);
  if (host === null) return refuse("host_invalid", "authority is no host with an optional port");
  return protocol === "tunnel" ? parseTunnel(call, scheme, host) : parseHttp(call, scheme, host);
}

function parseTunnel(call: Pick<Call, "authority">, scheme: string, host: CanonicalHost): TargetFound {
  const rewritten = { path: false, authority: encodeAuthority("tunnel", host) !== call.authority };
  return { kind: "target", target: { ...hostPart(scheme, host), path: "", segments: [], query: NO_PAIRS, text: "", rewritten } };
}

function parseHttp(call: Pick<Call, "authority" | "target">, scheme: string, host: CanonicalHost): TargetFound | Refused {
  const received = call.target;
  if (!isTargetText(received)) return refuse("path_ambiguous", "target is not visible ASCII from a slash on, without fragment");
  const at = received.indexOf("?");
  const found = parsePath(at < 0 ? received : received.slice(0, at));
  if (found.kind === "refused") return found;
  const rawQuery = at < 0 ? null : received.slice(at + 1);
  if (rawQuery !== null && hasMalformedEscape(rawQuery)) return refuse("path_ambiguous", "malformed escape in the query");
  const query = rawQuery === null ? NO_PAIRS : parseQuery(rawQuery);
  const text = encodeTarget(found.path, query);
  const rewritten = { path: text !== received, authority: host.host !== call.authority };
  return {
    kind: "target",
    target: { ...hostPart(scheme, host), path: found.path, segments: found.segments, query, text, rewritten },
  };
}

function hostPart(scheme: string, host: CanonicalHost) {
  return { scheme, host: host.host, hostname: host.hostname, port: host.port, private: isPrivateHost(host) };
}
