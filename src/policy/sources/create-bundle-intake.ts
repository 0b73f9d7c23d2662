import { sha256 } from "../digest-policy.ts";
import type { BundleSourceName, LoadJob, LoadResult } from "./load-version.ts";
import type { OfferBundle, PolicyNews, PolicyRefusal, PolicyVersion } from "./policy-feed.ts";
import type { BundleTrust, SourceDeps } from "./source-deps.ts";

/** The way of every bundle from its source to deciding: admitted, kept, told; one at a time. */
export type BundleIntake = {
  /** Tells `unchanged` of the bundle that decides, and of one that was refused lately. */
  readonly take: (packed: Uint8Array) => Promise<PolicyNews>;
  /** Like `take`, but says again why one was refused. */
  readonly offer: OfferBundle;
  /** The source has nothing to take, and why. Until something decides, the last good version is tried once. */
  readonly fail: (code: PolicyRefusal["code"], reason: string) => Promise<void>;
  readonly tellUnchanged: () => void;
  readonly forgetRefused: () => void;
  /** Nothing is told any more; resolves when nothing is being taken. */
  readonly close: () => Promise<void>;
};

export function createBundleIntake(source: BundleSourceName, trust: BundleTrust, deps: SourceDeps): BundleIntake {
  const { tenant, state, clock, observer } = deps;
  let live: string | null = null;
  let refused: string | null = null;
  let hasTriedLastGood = false;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One after another, whatever became of the one before. */
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const run = last.then(act);
    last = run.catch(() => {});
    return run;
  }

  function tell<News extends PolicyNews>(news: News): News {
    try {
      if (!isClosed) deps.onNews(news);
    } catch (error) {
      observer.faulted("policy", "news_failed", error instanceof Error ? error.message : "unknown");
    }
    return news;
  }

  async function load(packed: Uint8Array, isLastGood: boolean): Promise<LoadResult> {
    // Named one by one: whatever else a place holds is not for another thread.
    const { keys, unsignedAllowed } = trust;
    const rules = { tenant, keys, unsignedAllowed, serialMark: state.mark(), nowMs: clock.nowMs() };
    const job: LoadJob = { kind: "bundle", source, packed, rules, isLastGood };
    try {
      return await deps.load(job);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      return { kind: "refused", code: "load_failed", reason, digest: sha256(packed), problems: [] };
    }
  }

  async function admit(packed: Uint8Array, mayDecide: Parameters<OfferBundle>[1]): Promise<PolicyVersion | PolicyRefusal> {
    const result = await load(packed, false);
    if (result.kind === "refused") return refusalOf(source, result);
    const version: PolicyVersion = { ...result, packed };
    return mayDecide?.(version) ?? (await keep(version, packed)) ?? version;
  }

  /** What cannot be kept must not decide: after a restart an older one would, and nothing would say so. */
  async function keep({ origin, revision }: PolicyVersion, packed: Uint8Array): Promise<PolicyRefusal | null> {
    const { digest, serial } = origin;
    try {
      if (source === "pushed") await state.keepPushed(packed);
      await state.keepAdmitted({ packed, digest, revision, serial: serial ?? 0, activatedAtMs: clock.nowMs() });
      return null;
    } catch (error) {
      const reason = `it could not be kept: ${error instanceof Error ? error.message : "unknown"}`;
      return { kind: "refused", source, code: "load_failed", reason, digest };
    }
  }

  async function takeNow(packed: Uint8Array, how: Parameters<OfferBundle>[1] | "quietly"): Promise<PolicyNews> {
    const digest = sha256(packed);
    if (isClosed) return { kind: "refused", source, code: "load_failed", reason: "the source is closed", digest };
    if (digest === live || (how === "quietly" && digest === refused)) return tell({ kind: "unchanged" });
    const news = await admit(packed, how === "quietly" ? undefined : how);
    if (news.kind === "refused") {
      // What failed on our side may go well another time.
      refused = RETRIED.has(news.code) ? null : digest;
      tell(news);
      await fallBack(digest);
      return news;
    }
    live = digest;
    refused = null;
    return tell(news);
  }

  async function fallBack(refusedDigest: string | null): Promise<void> {
    if (live !== null || hasTriedLastGood || isClosed) return;
    hasTriedLastGood = true;
    const packed = await state.readLastGood();
    if (packed === null || sha256(packed) === refusedDigest) return;
    const result = await load(packed, true);
    if (result.kind === "refused") {
      tell({ ...refusalOf(source, result), reason: `the last good version: ${result.reason}` });
      return;
    }
    live = result.origin.digest;
    tell({ ...result, packed });
  }

  return {
    take: (packed) => inTurn(() => takeNow(packed, "quietly")),
    offer: (packed, mayDecide) => inTurn(() => takeNow(packed, mayDecide)),
    fail: (code, reason) =>
      inTurn(async () => {
        tell({ kind: "refused", source, code, reason, digest: null });
        await fallBack(null);
      }),
    tellUnchanged: () => {
      tell({ kind: "unchanged" });
    },
    forgetRefused: () => {
      refused = null;
    },
    close: async () => {
      isClosed = true;
      await last;
    },
  };
}

/** Codes that say nothing against the bundle itself. */
export const RETRIED: ReadonlySet<PolicyRefusal["code"]> = new Set(["load_failed", "warm_up_failed", "widening_forbidden"]);

function refusalOf(source: BundleSourceName, { code, reason, digest }: LoadResult & { readonly kind: "refused" }): PolicyRefusal {
  return { kind: "refused", source, code, reason, digest };
}
