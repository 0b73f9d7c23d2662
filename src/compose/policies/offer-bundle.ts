import type { Offered, OfferRules, PolicyChanges } from "../../operate/policy-desk.ts";
import type { PolicyRefusal, PolicyVersion } from "../../policy/sources/policy-feed.ts";
import { compareVersions } from "./compare-versions.ts";
import type { SeatState } from "./seat-state.ts";
import { NO_CHANGES } from "./take-news.ts";

/** An operator's push. One at a time, so that the record names the right one. */
export async function offerBundle(seat: SeatState, packed: Uint8Array, { by, forbidWidening }: OfferRules): Promise<Offered> {
  const push = seat.feed?.offer ?? null;
  if (push === null) return { kind: "not_pushed" };
  let widens: PolicyChanges | null = null;
  const mayDecide = (version: PolicyVersion): PolicyRefusal | null => {
    widens = forbidWidening ? wideningOf(seat, version) : null;
    return widens === null ? null : { ...WIDENS, digest: version.origin.digest };
  };
  seat.pushedBy = by;
  try {
    const news = await push(packed, mayDecide);
    if (news.kind !== "refused") return await describeLive(seat, news.kind === "unchanged");
    return widens === null ? { kind: "refused", code: news.code, reason: news.reason } : { kind: "widens", changes: widens };
  } finally {
    seat.pushedBy = null;
  }
}

const WIDENS = {
  kind: "refused",
  source: "pushed",
  code: "widening_forbidden",
  reason: "it allows what the version that decides does not, or could",
} as const;

function wideningOf({ live }: SeatState, version: PolicyVersion): PolicyChanges | null {
  if (live === null) return null;
  const changes = compareVersions({ was: live.policy.readProgram(), is: version.image.program });
  return changes.widening === false ? null : changes;
}

async function describeLive({ live, changes }: SeatState, isSame: boolean): Promise<Offered> {
  if (live === null) return { kind: "refused", code: "load_failed", reason: "nothing decides" };
  const { revision, origin } = live;
  return { kind: "live", revision, digest: origin.digest, serial: origin.serial ?? 0, changes: isSame ? NO_CHANGES : await changes };
}
