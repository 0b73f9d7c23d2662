import type { PreparedPolicy } from "../core/policy.ts";
import { createUnderstanding } from "../understanding/create-understanding.ts";
import type { OpenPolicy, Tenant, TenantPolicy } from "./world.ts";

export type TenantMode = { readonly name: string; readonly mode: "enforce" | "shadow" };

/** A version of a policy that takes memory only while it is used. */
export type Openable = { readonly open: () => PreparedPolicy; readonly rest: () => void };

/** The tenants of a process. A call takes one reference; activating a policy replaces it whole. */
export type Tenants = {
  readonly find: (name: string) => Tenant | null;
  readonly sole: () => Tenant | null;
  readonly all: () => readonly Tenant[];
  /** Adds a tenant, which has no policy yet, or changes how one that is there runs. */
  readonly put: (tenant: TenantMode) => void;
  readonly remove: (name: string) => void;
  /** @param goodUntilMs from then on it decides no more. */
  readonly activate: (name: string, policy: Openable, goodUntilMs: number) => void;
  /** The version that decides is good until another time than was said. */
  readonly extend: (name: string, goodUntilMs: number) => void;
  /** Without a policy that could decide, the tenant denies `policy_unavailable`; one that decides already goes on. */
  readonly fail: (name: string, reason: string) => void;
  /** Whether the version that decides is open, so that the one in its place will be needed at once. */
  readonly isOpen: (name: string) => boolean;
  /** Asked every minute: closes what no call used for ten. */
  readonly rest: () => void;
};

const IDLE_ROUNDS_MAX = 10;

type Seat = { readonly tenant: Tenant; readonly held: Held | null };

export function createTenants(modes: readonly TenantMode[]): Tenants {
  const seats = new Map<string, Seat>();

  function seatOf(name: string): Seat {
    const seat = seats.get(name);
    if (seat === undefined) throw new Error(`there is no tenant ${name}`);
    return seat;
  }

  function put({ name, mode }: TenantMode): void {
    const seat = seats.get(name);
    const policy: TenantPolicy = seat?.tenant.policy ?? { kind: "unavailable", reason: "no policy was loaded yet" };
    seats.set(name, { tenant: { name, mode, policy }, held: seat?.held ?? null });
  }

  function activate(name: string, policy: Openable, goodUntilMs: number): void {
    const { tenant } = seatOf(name);
    const held = holdPolicy(policy);
    seats.set(name, { tenant: { ...tenant, policy: { kind: "ready", goodUntilMs, open: held.open } }, held });
  }

  function extend(name: string, goodUntilMs: number): void {
    const { tenant, held } = seatOf(name);
    if (tenant.policy.kind === "ready" && tenant.policy.goodUntilMs !== goodUntilMs)
      seats.set(name, { tenant: { ...tenant, policy: { ...tenant.policy, goodUntilMs } }, held });
  }

  function fail(name: string, reason: string): void {
    const { tenant, held } = seatOf(name);
    if (tenant.policy.kind !== "ready") seats.set(name, { tenant: { ...tenant, policy: { kind: "unavailable", reason } }, held });
  }

  modes.forEach(put);
  return {
    find: (name) => seats.get(name)?.tenant ?? null,
    sole: () => (seats.size === 1 ? (seats.values().next().value?.tenant ?? null) : null),
    all: () => [...seats.values()].map(({ tenant }) => tenant),
    put,
    remove: (name) => void seats.delete(name),
    activate,
    extend,
    fail,
    isOpen: (name) => seats.get(name)?.held?.isOpen() === true,
    rest: () => {
      for (const { held } of seats.values()) held?.rest();
    },
  };
}

type Held = { readonly open: () => OpenPolicy; readonly isOpen: () => boolean; readonly rest: () => void };

/** Opens a version when a call asks for it and keeps it open while calls do. */
function holdPolicy(policy: Openable): Held {
  let opened: OpenPolicy | null = null;
  let idleRounds = 0;
  return {
    open: function openPolicy() {
      idleRounds = 0;
      if (opened !== null) return opened;
      const prepared = policy.open();
      opened = { policy: prepared, understand: createUnderstanding(prepared) };
      return opened;
    },
    isOpen: () => opened !== null,
    rest: () => {
      idleRounds += 1;
      if (idleRounds < IDLE_ROUNDS_MAX) return;
      opened = null;
      policy.rest();
    },
  };
}
