import type { PolicyChanges } from "../../operate/policy-desk.ts";
import type { PolicyNews, PolicyRefusal } from "../../policy/sources/policy-feed.ts";
import { createRestingPolicy } from "../../policy/wasm/resting-policy.ts";
import { compareOffLoop } from "./compare-versions.ts";
import { goodUntilMsOf, type OfferedVersion, type SeatState } from "./seat-state.ts";

export const NO_CHANGES: PolicyChanges = { added: [], removed: [], changed: [], widening: false };

/** What a source told becomes what decides, or what is told of it. */
export function takeNews(seat: SeatState, news: PolicyNews): void {
  switch (news.kind) {
    case "version":
      activateVersion(seat, news);
      break;
    case "refused":
      refuseVersion(seat, news);
      break;
    case "unchanged":
      // The source answers again; what was refused stays so.
      if (seat.lastError?.digest === null) seat.lastError = null;
      checkGood(seat);
      break;
  }
}

/** One reference is swapped; what the version changes is worked out and recorded behind that. */
export function activateVersion(seat: SeatState, { name, revision, origin, image }: OfferedVersion): void {
  const { tenant, tenants, teller, clock, observer, budget } = seat.options;
  const { live: before, pushedBy: by } = seat;
  const policy = createRestingPolicy(image, { name, revision, digest: origin.digest, observer, budget }, tenants.isOpen(tenant));
  const live = { name, revision, origin, activatedAtMs: clock.nowMs(), policy };
  seat.live = live;
  seat.lastError = null;
  seat.isStale = false;
  tenants.activate(tenant, policy, goodUntilMsOf(seat));
  if (image.program.reads.some(({ body }) => body)) seat.options.onReadsBodies();
  seat.waiters.wake(origin.digest);
  const isOlder = before !== null && origin.serial !== null && origin.serial < (before.origin.serial ?? 0);
  const event = isOlder ? "rolled_back" : "activated";
  if (before === null) {
    seat.changes = Promise.resolve(null);
    teller.activated(live, { event, by, changes: null });
    return;
  }
  seat.changes = compareOffLoop({ was: before.policy.readProgram(), is: image.program }).catch(() => null);
  void seat.changes.then((changes) => teller.activated(live, { event, by, changes }));
}

function refuseVersion(seat: SeatState, refusal: PolicyRefusal): void {
  const { tenant, tenants, teller, clock } = seat.options;
  const { code, reason, digest } = refusal;
  const isNew = seat.lastError === null || seat.lastError.code !== code || seat.lastError.digest !== digest;
  seat.lastError = { code, reason, digest, atMs: clock.nowMs() };
  tenants.fail(tenant, `${code}: ${reason}`);
  teller.refused(refusal, { by: seat.pushedBy, isNew });
  checkGood(seat);
}

/** Whether what decides is still good; calls compare with the clock themselves, this tells of it. */
export function checkGood(seat: SeatState): void {
  const { live, isStale: wasStale } = seat;
  if (live === null) return;
  const { tenant, tenants, teller, clock } = seat.options;
  const untilMs = goodUntilMsOf(seat);
  const nowMs = clock.nowMs();
  tenants.extend(tenant, untilMs);
  seat.isStale = nowMs >= untilMs;
  const isExpired = nowMs >= (live.origin.notAfterMs ?? Number.POSITIVE_INFINITY);
  if (seat.isStale && !wasStale) teller.stale(live, isExpired ? "expired" : "source_away");
  if (wasStale && !seat.isStale) teller.activated(live, { event: "activated", by: null, changes: NO_CHANGES });
}
