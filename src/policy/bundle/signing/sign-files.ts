import type { KeyObject } from "node:crypto";
import { CompactSign } from "jose";
import type { BundleAlgorithm } from "./algorithms.ts";
import { hashFile } from "./hash-file.ts";

export type BundleSigner = { readonly kid: string; readonly alg: BundleAlgorithm; readonly privateKey: KeyObject };

/**
 * The text of `.signatures.json` for these files, as `opa sign` makes it: one JWS over name and hash of each. ES256 and
 * PS256 signatures differ from run to run, EdDSA and RS256 do not. Throws for a structured file that is no JSON.
 */
export async function signFiles(files: ReadonlyMap<string, Uint8Array>, { kid, alg, privateKey }: BundleSigner): Promise<string> {
  const listed = [...files].map(([name, bytes]) => {
    const hash = hashFile(name, bytes);
    if (hash === null) throw new Error(`${name} is no JSON and cannot be signed`);
    return { name, hash, algorithm: "SHA-256" };
  });
  const payload = Buffer.from(JSON.stringify({ files: listed, keyid: kid }));
  const signature = await new CompactSign(payload).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(privateKey);
  return JSON.stringify({ signatures: [signature] });
}
