import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { JWK_DEMO, JWK_USE, thumbprintOf } from "../../core/jwk.ts";
import { BUNDLE_ALGORITHMS, type BundleAlgorithm, isBundleAlgorithm } from "./signing/algorithms.ts";
import type { BundleSigner } from "./signing/sign-files.ts";
import type { BundleKey } from "./signing/verify-files.ts";

/** `message` never quotes the key. */
export type ParsedBundleKey<Key> = { readonly kind: "key"; readonly key: Key } | Unfit;

/** What is said of a key beside its file. Null: what the file says; where it says nothing, the thumbprint and the algorithm of its kind. */
export type SaidOfKey = { readonly kid: string | null; readonly alg: BundleAlgorithm | null };

type Unfit = { readonly kind: "unfit"; readonly message: string };

/** A key that bundles are checked with: a public JWK, a JWKS of one key, or a public key in PEM. */
export function parseBundleKey(text: string, said: SaidOfKey): ParsedBundleKey<BundleKey> {
  const read = readKeyText(text, "public");
  if (read.kind === "unfit") return read;
  const publicKey = open(() => createPublicKey(read.input));
  return publicKey === null ? unfit(UNREADABLE) : named(read, said, publicKey, { publicKey });
}

/** A key that signs bundles: a private JWK, or a private key in PEM without a passphrase. */
export function parseBundleSigner(text: string, said: SaidOfKey = { kid: null, alg: null }): ParsedBundleKey<BundleSigner> {
  const read = readKeyText(text, "private");
  if (read.kind === "unfit") return read;
  const privateKey = open(() => createPrivateKey(read.input));
  if (privateKey === null) return unfit(UNREADABLE);
  const publicKey = createPublicKey(privateKey);
  const parsed = named(read, said, publicKey, { privateKey });
  if (parsed.kind === "unfit") return parsed;
  return belongsTo(publicKey, read.members) && verifiesItself(privateKey, publicKey)
    ? parsed
    : unfit("the private and the public half differ");
}

type Half = "public" | "private";
type KeyText = {
  readonly kind: "text";
  readonly input: Parameters<typeof createPublicKey>[0] & Parameters<typeof createPrivateKey>[0];
  /** Of a JWK; a PEM has none. */
  readonly members: Readonly<Record<string, unknown>>;
};

const UNREADABLE = "is no key that can be read (one with a passphrase cannot)";
const PEM = { public: /^-----BEGIN (RSA )?PUBLIC KEY-----/, private: /^-----BEGIN (RSA |EC )?PRIVATE KEY-----/ } as const;
const PUBLIC_MEMBERS = ["x", "y", "n", "e"];
const KID_CHARS_MAX = 256;
const TEXT_CHARS_MAX = 64 * 1024;

function readKeyText(text: string, half: Half): KeyText | Unfit {
  const trimmed = text.trim();
  if (trimmed.length > TEXT_CHARS_MAX) return unfit(UNREADABLE);
  return trimmed.startsWith("-----BEGIN ") ? readPem(trimmed, half) : readJwk(parseJson(trimmed), half);
}

function readPem(text: string, half: Half): KeyText | Unfit {
  if (text.split("-----BEGIN ").length > 2) return unfit("holds more than one key");
  if (PEM[half].test(text)) return { kind: "text", input: text, members: {} };
  if (half === "public" && text.includes("PRIVATE KEY-----")) return unfit("holds a private key where a public one is expected");
  return unfit(half === "private" && text.includes("PUBLIC KEY-----") ? "holds no private key" : UNREADABLE);
}

function readJwk(json: unknown, half: Half): KeyText | Unfit {
  const jwk = soleKey(json);
  if (jwk === null) return unfit("is neither PEM, nor a JWK, nor a JWKS that holds exactly one key");
  if (jwk["kty"] === "oct") return unfit("is a shared secret: whoever checks with it could also sign");
  if (half === "public" && "d" in jwk) return unfit("holds a private key where a public one is expected");
  if (half === "private" && !("d" in jwk)) return unfit("holds no private key");
  const { use, kid, [JWK_USE]: ownUse, [JWK_DEMO]: demo = false } = jwk;
  if (use !== undefined && use !== "sig") return unfit("use is not sig");
  if (ownUse !== undefined && ownUse !== "bundles") return unfit("is a key for another use than bundles; a key has one use");
  if (demo !== false) return unfit("was made by the demo; make another with `sluice key new`");
  if (kid !== undefined && (typeof kid !== "string" || kid === "" || kid.length > KID_CHARS_MAX)) return unfit("kid is no text");
  return { kind: "text", input: { key: jwk, format: "jwk" }, members: jwk };
}

function soleKey(json: unknown): Readonly<Record<string, unknown>> | null {
  const keys = isObject(json) && "keys" in json ? json["keys"] : [json];
  const [jwk, ...others] = Array.isArray(keys) ? keys : [];
  return isObject(jwk) && others.length === 0 ? jwk : null;
}

/** Gives the key its id and its algorithm, where what is said of it and what it is agree. */
function named<Key extends object>({ members }: KeyText, said: SaidOfKey, publicKey: KeyObject, key: Key) {
  const { kid } = members;
  if (said.kid !== null && typeof kid === "string" && kid !== said.kid) return unfit("the file names another kid");
  const own = members["alg"] === "Ed25519" ? "EdDSA" : members["alg"];
  if (own !== undefined && !isBundleAlgorithm(own)) return unfit(`alg is none of ${Object.keys(BUNDLE_ALGORITHMS).join(", ")}`);
  if (said.alg !== null && own !== undefined && own !== said.alg) return unfit(`is for ${own}, not for ${said.alg}`);
  const alg = said.alg ?? own ?? algorithmOf(publicKey);
  if (!BUNDLE_ALGORITHMS[alg].fits(publicKey)) return unfit(`${alg} needs ${BUNDLE_ALGORITHMS[alg].needs}`);
  const id = said.kid ?? (typeof kid === "string" ? kid : thumbprintOf(publicKey));
  return { kind: "key", key: { kid: id, alg, ...key } } as const;
}

function algorithmOf({ asymmetricKeyType }: KeyObject): BundleAlgorithm {
  if (asymmetricKeyType === "ed25519") return "EdDSA";
  return asymmetricKeyType === "rsa" ? "RS256" : "ES256";
}

function belongsTo(publicKey: KeyObject, members: KeyText["members"]): boolean {
  const own: Readonly<Record<string, unknown>> = { ...publicKey.export({ format: "jwk" }) };
  return PUBLIC_MEMBERS.every((name) => members[name] === undefined || members[name] === own[name]);
}

/** An EC key takes the public half that its JWK says, whatever its private half is. */
function verifiesItself(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const hash = privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const text = Buffer.from("sluice");
  return verify(hash, text, publicKey, sign(hash, text, privateKey));
}

/** What OpenSSL says of a key that it refuses could quote it, so it is dropped. */
function open(make: () => KeyObject): KeyObject | null {
  try {
    return make();
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unfit(message: string): Unfit {
  return { kind: "unfit", message };
}
