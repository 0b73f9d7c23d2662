import { createBackOff } from "./create-back-off.ts";
import { createBundleIntake, RETRIED } from "./create-bundle-intake.ts";
import { createPolling } from "./create-polling.ts";
import { type FetchedBundle, fetchBundle } from "./fetch-bundle.ts";
import type { PolicyFeed } from "./policy-feed.ts";
import type { BundleUrlPlace, SourceDeps } from "./source-deps.ts";

/** Of every delay, so that servers that started together do not ask together. */
const JITTER = 0.1;
/** Between an answer that was held back until there was news, and the next ask. */
const HELD_GAP_MS = 100;
/** A server that says it holds answers back and then answers at once without news is asked like one that does not. */
const HELD_MS_MIN = 1_000;
/** How often the time of the last answer is written down. */
const NOTED_EVERY_MS = 60_000;

/** Asks a server of OPA's bundle API for a tenant's bundle, again and again. What decides goes on deciding whatever the server does. */
export async function openBundleUrl(place: BundleUrlPlace, deps: SourceDeps): Promise<PolicyFeed> {
  const { clock, random, observer, state } = deps;
  const backOff = createBackOff(random);
  const intake = createBundleIntake("bundle_url", place, deps);
  let etag: string | null = null;
  let answeredMs = state.answeredMs();
  let notedMs = Number.NEGATIVE_INFINITY;

  /** Asks once, and says how long to wait before the next ask. */
  async function ask(isHurried: boolean, signal: AbortSignal): Promise<number> {
    const waitMs = isHurried || etag === null ? 0 : place.waitMs;
    const beganUs = clock.monotonicUs();
    try {
      const fetched = await fetchBundle(place, { etag, waitMs, signal });
      const outcome = await hear(fetched);
      const heldMs = waitMs > 0 ? (clock.monotonicUs() - beganUs) / 1000 : 0;
      return outcome === "failed" ? backOff.next() : delayAfter(fetched, { isNews: outcome === "news", waitMs, heldMs });
    } catch (error) {
      observer.faulted("policy", "load_failed", error instanceof Error ? error.message : "unknown");
      return backOff.next();
    }
  }

  async function hear(fetched: FetchedBundle): Promise<"news" | "nothing" | "failed"> {
    switch (fetched.kind) {
      case "given_up":
        return "nothing";
      case "failed":
        await intake.fail(fetched.code, fetched.reason);
        return "failed";
      case "unchanged":
        await noteAnswer();
        intake.tellUnchanged();
        return "nothing";
      case "bundle": {
        await noteAnswer();
        const news = await intake.take(fetched.packed);
        // Of one that was refused the tag is kept too, so that the same is not sent again and again.
        etag = news.kind === "refused" && RETRIED.has(news.code) ? null : fetched.etag;
        return news.kind === "version" ? "news" : news.kind === "refused" ? "failed" : "nothing";
      }
    }
  }

  async function noteAnswer(): Promise<void> {
    answeredMs = clock.nowMs();
    if (Math.abs(answeredMs - notedMs) < NOTED_EVERY_MS) return;
    notedMs = answeredMs;
    await state.noteAnswered(answeredMs);
  }

  function delayAfter(fetched: FetchedBundle, { isNews, waitMs, heldMs }: Answered): number {
    backOff.reset();
    const holds = (fetched.kind === "bundle" || fetched.kind === "unchanged") && fetched.holds && place.waitMs > 0;
    const wasHeld = waitMs > 0 && heldMs >= Math.min(HELD_MS_MIN, waitMs / 2);
    return holds && (isNews || wasHeld) ? HELD_GAP_MS : place.pollMs * (1 + JITTER * random());
  }

  const polling = await createPolling(ask, deps.sleep);
  return {
    reload: () => {
      intake.forgetRefused();
      return polling.now();
    },
    close: async () => {
      await Promise.all([intake.close(), polling.close()]);
    },
    answeredMs: () => answeredMs,
    offer: null,
  };
}

type Answered = { readonly isNews: boolean; readonly waitMs: number; readonly heldMs: number };
