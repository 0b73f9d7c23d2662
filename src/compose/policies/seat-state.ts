import type { Tenants } from "../../authorize/tenants.ts";
import type { Clock } from "../../core/clock.ts";
import type { Observer } from "../../core/observer.ts";
import type { PolicyChanges, TenantPolicy } from "../../operate/policy-desk.ts";
import type { BundleState } from "../../policy/bundle/bundle-state.ts";
import type { PolicyFeed } from "../../policy/sources/policy-feed.ts";
import type { SourceDeps } from "../../policy/sources/source-deps.ts";
import type { PolicyImage } from "../../policy/wasm/make-policy-image.ts";
import type { PolicyFacts } from "../../policy/wasm/prepare-policy.ts";
import type { RestingPolicy } from "../../policy/wasm/resting-policy.ts";
import type { SourcePlan } from "./plan-source.ts";
import type { LiveVersion, PolicyTeller } from "./tell-policy.ts";
import type { Waiters } from "./waiters.ts";

export type SeatOptions = {
  readonly tenant: string;
  readonly plan: SourcePlan;
  readonly state: BundleState;
  readonly tenants: Tenants;
  readonly teller: PolicyTeller;
  readonly load: SourceDeps["load"];
  readonly clock: Clock;
  readonly random: () => number;
  readonly observer: Observer;
  readonly budget: NonNullable<PolicyFacts["budget"]>;
  readonly readEmbedded: () => Promise<OfferedVersion>;
  /** Something reads bodies: long ones are read elsewhere, which takes a moment to make ready. */
  readonly onReadsBodies: () => void;
};

/** A version that may decide, wherever it comes from. */
export type OfferedVersion = Pick<LiveVersion, "name" | "revision" | "origin"> & { readonly image: PolicyImage };

/** What is known of one tenant's policy while its source is open. */
export type SeatState = {
  readonly options: SeatOptions;
  readonly waiters: Waiters;
  plan: SourcePlan;
  feed: PolicyFeed | null;
  live: (LiveVersion & { readonly policy: RestingPolicy }) | null;
  /** The newest refusal since the live version decides; `digest` is null where nothing was offered at all. */
  lastError: (NonNullable<TenantPolicy["lastError"]> & { readonly digest: string | null }) | null;
  isStale: boolean;
  /** The operator whose push is being taken. */
  pushedBy: string | null;
  /** What the live version changed against the one before it. */
  changes: Promise<PolicyChanges | null>;
};

/** When the source last said that the live version is its newest. */
export function answeredMsOf({ feed, live, options }: SeatState): number | null {
  if (feed !== null) return feed.answeredMs();
  // The first news comes before there is a feed to ask.
  return live?.origin.isLastGood === false ? live.activatedAtMs : options.state.answeredMs();
}

export function goodUntilMsOf(seat: SeatState): number {
  const { live, plan } = seat;
  const expires = live?.origin.notAfterMs ?? Number.POSITIVE_INFINITY;
  return plan.maxAgeMs === null ? expires : Math.min(expires, (answeredMsOf(seat) ?? 0) + plan.maxAgeMs);
}
