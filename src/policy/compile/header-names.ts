import type { Spot } from "./spot.ts";

/** Headers that no rule may touch: they carry the connection or the message's frame, or choose its receiver. */
const HEADERS_KEPT = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** Pseudo headers, the proxy's and ours. */
const HEADER_FAMILIES_KEPT = [":", "x-envoy-", "x-sluice-"];

/** The header's name in lower case, or null after it was noted that no rule may `verb` it. */
export function lowerHeaderName(text: string, spot: Spot, verb: "taken out" | "set" | "removed", atKey = false): string | null {
  const name = text.toLowerCase();
  if (!/^:?[a-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name) || name === "__proto__") {
    return spot.problem({ code: "wrong_value", message: `\`${text}\` is no name of a header`, atKey });
  }
  if (HEADERS_KEPT.has(name) || HEADER_FAMILIES_KEPT.some((family) => name.startsWith(family))) {
    return spot.problem({ code: "wrong_value", message: `the header \`${name}\` cannot be ${verb} by a rule`, atKey });
  }
  return name;
}
