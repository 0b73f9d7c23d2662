import type { Clock } from "../../core/clock.ts";
import type { Observer } from "../../core/observer.ts";
import type { BundleState } from "../bundle/bundle-state.ts";
import type { BundleKey } from "../bundle/signing/verify-files.ts";
import type { LoadJob, LoadResult } from "./load-version.ts";
import type { PolicyNews } from "./policy-feed.ts";

/** Where each kind of source finds its tenant's policy. */
export type SourcePlaces = {
  readonly folder: FolderPlace;
  readonly bundle_file: BundleFilePlace;
  readonly bundle_url: BundleUrlPlace;
  readonly pushed: PushedPlace;
};

export type FolderPlace = { readonly folder: string; readonly guardrailFolders: readonly string[]; readonly engineFile: string };

/** Whose signatures bundles of a tenant must carry. */
export type BundleTrust = { readonly keys: readonly BundleKey[]; readonly unsignedAllowed: boolean };

export type BundleFilePlace = BundleTrust & {
  /** A `.tar.gz`, a folder that holds exactly one, or an unpacked bundle. */
  readonly path: string;
};

export type BundleUrlPlace = BundleTrust &
  BundleServer & {
    /** The least delay between two asks of a server that does not hold the answer back until there is news. */
    readonly pollMs: number;
  };

export type PushedPlace = BundleTrust;

/** A server of OPA's bundle API, and how it is asked. */
export type BundleServer = {
  /** http or https, without credentials. */
  readonly url: string;
  /** Read for each ask, so that a renewed token is used; null: none. */
  readonly readToken: (() => Promise<string>) | null;
  /** PEM, read for each ask; null: the system's authorities and no certificate of ours. */
  readonly readTls: (() => Promise<BundleTls>) | null;
  /** How long the server may hold its answer back until there is news; 0: not at all. */
  readonly waitMs: number;
  /** How long an answer may take beyond that, and its body again. */
  readonly timeoutMs: number;
};

export type BundleTls = { readonly cert: string | null; readonly key: string | null; readonly ca: string | null };

export type SourceDeps = {
  readonly tenant: string;
  /** Called in order, never twice at once. The first news is told before the source is open. */
  readonly onNews: (news: PolicyNews) => void;
  /** Reads, admits, compiles and tries a version, wherever that is done. Rejects where it could not be done at all. */
  readonly load: (job: LoadJob) => Promise<LoadResult>;
  /** What is on disk of this tenant's bundles. A folder of policy files needs none. */
  readonly state: BundleState;
  readonly clock: Clock;
  /** 0 … 1. */
  readonly random: () => number;
  readonly observer: Observer;
  /** Resolves after that time or when aborted, whichever is first. Given by tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
};
