import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { KeptBundle, LiveBundle, Offered, OfferRules, PolicyDesk, TenantPolicy } from "../../../src/operate/policy-desk.ts";

export type MemoryDesk = PolicyDesk & {
  readonly activate: (tenant: string, content: string) => string;
  readonly offers: (OfferRules & { readonly tenant: string; readonly content: string })[];
  /** How many wait for a change now. */
  readonly waiting: () => number;
};

export const digestOf = (content: string) => createHash("sha256").update(content).digest("hex");

/** Policies in memory: `default` takes pushes, `other` has a folder. Bundles are any bytes; `wider`, `broken` are refused so. */
export function createMemoryDesk(): MemoryDesk {
  const live = new Map<string, LiveBundle>();
  const kept = new Map<string, KeptBundle[]>();
  const waiters = new Set<() => void>();
  const offers: MemoryDesk["offers"] = [];

  function activate(tenant: string, content: string): string {
    const [digest, serial] = [digestOf(content), (kept.get(tenant)?.length ?? 0) + 1];
    const one = { revision: `rev-${content}`, digest, serial, read: async () => Buffer.from(content) };
    live.set(tenant, { ...one, serialMark: serial });
    kept.set(tenant, [{ ...one, activatedAtMs: serial * 1000 }, ...(kept.get(tenant) ?? [])]);
    for (const wake of waiters) wake();
    return digest;
  }

  async function waitForChange(tenant: string, digest: string, { ms, signal }: { readonly ms: number; readonly signal: AbortSignal }) {
    const changed = new AbortController();
    const wake = () => {
      if (live.get(tenant)?.digest !== digest) changed.abort();
    };
    waiters.add(wake);
    wake();
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, changed.signal]) }).catch(() => {});
    waiters.delete(wake);
  }

  async function offer(tenant: string, packed: Uint8Array, how: OfferRules): Promise<Offered> {
    const content = Buffer.from(packed).toString();
    offers.push({ tenant, content, ...how });
    if (tenant !== "default") return { kind: "not_pushed" };
    if (content === "broken") return { kind: "refused", code: "hash_mismatch", reason: "data.json is not what was signed\u202e" };
    const changes = { added: ["p/a"], removed: [], changed: [], widening: content === "wider" };
    if (content === "wider" && how.forbidWidening) return { kind: "widens", changes };
    const digest = activate(tenant, content);
    return { kind: "live", revision: `rev-${content}`, digest, serial: live.get(tenant)?.serial ?? 0, changes };
  }

  return {
    describe: () => ["default", "other"].map((tenant) => rowOf(tenant, live.get(tenant) ?? null)),
    live: (tenant) => live.get(tenant) ?? null,
    waitForChange,
    offer,
    history: async (tenant) => kept.get(tenant) ?? [],
    activate,
    offers,
    waiting: () => waiters.size,
  };
}

function rowOf(tenant: string, live: LiveBundle | null): TenantPolicy {
  return {
    tenant,
    state: "ready",
    source: tenant === "default" ? "pushed" : "folder",
    name: "p",
    revision: live?.revision ?? "r0",
    digest: live?.digest ?? "0".repeat(64),
    serial: live?.serial ?? null,
    serialMark: live?.serialMark ?? null,
    signedBy: live === null ? null : "ci-1",
    notAfterMs: null,
    activatedAtMs: 1_000,
    ageMs: live === null ? null : 2_500,
    lastError: live === null ? null : { code: "expired", reason: "it was good until then", atMs: 2_000 },
  };
}
