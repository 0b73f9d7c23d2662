/** What decides for each tenant, and the one place where another version is offered. Every door to it asks here. */
export type PolicyDesk = {
  readonly describe: () => readonly TenantPolicy[];
  /** The bundle that decides; null where a folder does, where nothing does, and of a tenant that is not there. */
  readonly live: (tenant: string) => LiveBundle | null;
  /** Resolves as soon as another bundle than this digest decides, after `waitMs`, or when the signal is aborted; never rejects for those. */
  readonly waitForChange: (tenant: string, digest: string, wait: { readonly ms: number; readonly signal: AbortSignal }) => Promise<void>;
  /** Admits a bundle like one of any other source and, where it may, lets it decide. */
  readonly offer: (tenant: string, packed: Uint8Array, how: OfferRules) => Promise<Offered>;
  /** The bundles that decided lately, newest first; those that are kept can be read. */
  readonly history: (tenant: string) => Promise<readonly KeptBundle[]>;
};

export type TenantPolicy = {
  readonly tenant: string;
  readonly state: "ready" | "unavailable";
  readonly source: "embedded" | "folder" | "bundle_file" | "bundle_url" | "pushed";
  readonly name: string | null;
  readonly revision: string | null;
  readonly digest: string | null;
  readonly serial: number | null;
  /** The highest serial that ever decided; what a rollback is signed for. */
  readonly serialMark: number | null;
  readonly signedBy: string | null;
  readonly notAfterMs: number | null;
  readonly activatedAtMs: number | null;
  /** Since the source last said that this is its newest; null of what has no source to ask. */
  readonly ageMs: number | null;
  /** The newest refusal or failure since this version decides. */
  readonly lastError: { readonly code: string; readonly reason: string; readonly atMs: number } | null;
};

export type LiveBundle = {
  readonly revision: string;
  /** Hex SHA-256 of the packed bytes. */
  readonly digest: string;
  readonly serial: number;
  readonly serialMark: number;
  /** The packed bytes; null where another one decides by now. */
  readonly read: () => Promise<Uint8Array | null>;
};

export type KeptBundle = {
  readonly revision: string;
  readonly digest: string;
  readonly serial: number;
  readonly activatedAtMs: number;
  /** Null where it was thrown away meanwhile. */
  readonly read: () => Promise<Uint8Array | null>;
};

export type OfferRules = {
  /** The operator's name. */
  readonly by: string;
  /** Refuses what lets more through than the live one does, or could. */
  readonly forbidWidening: boolean;
};

export type Offered =
  | {
      readonly kind: "live";
      readonly revision: string;
      readonly digest: string;
      readonly serial: number;
      readonly changes: PolicyChanges | null;
    }
  /** Nothing is pushed to this tenant: its policy comes from elsewhere. */
  | { readonly kind: "not_pushed" }
  | { readonly kind: "widens"; readonly changes: PolicyChanges }
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };

/** By the ids of rules and limits, the first of each. */
export type PolicyChanges = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Null where nobody compared. */
  readonly widening: boolean | null;
};
