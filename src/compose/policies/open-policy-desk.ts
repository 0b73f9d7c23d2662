import type { Tenants } from "../../authorize/tenants.ts";
import type { Environment } from "../../config/apply-environment.ts";
import type { Settings } from "../../config/settings.ts";
import type { Clock } from "../../core/clock.ts";
import type { Observer } from "../../core/observer.ts";
import type { ReceiptDraft } from "../../core/receipt.ts";
import { openPolicyLoader, type PolicyLoader } from "../../operate/load-policy/open-policy-loader.ts";
import type { PolicyDesk } from "../../operate/policy-desk.ts";
import { type BundleState, openBundleState } from "../../policy/bundle/bundle-state.ts";
import { readEmbedded } from "../../policy/bundle/embedded.ts";
import { makePolicyImage } from "../../policy/wasm/make-policy-image.ts";
import { EVALUATION_BUDGET_US } from "../../policy/wasm/within-budget.ts";
import { createBrokenSeat } from "./broken-seat.ts";
import { openSeat, type Seat } from "./open-seat.ts";
import { planSource, type SourcePlan } from "./plan-source.ts";
import type { OfferedVersion } from "./seat-state.ts";
import { createPolicyTeller } from "./tell-policy.ts";

export type DeskOptions = {
  readonly settings: Settings;
  readonly env: Environment;
  readonly tenants: Tenants;
  readonly clock: Clock;
  readonly observer: Observer;
  readonly record: (draft: ReceiptDraft) => void;
  readonly onReadsBodies: () => void;
};

/** The policies of all tenants of a process. */
export type OpenDesk = PolicyDesk & {
  /** Reads what other settings say of sources. Throws where something of it cannot be read; nothing has changed then. */
  readonly plan: (settings: Settings) => SourcePlans;
  /** Lets go of tenants that are not in the plans, opens those that are new, and looks at every source again. */
  readonly follow: (plans: SourcePlans) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type SourcePlans = ReadonlyMap<string, SourcePlan>;

const CHECK_EVERY_MS = 1_000;
const REST_EVERY_CHECKS = 60;

/** Starts every tenant's source. A tenant whose policy cannot be loaded denies for itself; the others go on. */
export async function openPolicyDesk(options: DeskOptions): Promise<OpenDesk> {
  const { settings, env, tenants } = options;
  const loader = openPolicyLoader();
  const seats = new Map<string, OpenedSeat>();
  const open = createSeatOpener(options, loader);
  const openAt = async (name: string, plan: () => SourcePlan) => void seats.set(name, await open(name, plan));

  await Promise.all([...settings.tenants.keys()].map((name) => openAt(name, () => planSource(name, settings, env))));
  loader.goOffLoop();
  const stopChecking = checkOften(seats, tenants);
  return {
    ...doorsOf(seats),
    plan: (other) => new Map([...other.tenants.keys()].map((name) => [name, planSource(name, other, env)])),
    follow: async (plans) => {
      const gone = [...seats].filter(([name]) => !plans.has(name));
      for (const [name] of gone) seats.delete(name);
      await Promise.all(gone.map(([, { seat }]) => seat.close()));
      await Promise.all(
        [...plans].map(([name, plan]) => followPlan({ opened: seats.get(name), plan, openAnew: () => openAt(name, () => plan) })),
      );
    },
    close: async () => {
      stopChecking();
      await Promise.all([...seats.values()].map(({ seat }) => seat.close()));
      await loader.close();
    },
  };
}

/** `hasState`: whether it was opened with what is on disk of the tenant's bundles. */
type OpenedSeat = { readonly seat: Seat; readonly hasState: boolean; readonly isBroken: boolean };

type Following = { readonly opened: OpenedSeat | undefined; readonly plan: SourcePlan; readonly openAnew: () => Promise<void> };

async function followPlan({ opened, plan, openAnew }: Following): Promise<void> {
  if (opened !== undefined && !opened.isBroken && opened.hasState === needsState(plan)) return opened.seat.follow(plan);
  await opened?.seat.close();
  await openAnew();
}

function createSeatOpener(options: DeskOptions, loader: PolicyLoader): (name: string, plan: () => SourcePlan) => Promise<OpenedSeat> {
  const { tenants, observer, record, clock } = options;
  const stateOf = createStates(options.settings.state.folder);
  return async function openOne(name, readPlan) {
    const teller = createPolicyTeller(name, observer, record);
    try {
      const plan = readPlan();
      const hasState = needsState(plan);
      const state = hasState ? await stateOf(name) : NO_BUNDLES;
      const seat = await openSeat({ tenant: name, plan, state, teller, load: loader.forTenant(name), ...toolsOf(options) });
      return { seat, hasState, isBroken: false };
    } catch (error) {
      const reason = error instanceof Error ? error.message : "the policy could not be prepared";
      tenants.fail(name, reason);
      return { seat: createBrokenSeat(name, reason, { teller, nowMs: clock.nowMs() }), hasState: false, isBroken: true };
    }
  };
}

function toolsOf({ tenants, clock, observer, onReadsBodies }: DeskOptions) {
  const budget = { us: EVALUATION_BUDGET_US, monotonicUs: clock.monotonicUs };
  return { tenants, clock, observer, onReadsBodies, random: Math.random, budget, readEmbedded: readEmbeddedVersion };
}

function doorsOf(seats: ReadonlyMap<string, OpenedSeat>): PolicyDesk {
  return {
    describe: () => [...seats.values()].map(({ seat }) => seat.describe()),
    live: (tenant) => seats.get(tenant)?.seat.live() ?? null,
    waitForChange: (tenant, digest, wait) => seats.get(tenant)?.seat.waitForChange(digest, wait) ?? Promise.resolve(),
    offer: async (tenant, packed, how) => (await seats.get(tenant)?.seat.offer(packed, how)) ?? { kind: "not_pushed" },
    history: async (tenant) => seats.get(tenant)?.seat.history() ?? [],
  };
}

function checkOften(seats: ReadonlyMap<string, OpenedSeat>, tenants: Tenants): () => void {
  let checks = 0;
  const timer = setInterval(() => {
    for (const { seat } of seats.values()) seat.check();
    checks += 1;
    if (checks % REST_EVERY_CHECKS === 0) tenants.rest();
  }, CHECK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

async function readEmbeddedVersion(): Promise<OfferedVersion> {
  const { program, wasm, name, revision, digest } = await readEmbedded();
  const origin = { source: "embedded", digest, serial: null, signedBy: null, notAfterMs: null, isLastGood: false } as const;
  return { name, revision, origin, image: makePolicyImage(program, wasm) };
}

function needsState({ source }: SourcePlan): boolean {
  return source !== "embedded" && source !== "folder";
}

/** A tenant's state is opened once: two that are open would not know of each other's marks. */
function createStates(folder: string): (tenant: string) => Promise<BundleState> {
  const opened = new Map<string, BundleState>();
  return async (tenant) => {
    const state = opened.get(tenant) ?? (await openBundleState({ folder, tenant }));
    opened.set(tenant, state);
    return state;
  };
}

/** Of tenants that have no bundles. */
const NO_BUNDLES: BundleState = {
  mark: () => null,
  keepAdmitted: async () => {},
  readLastGood: async () => null,
  keepPushed: async () => {},
  readPushed: async () => null,
  answeredMs: () => null,
  noteAnswered: async () => {},
  history: () => [],
  readKept: async () => null,
};
