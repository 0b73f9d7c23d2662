import type { RefusalCode } from "../bundle/refusals.ts";
import type { PolicyImage } from "../wasm/make-policy-image.ts";

/** Where a version of a policy came from, for records, metrics and whoever asks. */
export type PolicyOrigin = {
  readonly source: PolicySourceName;
  /** Hex SHA-256 of the bundle; of the compiled program where it came from a folder. */
  readonly digest: string;
  /** Null of a folder, which has none. */
  readonly serial: number | null;
  /** The key's id; null where the version is unsigned and may be. */
  readonly signedBy: string | null;
  readonly notAfterMs: number | null;
  /** The last good version, read from disk because the source is away. */
  readonly isLastGood: boolean;
};

export type PolicySourceName = "folder" | "bundle_file" | "bundle_url" | "pushed";

/** A version that was admitted, compiled, read into the engine and tried: opening it is all that is left. */
export type PolicyVersion = {
  readonly kind: "version";
  readonly name: string;
  readonly revision: string;
  readonly origin: PolicyOrigin;
  readonly image: PolicyImage;
  /** The bundle as it came, to be kept and served on; null of a folder. */
  readonly packed: Uint8Array | null;
};

/** What was offered and must not decide. Codes are those of `refusals.ts`. */
export type PolicyRefusal = {
  readonly kind: "refused";
  readonly source: PolicySourceName;
  readonly code: RefusalCode;
  /** For operators; quotes no content. */
  readonly reason: string;
  readonly digest: string | null;
};

/** What a source tells. `unchanged` says that the source was reached and had nothing newer: what it was refused for stays so. */
export type PolicyNews = PolicyVersion | PolicyRefusal | { readonly kind: "unchanged" };

/** An open source of one tenant's policy. */
export type PolicyFeed = {
  /** Looks again now (SIGHUP); what comes of it is told like any other news before this resolves. Keys that changed need a new feed. */
  readonly reload: () => Promise<void>;
  /** Nothing is told any more once this is called. */
  readonly close: () => Promise<void>;
  /**
   * When the source last answered, on the wall clock: 200 or 304 of a server, a look at a file. It outlives a restart where
   * the last good version does; null: never.
   */
  readonly answeredMs: () => number | null;
  /** Takes a pushed bundle; null of every source but `pushed`. */
  readonly offer: OfferBundle | null;
};

/** Admits a bundle, keeps it and tells it; gives what was told. `mayDecide` is asked last, before anything is kept. */
export type OfferBundle = (
  packed: Uint8Array,
  mayDecide?: (version: PolicyVersion) => PolicyRefusal | null,
) => Promise<PolicyVersion | PolicyRefusal | { readonly kind: "unchanged" }>;
