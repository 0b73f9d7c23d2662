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

type MayDecide = NonNullable<Parameters<OfferBundle>[1]>;

export function createBundleIntake(source: BundleSourceName, trust: BundleTrust, deps: SourceDeps): BundleIntake {
  const admission: Admission = { source, trust, deps };
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
      deps.observer.faulted("policy", "news_failed", messageOf(error));
    }
    return news;
  }

  async function takeNow(packed: Uint8Array, how: "quietly" | MayDecide): Promise<PolicyNews> {
    const digest = sha256(packed);
    if (isClosed) return { kind: "refused", source, code: "load_failed", reason: "the source is closed", digest };
    if (digest === live || (how === "quietly" && digest === refused)) return tell({ kind: "unchanged" });
    const news = await admit(packed, how === "quietly" ? EACH_MAY : how, admission);
    if (news.kind === "version") {
      live = digest;
      refused = null;
      return tell(news);
    }
    refused = RETRIED.has(news.code) ? null : digest;
    tell(news);
    await fallBack(digest);
    return news;
  }

  async function fallBack(refusedDigest: string | null): Promise<void> {
    if (live !== null || hasTriedLastGood || isClosed) return;
    hasTriedLastGood = true;
    const news = await readLastGood(refusedDigest, admission);
    if (news === null) return;
    if (news.kind === "version") live = news.origin.digest;
    tell(news);
  }

  return {
    take: (packed) => inTurn(() => takeNow(packed, "quietly")),
    offer: (packed, mayDecide = EACH_MAY) => inTurn(() => takeNow(packed, mayDecide)),
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

/** Codes that say nothing against the bundle itself: it may go well another time. */
export const RETRIED: ReadonlySet<PolicyRefusal["code"]> = new Set(["load_failed", "warm_up_failed", "widening_forbidden"]);

const EACH_MAY: MayDecide = () => null;

type Admission = { readonly source: BundleSourceName; readonly trust: BundleTrust; readonly deps: SourceDeps };

async function admit(packed: Uint8Array, mayDecide: MayDecide, admission: Admission): Promise<PolicyVersion | PolicyRefusal> {
  const news = await load(packed, false, admission);
  if (news.kind === "refused") return news;
  return mayDecide(news) ?? (await keep(news, packed, admission)) ?? news;
}

async function readLastGood(refusedDigest: string | null, admission: Admission): Promise<PolicyVersion | PolicyRefusal | null> {
  const packed = await admission.deps.state.readLastGood();
  if (packed === null || sha256(packed) === refusedDigest) return null;
  const news = await load(packed, true, admission);
  return news.kind === "version" ? news : { ...news, reason: `the last good version: ${news.reason}` };
}

async function load(packed: Uint8Array, isLastGood: boolean, { source, trust, deps }: Admission): Promise<PolicyVersion | PolicyRefusal> {
  const { tenant, state, clock } = deps;
  // Named one by one: whatever else a place holds is not for another thread.
  const { keys, unsignedAllowed } = trust;
  const rules = { tenant, keys, unsignedAllowed, serialMark: state.mark(), nowMs: clock.nowMs() };
  const job: LoadJob = { kind: "bundle", source, packed, rules, isLastGood };
  try {
    const result = await deps.load(job);
    return result.kind === "version" ? { ...result, packed } : refusalOf(source, result);
  } catch (error) {
    return { kind: "refused", source, code: "load_failed", reason: messageOf(error), digest: sha256(packed) };
  }
}

/** What cannot be kept must not decide: after a restart an older one would, and nothing would say so. */
async function keep({ origin, revision }: PolicyVersion, packed: Uint8Array, { source, deps }: Admission): Promise<PolicyRefusal | null> {
  const { state, clock } = deps;
  const { digest, serial } = origin;
  try {
    if (source === "pushed") await state.keepPushed(packed);
    await state.keepAdmitted({ packed, digest, revision, serial: serial ?? 0, activatedAtMs: clock.nowMs() });
    return null;
  } catch (error) {
    return { kind: "refused", source, code: "load_failed", reason: `it could not be kept: ${messageOf(error)}`, digest };
  }
}

function refusalOf(source: BundleSourceName, { code, reason, digest }: LoadResult & { readonly kind: "refused" }): PolicyRefusal {
  return { kind: "refused", source, code, reason, digest };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
