import { decodePercent, hasMalformedEscape } from "./percent.ts";
import { type Refused, refuse } from "./refused.ts";

export type CanonicalPath = { readonly kind: "path"; readonly path: string; readonly segments: readonly string[] };

const ESCAPE = /%[0-9A-Fa-f]{2}/g;
const UNRESERVED = /[A-Za-z0-9._~-]/;
const FORBIDDEN_ESCAPE = /%(?:2F|5C|[01][0-9A-F]|7F)/;
const DOUBLE_ESCAPE = /%25[0-9A-Fa-f]{2}/;
// Some servers drop `;…` from a segment before they resolve dots: `..;/admin`.
const DOT_SEGMENT = /^\.{1,2}(?:;|$)/;

/** The received path (no query, visible ASCII that starts with `/`) in canonical form. `/` has no segments. */
export function parsePath(received: string): CanonicalPath | Refused {
  if (received.includes("\\")) return refuse("path_ambiguous", "backslash");
  if (received.includes("//")) return refuse("path_ambiguous", "empty segment");
  if (hasMalformedEscape(received)) return refuse("path_ambiguous", "malformed escape");
  const path = received.includes("%") ? received.replace(ESCAPE, canonicalEscape) : received;
  // Looked for in the canonical text: `%25%32%46` becomes `%252F` only there.
  if (DOUBLE_ESCAPE.test(path)) return refuse("path_ambiguous", "double encoding");
  if (FORBIDDEN_ESCAPE.test(path)) return refuse("path_ambiguous", "encoded separator or control character");
  const segments = path === "/" ? [] : path.slice(1).split("/");
  for (const [at, segment] of segments.entries()) {
    const text = decodePercent(segment);
    if (text === null) return refuse("path_ambiguous", "escapes that are no UTF-8");
    if (DOT_SEGMENT.test(text)) return refuse("path_ambiguous", "dot segment");
    segments[at] = text;
  }
  return { kind: "path", path, segments };
}

function canonicalEscape(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
  return UNRESERVED.test(character) ? character : triplet.toUpperCase();
}
