import { sha256 } from "../digest-policy.ts";
import type { Manifest } from "./manifest.ts";
import { type Bundle, type ContentRefusal, readBundleFiles } from "./read-bundle.ts";
import { type BundleKey, SIGNATURES_FILE, type SignatureRefusal, verifyFiles } from "./signing/verify-files.ts";
import { unpackTar } from "./unpack-tar.ts";

export type BundleRefusal = ContentRefusal | SignatureRefusal | "tenant_differs" | "serial_too_old" | "expired";

export type AdmittedBundle =
  /** `signedBy` is the key's id; null where the bundle is unsigned and may be. */
  | { readonly kind: "admitted"; readonly bundle: Bundle; readonly signedBy: string | null }
  | { readonly kind: "refused"; readonly code: BundleRefusal; readonly reason: string };

export type AdmissionRules = {
  readonly tenant: string;
  readonly keys: readonly BundleKey[];
  /** Whether a bundle without `.signatures.json` may decide. One that has it is verified all the same. */
  readonly unsignedAllowed: boolean;
  /** The highest serial that decided for this tenant; null where none did. */
  readonly serialMark: number | null;
  readonly nowMs: number;
};

/** What policy.md section 4 asks of a bundle before it is prepared, in that order; the engine is asked when it is. */
export async function admitBundle(packed: Uint8Array, rules: AdmissionRules): Promise<AdmittedBundle> {
  const unpacked = await unpackTar(packed);
  if (unpacked.kind === "refused") return unpacked;
  const { files } = unpacked;
  let signedBy: string | null = null;
  if (files.has(SIGNATURES_FILE) || !rules.unsignedAllowed) {
    const verified = await verifyFiles(files, rules.keys);
    if (verified.kind === "refused") return refused(verified.code, verified.detail);
    signedBy = verified.kid;
  }
  const read = readBundleFiles(files, sha256(packed));
  if (read.kind === "refused") return read;
  return refuseByManifest(read.bundle.manifest, rules) ?? { kind: "admitted", bundle: read.bundle, signedBy };
}

function refuseByManifest({ metadata }: Manifest, { tenant, serialMark, nowMs }: AdmissionRules): AdmittedBundle | null {
  const { sluice } = metadata;
  if (sluice.tenant !== undefined && sluice.tenant !== tenant) return refused("tenant_differs", `it is for the tenant ${sluice.tenant}`);
  if (serialMark !== null && !isNewEnough(sluice, serialMark))
    return refused("serial_too_old", `its serial ${sluice.serial} is below ${serialMark}, which decided already`);
  if (sluice.not_after !== undefined && Date.parse(sluice.not_after) <= nowMs)
    return refused("expired", `it was good until ${sluice.not_after}`);
  return null;
}

/** The mark itself decides already. What is older comes back only as a rollback that was signed for exactly this mark. */
function isNewEnough({ serial, rollback_from: from }: Manifest["metadata"]["sluice"], mark: number): boolean {
  return serial >= mark || from === mark;
}

function refused(code: BundleRefusal, reason: string): AdmittedBundle {
  return { kind: "refused", code, reason };
}
