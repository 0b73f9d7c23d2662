import type { Changes } from "../core/decision.ts";
import { OWN_HEADER_PREFIX, TRANSPORT_PREFIX } from "../understanding/header-names.ts";

/**
 * What the proxy must never be told to do; null when the changes are fine. The proxy itself lets most of this through:
 * a framing header hangs the request, a control character can split a response.
 */
export function findViolation(changes: Changes, method: string): string | null {
  if (changes.path !== null && method === "CONNECT") return "a path for CONNECT";
  if (changes.path !== null && !PATH.test(changes.path)) return "a path that is no request target";
  if (changes.authority !== null && !AUTHORITY.test(changes.authority)) return "an authority that is no host and port";
  for (const { name, value } of changes.set) {
    if (!isOpenName(name) || name.startsWith(TRANSPORT_PREFIX) || name.startsWith(OWN_HEADER_PREFIX)) return "a header that may not be set";
    if (!isPlainValue(value)) return "a header value with control characters";
  }
  return changes.remove.every(isOpenName) ? null : "a header that may not be removed";
}

/** Tab and UTF-8 pass; an unpaired surrogate could not be written as UTF-8. */
export function isPlainValue(value: string): boolean {
  return !CONTROLS.test(value) && value.isWellFormed();
}

function isOpenName(name: string): boolean {
  return NAME.test(name) && !CLOSED.has(name);
}

/** Origin form in visible ASCII, without a fragment. */
const PATH = /^\/[!-"$-~]*$/;
const AUTHORITY = /^[A-Za-z0-9._~:[\]-]{1,262}$/;
/** A token of RFC 9110 section 5.6.2 in lower case; so no pseudo header either. */
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;

/** Framing, hop-by-hop (RFC 9110 section 7.6.1), and the host, which is set as the authority. */
const CLOSED: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
