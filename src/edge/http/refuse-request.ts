import type { IncomingMessage } from "node:http";
import type { ApiErrorCode } from "./api-errors.ts";
import type { BodyKind } from "./route.ts";

type RequestRules = {
  /** Names beside the loopback ones that operators reach this server by, with the port if it is not the scheme's default. */
  readonly hosts: readonly string[];
  /** For health and metrics, which probes and scrapers ask by addresses nobody can list. */
  readonly anyHost: boolean;
  readonly body: BodyKind;
};

const SINGLE_HEADERS: ReadonlySet<string> = new Set(["host", "authorization", "origin", "content-type", "content-length"]);
const READING: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS"]);
const OWN_SITES: ReadonlySet<string | undefined> = new Set([undefined, "same-origin", "none"]);
/** None of them can be sent by a page's form, so a browser asks before it sends one elsewhere. */
const BODY_TYPES: Readonly<Record<BodyKind, RegExp>> = {
  json: /^application\/json *(; *charset="?utf-8"?)?$/i,
  bundle: /^application\/(gzip|octet-stream|vnd\.openpolicyagent\.bundles)$/i,
};
const HTTP_ORIGIN = /^https?:\/\//;

/** Why this request is not even looked at, or null: what a page in a browser on this machine could send (threats.md 36). */
export function refuseRequest(request: IncomingMessage, rules: RequestRules): ApiErrorCode | null {
  const { headers } = request;
  const known = (host: string) => isKnownHost(host.toLowerCase(), request, rules.hosts);
  if (!request.url?.startsWith("/") || repeatsHeader(request.rawHeaders)) return "request_invalid";
  if (!rules.anyHost && !known(headers.host ?? "")) return "host_unknown";
  if (headers.origin !== undefined && !(HTTP_ORIGIN.test(headers.origin) && known(headers.origin.replace(HTTP_ORIGIN, "")))) {
    return "origin_foreign";
  }
  if (!OWN_SITES.has(headers["sec-fetch-site"]?.toString())) return "origin_foreign";
  if (READING.has(request.method)) return null;
  const isExpected = BODY_TYPES[rules.body].test(headers["content-type"] ?? "") && headers["content-encoding"] === undefined;
  return isExpected ? null : "media_type_unsupported";
}

/** A name that resolves to this machine is not ours for that; an address the client truly connected to is. */
function isKnownHost(host: string, { socket }: IncomingMessage, hosts: readonly string[]): boolean {
  if (hosts.some((one) => one.toLowerCase() === host)) return true;
  const address = (socket.localAddress ?? "").replace(/^::ffff:/, "");
  const own = address.includes(":") ? `[${address}]` : address;
  return ["localhost", "127.0.0.1", "[::1]", own].some((name) => name !== "" && host === `${name}:${socket.localPort}`);
}

function repeatsHeader(rawHeaders: readonly string[]): boolean {
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  return names.some((name, at) => SINGLE_HEADERS.has(name) && names.indexOf(name) !== at);
}
