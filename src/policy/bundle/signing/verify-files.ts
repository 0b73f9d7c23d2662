import type { KeyObject } from "node:crypto";
import { compactVerify, decodeProtectedHeader } from "jose";
import { z } from "zod";
import { type BundleAlgorithm, isBundleAlgorithm } from "./algorithms.ts";
import { hashFile } from "./hash-file.ts";

/** A key that bundles of one tenant may be signed with. */
export type BundleKey = { readonly kid: string; readonly alg: BundleAlgorithm; readonly publicKey: KeyObject };

export type SignatureRefusal =
  | "signature_missing"
  | "signature_malformed"
  | "algorithm_refused"
  | "key_unknown"
  | "signature_wrong"
  | "file_unsigned"
  | "file_missing"
  | "hash_mismatch";

export type Verified =
  | { readonly kind: "verified"; readonly kid: string }
  | { readonly kind: "refused"; readonly code: SignatureRefusal; readonly detail: string };

export const SIGNATURES_FILE = ".signatures.json";

/**
 * Whether the files are exactly those that one of the keys signed. `files` holds `.signatures.json` too. The key is
 * chosen by the signature's `kid`; where it names none, or OPA's `default`, the only key there is.
 */
export async function verifyFiles(files: ReadonlyMap<string, Uint8Array>, keys: readonly BundleKey[]): Promise<Verified> {
  const given = files.get(SIGNATURES_FILE);
  if (given === undefined) return refused("signature_missing", `there is no ${SIGNATURES_FILE}`);
  const [jws] = parseSignatures(given) ?? [];
  if (jws === undefined) return refused("signature_malformed", `${SIGNATURES_FILE} does not hold exactly one signature`);
  const header = headerOf(jws);
  if (header === null) return refused("signature_malformed", "the signature is no compact JWS");
  if (!isBundleAlgorithm(header.alg)) return refused("algorithm_refused", "the algorithm is none of those that bundles may use");
  const key = findKey(keys, header.kid);
  if (key === null) return refused("key_unknown", "no key of this tenant has the signature's kid");
  if (key.alg !== header.alg) return refused("algorithm_refused", `the key ${key.kid} is for ${key.alg}`);
  const payload = await verifyJws(jws, key);
  if (payload === null) return refused("signature_wrong", `the key ${key.kid} did not make this signature`);
  const signed = parsePayload(payload);
  if (signed === null) return refused("signature_malformed", "the signature lists no files");
  return compareFiles(files, signed) ?? { kind: "verified", kid: key.kid };
}

const signatures = z.strictObject({ signatures: z.array(z.string()).length(1), plugin: z.string().optional() });
const payloadSchema = z.object({
  files: z.array(z.object({ name: z.string(), hash: z.string(), algorithm: z.string() })).max(1_000),
});
type Signed = z.infer<typeof payloadSchema>["files"];

function parseSignatures(bytes: Uint8Array): readonly string[] | null {
  const parsed = signatures.safeParse(parseJson(bytes));
  return parsed.success ? parsed.data.signatures : null;
}

function parsePayload(bytes: Uint8Array): Signed | null {
  const parsed = payloadSchema.safeParse(parseJson(bytes));
  return parsed.success ? parsed.data.files : null;
}

function headerOf(jws: string) {
  try {
    return decodeProtectedHeader(jws);
  } catch {
    return null;
  }
}

/** What `opa build` writes where nobody gave it a key's id. */
const KID_DEFAULT_OF_OPA = "default";

function findKey(keys: readonly BundleKey[], kid: string | undefined): BundleKey | null {
  const named = keys.find((key) => key.kid === kid);
  if (named !== undefined) return named;
  const [only] = keys;
  return (kid === undefined || kid === KID_DEFAULT_OF_OPA) && keys.length === 1 ? (only ?? null) : null;
}

async function verifyJws(jws: string, key: BundleKey): Promise<Uint8Array | null> {
  try {
    const { payload } = await compactVerify(jws, key.publicKey, { algorithms: [key.alg] });
    return payload;
  } catch {
    return null;
  }
}

function compareFiles(files: ReadonlyMap<string, Uint8Array>, signed: Signed): Verified | null {
  const hashes = new Map(signed.map((file) => [file.name.replace(/^\//, ""), file]));
  if (hashes.size < signed.length) return refused("signature_malformed", "the signature lists a file twice");
  for (const [name, bytes] of files) {
    if (name === SIGNATURES_FILE) continue;
    const file = hashes.get(name);
    if (file === undefined) return refused("file_unsigned", `${name} is not among the signed files`);
    if (file.algorithm !== "SHA-256") return refused("algorithm_refused", `the hash of ${name} is not SHA-256`);
    if (hashFile(name, bytes) !== file.hash) return refused("hash_mismatch", `${name} is not what was signed`);
    hashes.delete(name);
  }
  const [missing] = hashes.keys();
  return missing === undefined ? null : refused("file_missing", "a signed file is not in the bundle");
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function refused(code: SignatureRefusal, detail: string): Verified {
  return { kind: "refused", code, detail };
}
