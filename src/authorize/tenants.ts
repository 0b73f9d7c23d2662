import type { Observer } from "../core/observer.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import { createUnderstanding } from "../understanding/create-understanding.ts";
import type { Tenant } from "./world.ts";

export type TenantMode = { readonly name: string; readonly mode: "enforce" | "shadow" };

/** The tenants of a process. A call takes one reference; activating a policy replaces it whole. */
export type Tenants = {
  readonly find: (name: string) => Tenant | null;
  readonly sole: () => Tenant | null;
  readonly all: () => readonly Tenant[];
  readonly activate: (name: string, policy: PreparedPolicy) => void;
  /** Without a policy that could decide, the tenant denies `policy_unavailable`; one that decides already goes on. */
  readonly fail: (name: string, reason: string) => void;
};

export function createTenants(modes: readonly TenantMode[], observer: Observer): Tenants {
  const tenants = new Map<string, Tenant>(
    modes.map(({ name, mode }) => [name, { name, mode, policy: { kind: "unavailable", reason: "no policy was loaded yet" } }]),
  );

  function modeOf(name: string): TenantMode["mode"] {
    const known = tenants.get(name);
    if (known === undefined) throw new Error(`there is no tenant ${name}`);
    return known.mode;
  }

  function activate(name: string, policy: PreparedPolicy): void {
    tenants.set(name, { name, mode: modeOf(name), policy: { kind: "ready", policy, understand: createUnderstanding(policy) } });
    observer.log("info", "policy active", { tenant: name, policy: policy.name, revision: policy.revision, digest: policy.digest });
  }

  function fail(name: string, reason: string): void {
    observer.count("sluice_policy_load_failures_total", { tenant: name });
    observer.log("error", "policy could not be loaded", { tenant: name, reason });
    if (tenants.get(name)?.policy.kind !== "ready")
      tenants.set(name, { name, mode: modeOf(name), policy: { kind: "unavailable", reason } });
  }

  return {
    find: (name) => tenants.get(name) ?? null,
    sole: () => (tenants.size === 1 ? (tenants.values().next().value ?? null) : null),
    all: () => [...tenants.values()],
    activate,
    fail,
  };
}
