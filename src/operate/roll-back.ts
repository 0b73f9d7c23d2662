import { type ResignedBundle, resignBundle } from "../policy/bundle/resign-bundle.ts";
import type { BundleSigner } from "../policy/bundle/signing/sign-files.ts";

export type KeptRow = { readonly revision: string; readonly digest: string; readonly serial: number };

export type FoundKept =
  | { readonly kind: "found"; readonly kept: KeptRow }
  | { readonly kind: "unknown" }
  /** Several begin like this. */
  | { readonly kind: "ambiguous"; readonly revisions: readonly string[] };

const REVISION_CHARS_MIN = 4;

/** The newest kept bundle of this revision or digest, which may be cut after a few characters as long as it names one. */
export function findKept(rows: readonly KeptRow[], wanted: string): FoundKept {
  const exact = rows.find(({ revision, digest }) => revision === wanted || digest === wanted);
  if (exact !== undefined) return { kind: "found", kept: exact };
  if (wanted.length < REVISION_CHARS_MIN) return { kind: "unknown" };
  const near = rows.filter(({ revision, digest }) => revision.startsWith(wanted) || digest.startsWith(wanted));
  const revisions = [...new Set(near.map(({ revision }) => revision))];
  const [kept] = near;
  if (kept === undefined) return { kind: "unknown" };
  return revisions.length === 1 ? { kind: "found", kept } : { kind: "ambiguous", revisions };
}

export type RollbackFacts = {
  readonly tenant: string;
  /** The highest serial that decided, which the server still holds against everything older. */
  readonly serialMark: number;
  readonly signer: BundleSigner;
  /** In place of the one it had. */
  readonly notAfter: string | null;
};

/** A kept bundle signed anew as the way back from exactly the present mark: it is of no use once anything newer decided. */
export function signRollback(packed: Uint8Array, { tenant, serialMark, signer, notAfter }: RollbackFacts): Promise<ResignedBundle> {
  const until = notAfter === null ? {} : { not_after: notAfter };
  return resignBundle(packed, { signer, says: { tenant, rollback_from: serialMark, ...until } });
}
