import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { KeyUse, SigningKey, VerifyingKey } from "./keys.ts";

/** Our own members of a JWK (RFC 7517 section 4 lets others ignore them). */
export const JWK_USE = "sluice:use";
export const JWK_DEMO = "sluice:demo";

export type ParsedJwk<Key> =
  | {
      readonly kind: "key";
      readonly key: Key;
      /** Null where the file does not say what the key is for. */
      readonly use: KeyUse | null;
      /** Made by the demo, so known to whoever can read its folder. */
      readonly demo: boolean;
    }
  /** `message` never quotes the key. */
  | { readonly kind: "unfit"; readonly message: string };

const KEY_USES: readonly KeyUse[] = ["agents", "bundles", "receipts", "grants"];
const KID_CHARS_MAX = 256;
const BYTES = 32;

/** A public Ed25519 key of RFC 8037. A private one is refused: what is to be given away must not hold it. */
export function parsePublicJwk(jwk: unknown): ParsedJwk<VerifyingKey> {
  const read = readMembers(jwk);
  if (read.kind === "unfit") return read;
  if (read.d !== null) return { kind: "unfit", message: "holds a private key where a public one is expected" };
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: read.x }, format: "jwk" });
  return { kind: "key", key: { kid: read.kid, publicKey }, use: read.use, demo: read.demo };
}

/** A private Ed25519 key whose public half belongs to it. */
export function parsePrivateJwk(jwk: unknown): ParsedJwk<SigningKey> {
  const read = readMembers(jwk);
  if (read.kind === "unfit") return read;
  if (read.d === null) return { kind: "unfit", message: "holds no private key" };
  const privateKey = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", x: read.x, d: read.d }, format: "jwk" });
  const publicKey = createPublicKey(privateKey);
  if (publicKey.export({ format: "jwk" }).x !== read.x) return { kind: "unfit", message: "the private and the public half differ" };
  return { kind: "key", key: { kid: read.kid, privateKey, publicKey }, use: read.use, demo: read.demo };
}

/** RFC 7638 with SHA-256: the members that its section 3.2 and RFC 8037 require of an EC, RSA or Ed25519 key, in lexical order. */
export function thumbprintOf(publicKey: KeyObject): string {
  return thumbprint(publicKey.export({ format: "jwk" }));
}

function thumbprint({ crv, e, kty, n, x, y }: JsonWebKey): string {
  // What a kind of key does not have is undefined, and so left out.
  return createHash("sha256").update(JSON.stringify({ crv, e, kty, n, x, y })).digest("base64url");
}

type Members = {
  readonly kind: "members";
  readonly x: string;
  readonly d: string | null;
  readonly kid: string;
  readonly use: KeyUse | null;
  readonly demo: boolean;
};

function readMembers(jwk: unknown): Members | { readonly kind: "unfit"; readonly message: string } {
  const unfit = (message: string) => ({ kind: "unfit", message }) as const;
  if (typeof jwk !== "object" || jwk === null || Array.isArray(jwk)) return unfit("is no JSON object");
  // Any object can be asked for any member; each is checked below.
  const members = jwk as Record<string, unknown>;
  if (members["kty"] !== "OKP" || members["crv"] !== "Ed25519") return unfit("is no Ed25519 key (kty OKP, crv Ed25519)");
  if (!isAbsentOr(members["alg"], ["EdDSA", "Ed25519"])) return unfit("alg is not EdDSA");
  if (!isAbsentOr(members["use"], ["sig"])) return unfit("use is not sig");
  const { x, d = null, kid } = members;
  if (!isKeyText(x) || !(d === null || isKeyText(d))) return unfit("x or d is not 32 bytes in base64url");
  if (kid !== undefined && (typeof kid !== "string" || kid === "" || kid.length > KID_CHARS_MAX)) return unfit("kid is no text");
  const use = KEY_USES.find((one) => one === members[JWK_USE]);
  if (use === undefined && members[JWK_USE] !== undefined) return unfit(`${JWK_USE} is none of ${KEY_USES.join(", ")}`);
  return {
    kind: "members",
    x,
    d,
    kid: kid ?? thumbprint({ crv: "Ed25519", kty: "OKP", x }),
    use: use ?? null,
    demo: (members[JWK_DEMO] ?? false) !== false,
  };
}

function isAbsentOr(value: unknown, allowed: readonly string[]): boolean {
  return value === undefined || (typeof value === "string" && allowed.includes(value));
}

function isKeyText(value: unknown): value is string {
  if (typeof value !== "string") return false;
  const bytes = Buffer.from(value, "base64url");
  return bytes.length === BYTES && bytes.toString("base64url") === value;
}
