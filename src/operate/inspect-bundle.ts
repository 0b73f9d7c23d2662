import { decodeProtectedHeader } from "jose";
import { z } from "zod";
import { parseCases } from "../policy/bundle/parse-cases.ts";
import { readBundleFiles } from "../policy/bundle/read-bundle.ts";
import { hashFile } from "../policy/bundle/signing/hash-file.ts";
import { SIGNATURES_FILE } from "../policy/bundle/signing/verify-files.ts";
import { unpackTar } from "../policy/bundle/unpack-tar.ts";
import { sha256 } from "../policy/digest-policy.ts";

export type InspectedBundle =
  | {
      readonly kind: "inspected";
      /** Nothing below was compared with a key. */
      readonly verified: false;
      readonly name: string;
      readonly revision: string;
      readonly digest: string;
      readonly tenant: string | null;
      readonly serial: number;
      readonly not_after: string | null;
      readonly rollback_from: number | null;
      readonly engine: number;
      readonly policies: readonly { readonly name: string; readonly version: string | null }[];
      readonly rules: number;
      readonly tools: number;
      /** Null where they are malformed. */
      readonly cases: number | null;
      /** `hash` is what a signature states of the file. */
      readonly files: readonly { readonly name: string; readonly bytes: number; readonly hash: string | null }[];
      /** What the signature says of itself; null where there is none. */
      readonly signature: { readonly kid: string | null; readonly alg: string | null } | null;
    }
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

/** What is in a bundle, without judging who made it. */
export async function inspectBundle(packed: Uint8Array): Promise<InspectedBundle> {
  const unpacked = await unpackTar(packed);
  if (unpacked.kind === "refused") return unpacked;
  const read = readBundleFiles(unpacked.files, sha256(packed));
  if (read.kind === "refused") return read;
  const { name, revision, digest, manifest, program, cases } = read.bundle;
  const { tenant = null, serial, not_after = null, rollback_from = null, engine, policies } = manifest.metadata.sluice;
  const parsed = parseCases(cases);
  return {
    kind: "inspected",
    verified: false,
    name,
    revision,
    digest,
    tenant,
    serial,
    not_after,
    rollback_from,
    engine: engine.version,
    policies,
    rules: program.rules.length,
    tools: program.catalogue.length,
    cases: parsed.kind === "cases" ? parsed.cases.length : null,
    files: [...unpacked.files].map(([file, bytes]) => ({ name: file, bytes: bytes.length, hash: hashFile(file, bytes) })),
    signature: signatureOf(unpacked.files.get(SIGNATURES_FILE)),
  };
}

const signatures = z.object({ signatures: z.array(z.string()).min(1) });
const text = z.string().nullable().catch(null);
const header = z.object({ kid: text, alg: text });

function signatureOf(bytes: Uint8Array | undefined) {
  if (bytes === undefined) return null;
  try {
    const [jws = ""] = signatures.parse(JSON.parse(Buffer.from(bytes).toString())).signatures;
    return header.parse(decodeProtectedHeader(jws));
  } catch {
    return { kid: null, alg: null };
  }
}
