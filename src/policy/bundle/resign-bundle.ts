import { canonicalText, sha256 } from "../digest-policy.ts";
import { BUNDLE_FILES } from "./bundle-files.ts";
import type { Manifest } from "./manifest.ts";
import { packTar } from "./pack-tar.ts";
import { type ContentRefusal, readBundleFiles } from "./read-bundle.ts";
import { type BundleSigner, signFiles } from "./signing/sign-files.ts";
import { SIGNATURES_FILE } from "./signing/verify-files.ts";
import { unpackTar } from "./unpack-tar.ts";

export type ResignedBundle =
  | { readonly kind: "resigned"; readonly packed: Uint8Array; readonly manifest: Manifest }
  | { readonly kind: "refused"; readonly code: ContentRefusal; readonly reason: string };

export type Resigning = {
  readonly signer: BundleSigner;
  /** What is said anew in `metadata.sluice`; all else stays as it was. */
  readonly says: { readonly tenant: string; readonly rollback_from: number; readonly not_after?: string };
};

/** The same policy once more, signed anew as the way back from a version that decides. Whose signature it had does not matter. */
export async function resignBundle(packed: Uint8Array, { signer, says }: Resigning): Promise<ResignedBundle> {
  const unpacked = await unpackTar(packed);
  if (unpacked.kind === "refused") return unpacked;
  const read = readBundleFiles(unpacked.files, sha256(packed));
  if (read.kind === "refused") return read;
  const { manifest } = read.bundle;
  const renewed: Manifest = { ...manifest, metadata: { sluice: { ...manifest.metadata.sluice, ...says } } };
  const files = new Map(unpacked.files);
  files.delete(SIGNATURES_FILE);
  files.set(BUNDLE_FILES.manifest, Buffer.from(canonicalText(renewed)));
  files.set(SIGNATURES_FILE, Buffer.from(await signFiles(files, signer)));
  return { kind: "resigned", packed: await packTar(files), manifest: renewed };
}
