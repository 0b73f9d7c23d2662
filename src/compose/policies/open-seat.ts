import type { KeptBundle, LiveBundle, Offered, OfferRules, TenantPolicy } from "../../operate/policy-desk.ts";
import { offerBundle } from "./offer-bundle.ts";
import type { SourcePlan } from "./plan-source.ts";
import { answeredMsOf, type SeatOptions, type SeatState } from "./seat-state.ts";
import { activateVersion, checkGood, takeNews } from "./take-news.ts";
import { createWaiters, type Waiting } from "./waiters.ts";

/** One tenant's policy: its source, what decides, and what was refused. */
export type Seat = {
  readonly describe: () => TenantPolicy;
  readonly live: () => LiveBundle | null;
  readonly waitForChange: (digest: string, wait: Waiting) => Promise<void>;
  readonly offer: (packed: Uint8Array, how: OfferRules) => Promise<Offered>;
  readonly history: () => readonly KeptBundle[];
  /** Looks whether what decides is still good. */
  readonly check: () => void;
  /** Looks again at the source, or at another one. What decides goes on until that one has something better. */
  readonly follow: (plan: SourcePlan) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function openSeat(options: SeatOptions): Promise<Seat> {
  const { plan, state } = options;
  const nothing = { feed: null, live: null, lastError: null, isStale: false, pushedBy: null, changes: Promise.resolve(null) };
  const seat: SeatState = { options, waiters: createWaiters(), plan, ...nothing };
  let offers: Promise<unknown> = Promise.resolve();
  await openSource(seat);
  return {
    describe: () => describeSeat(seat),
    live: () => describeLive(seat),
    waitForChange: async (digest, wait) => (seat.live?.origin.digest === digest ? seat.waiters.wait(digest, wait) : undefined),
    offer: (packed, how) => {
      const run = offers.then(() => offerBundle(seat, packed, how));
      offers = run.catch(() => {});
      return run;
    },
    history: () => state.history().map((kept) => ({ ...kept, read: () => state.readKept(kept.digest) })),
    check: () => checkGood(seat),
    follow: (next) => follow(seat, next),
    close: async () => {
      seat.waiters.wake(null);
      await seat.feed?.close();
    },
  };
}

async function openSource(seat: SeatState): Promise<void> {
  const { options, plan } = seat;
  if (plan.open === null) return activateVersion(seat, await options.readEmbedded());
  seat.feed = await plan.open({ ...options, onNews: (news) => takeNews(seat, news) });
  checkGood(seat);
}

async function follow(seat: SeatState, next: SourcePlan): Promise<void> {
  if (next.text === seat.plan.text) return seat.feed?.reload();
  await seat.feed?.close();
  seat.feed = null;
  seat.plan = next;
  await openSource(seat);
}

function describeSeat(seat: SeatState): TenantPolicy {
  const { options, plan, live, lastError, isStale } = seat;
  const { tenant, clock, state } = options;
  const answeredMs = answeredMsOf(seat);
  return {
    tenant,
    state: live === null || isStale ? "unavailable" : "ready",
    source: plan.source,
    name: live?.name ?? null,
    revision: live?.revision ?? null,
    digest: live?.origin.digest ?? null,
    serial: live?.origin.serial ?? null,
    serialMark: state.mark(),
    signedBy: live?.origin.signedBy ?? null,
    notAfterMs: live?.origin.notAfterMs ?? null,
    activatedAtMs: live?.activatedAtMs ?? null,
    ageMs: answeredMs === null || plan.open === null ? null : Math.max(0, clock.nowMs() - answeredMs),
    lastError: lastError === null ? null : { code: lastError.code, reason: lastError.reason, atMs: lastError.atMs },
  };
}

function describeLive({ live, options }: SeatState): LiveBundle | null {
  if (live === null || live.origin.serial === null) return null;
  const { state } = options;
  const { digest, serial } = live.origin;
  return { revision: live.revision, digest, serial, serialMark: state.mark() ?? serial, read: () => state.readKept(digest) };
}
