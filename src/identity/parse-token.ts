import { type Refused, refused } from "./identification.ts";
import { parseJsonObject } from "./parse-json-object.ts";

/** A compact JWS taken apart; nothing in it is believed yet. */
export type ParsedToken = {
  readonly kind: "token";
  readonly type: string | null;
  readonly kid: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the signature covers. */
  readonly signedText: string;
  readonly signature: Buffer;
};

export const TOKEN_CHARS_MAX = 8192;

const SIGNATURE_BYTES = 64;
const PARTS = 3;
// Each would let the token choose how it is read or by which key (RFC 8725 sections 3.1, 3.10; RFC 7797; RFC 7516).
const FORBIDDEN_HEADERS = ["crit", "b64", "zip", "enc", "epk", "jwk", "jku", "x5u", "x5c"];
const ALGORITHMS = new Set<unknown>(["EdDSA", "Ed25519"]);
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Contract section 3 as far as the form goes, cheapest first. */
export function parseToken(token: string): ParsedToken | Refused {
  if (token.length > TOKEN_CHARS_MAX) return refused("too_large");
  const parts = token.split(".", PARTS + 1);
  const [headerText, claimsText, signatureText] = parts;
  if (parts.length !== PARTS || headerText === undefined || claimsText === undefined || signatureText === undefined) {
    return refused("malformed");
  }
  const header = parsePart(headerText);
  if (header.kind === "refused") return header;
  if (FORBIDDEN_HEADERS.some((name) => Object.hasOwn(header.members, name))) return refused("header_forbidden");
  const { alg, typ = null, kid = null } = header.members;
  if (!ALGORITHMS.has(alg)) return refused("algorithm");
  if (!(typ === null || typeof typ === "string") || !(kid === null || typeof kid === "string")) return refused("malformed");
  const claims = parsePart(claimsText);
  if (claims.kind === "refused") return claims;
  const signature = decodeStrictly(signatureText);
  if (signature?.length !== SIGNATURE_BYTES) return refused("malformed");
  const signedText = token.slice(0, headerText.length + 1 + claimsText.length);
  return { kind: "token", type: typ, kid, claims: claims.members, signedText, signature };
}

type Part = { readonly kind: "object"; readonly members: Readonly<Record<string, unknown>> } | Refused;

function parsePart(encoded: string): Part {
  const text = decodeText(encoded);
  const parsed = text === null ? null : parseJsonObject(text);
  if (parsed === null || parsed.kind === "malformed") return refused("malformed");
  return parsed.kind === "duplicate" ? refused("duplicate_member") : parsed;
}

function decodeText(encoded: string): string | null {
  const bytes = decodeStrictly(encoded);
  if (bytes === null) return null;
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** RFC 7515 appendix C: no padding, no other letters, no spare bits; Node's decoder forgives all three. */
function decodeStrictly(encoded: string): Buffer | null {
  const bytes = Buffer.from(encoded, "base64url");
  return encoded !== "" && bytes.toString("base64url") === encoded ? bytes : null;
}
