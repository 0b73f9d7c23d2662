import { readBundle } from "../policy/bundle/read-bundle.ts";
import type { BundleKey } from "../policy/bundle/signing/verify-files.ts";
import { loadInPlace } from "./load-policy/load-in-place.ts";

export type VerifiedBundle =
  | {
      readonly kind: "verified";
      readonly revision: string;
      readonly digest: string;
      readonly serial: number | null;
      readonly signedBy: string | null;
    }
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

export type VerifyRules = {
  readonly key: BundleKey;
  /** Null: whichever it is for. */
  readonly tenant: string | null;
  readonly nowMs: number;
};

/** Whether a server that trusts this key would let the bundle decide, but for the serial that decided there last. */
export async function verifyBundle(packed: Uint8Array, { key, tenant, nowMs }: VerifyRules): Promise<VerifiedBundle> {
  const rules = { tenant: tenant ?? (await tenantOf(packed)), keys: [key], unsignedAllowed: false, serialMark: null, nowMs };
  const loaded = await loadInPlace({ kind: "bundle", source: "bundle_file", packed, rules, isLastGood: false });
  if (loaded.kind === "refused") return { kind: "refused", code: loaded.code, reason: loaded.reason };
  const { digest, serial, signedBy } = loaded.origin;
  return { kind: "verified", revision: loaded.revision, digest, serial, signedBy };
}

/** The one that it says it is for; a bundle without is for any. */
async function tenantOf(packed: Uint8Array): Promise<string> {
  const read = await readBundle(packed);
  return (read.kind === "bundle" ? read.bundle.manifest.metadata.sluice.tenant : undefined) ?? "default";
}
