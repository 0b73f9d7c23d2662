import type { PolicyCase } from "../compile/cases.ts";
import { canonicalText, sha256 } from "../digest-policy.ts";
import type { Program } from "../program.ts";
import { BUNDLE_FILES, ENGINE_VERSION, ENTRYPOINTS } from "./bundle-files.ts";
import type { Manifest } from "./manifest.ts";
import { packTar } from "./pack-tar.ts";
import { type BundleSigner, signFiles } from "./signing/sign-files.ts";
import { SIGNATURES_FILE } from "./signing/verify-files.ts";

export type BundleParts = {
  readonly program: Program;
  readonly wasm: Uint8Array;
  readonly engineRego: string;
  readonly name: string;
  readonly revision: string;
  /** Hex SHA-256 of the sources. */
  readonly sources: string;
  readonly tenant?: string;
  /** Default 0. */
  readonly serial?: number;
  readonly notAfter?: string;
  readonly rollbackFrom?: number;
  /** Cases that must pass wherever the bundle is to decide. */
  readonly cases?: readonly PolicyCase[];
  /** Absent: unsigned. */
  readonly signer?: BundleSigner;
};

/**
 * An OPA bundle, the same bytes for the same parts where the signature is (EdDSA, RS256, none). The manifest lists no wasm resolvers: an OPA without its Wasm
 * engine could not load it, and any OPA can run the Rego beside it.
 */
export async function writeBundle(parts: BundleParts): Promise<Uint8Array> {
  const { program, cases } = parts;
  const files = new Map<string, Uint8Array>([
    [BUNDLE_FILES.data, Buffer.from(canonicalText({ policies: program, ...(cases === undefined ? {} : { cases }) }))],
    [BUNDLE_FILES.rego, Buffer.from(parts.engineRego)],
    [BUNDLE_FILES.wasm, parts.wasm],
    [BUNDLE_FILES.manifest, Buffer.from(canonicalText(makeManifest(parts)))],
  ]);
  if (parts.signer !== undefined) files.set(SIGNATURES_FILE, Buffer.from(await signFiles(files, parts.signer)));
  return packTar(files);
}

function makeManifest(parts: BundleParts): Manifest {
  const { program, wasm, name, revision, sources, tenant, serial = 0, notAfter, rollbackFrom } = parts;
  return {
    revision,
    roots: parts.cases === undefined ? ["policies", "sluice"] : ["cases", "policies", "sluice"],
    rego_version: 1,
    metadata: {
      sluice: {
        format: program.format,
        engine: { version: ENGINE_VERSION, wasm: sha256(wasm) },
        entrypoints: ENTRYPOINTS,
        name,
        ...(tenant === undefined ? {} : { tenant }),
        serial,
        ...(notAfter === undefined ? {} : { not_after: notAfter }),
        ...(rollbackFrom === undefined ? {} : { rollback_from: rollbackFrom }),
        policies: program.policies,
        sources,
      },
    },
  };
}
