import { createMemoryApprovals } from "../../../src/approvals/approvals.memory.ts";
import { APPROVAL_LIMITS } from "../../../src/approvals/approvals.ts";
import { readInPlace } from "../../../src/authorize/read-off-loop/long-bodies.ts";
import type { Tenant, World } from "../../../src/authorize/world.ts";
import type { Call } from "../../../src/core/call.ts";
import type { Caller } from "../../../src/core/caller.ts";
import { SILENT } from "../../../src/core/observer.ts";
import type { PreparedPolicy } from "../../../src/core/policy.ts";
import { UNAUTHENTICATED } from "../../../src/core/proxy.ts";
import type { DecisionReceipt } from "../../../src/core/receipt.ts";
import type { ApprovalRequirement, Limit, Ruling } from "../../../src/core/ruling.ts";
import { inspect } from "../../../src/detectors/inspect.ts";
import { createMemoryLedger } from "../../../src/limits/ledger.memory.ts";
import { createUnderstanding } from "../../../src/understanding/create-understanding.ts";

export const NOW = 1_800_000_000_000;

export const CALL: Call = {
  method: "POST",
  scheme: "https",
  authority: "api.example.com",
  target: "/v1/things?a=1",
  headers: new Map([
    ["x-sluice-token", "a token"],
    ["content-type", "application/json"],
  ]),
  repeated: new Set(),
  body: { kind: "full", bytes: Buffer.from("{}") },
  protocol: "HTTP/1.1",
  principal: null,
  context: {},
  proxy: UNAUTHENTICATED,
  proxyRequestId: "1",
  traceparent: null,
};

export const CALLER: Caller = {
  tenant: "default",
  agent: "finance-1",
  subject: null,
  actors: [],
  roles: [],
  groups: [],
  scope: null,
  labels: {},
  session: null,
  agentVersion: null,
  issuer: "issuer",
  tokenId: "t1",
  credential: "agent_token",
  issuedAt: NOW / 1000,
};

const BY = { rule: "p/r", code: null, reason: null, hint: null };
const RULING = { limits: [], shadow: [], unknowns: [], factPaths: [] };
export const RATE: Limit = { id: "p/rate", per: ["agent"], bound: { kind: "rate", count: 1, periodMs: 1000, burst: 1 }, timeZone: "UTC" };

export const PERMIT: Extract<Ruling, { kind: "permit" }> = { ...RULING, kind: "permit", by: [BY], obligations: [], sets: [] };
export const PERMIT_LIMITED: Ruling = { ...PERMIT, limits: [RATE] };
export const DENY: Ruling = { ...RULING, kind: "deny", by: [{ ...BY, code: "not_here", reason: "Not here." }] };
export const UNMATCHED = { ...RULING, kind: "deny", by: [] } as const satisfies Ruling;
export const REQUIREMENT: ApprovalRequirement = {
  from: ["treasury"],
  people: [],
  count: 1,
  exclude: [],
  note: false,
  bind: null,
  expiresMs: 900_000,
  useWithinMs: 600_000,
  summary: null,
};
export const ASK: Extract<Ruling, { kind: "approval_needed" }> = {
  ...RULING,
  kind: "approval_needed",
  by: [BY],
  requirements: [REQUIREMENT],
  obligations: [],
  sets: [],
};

export type Parts = Partial<Omit<World, "findTenant" | "soleTenant">> & {
  readonly policy?: Partial<PreparedPolicy>;
  readonly tenant?: Partial<Tenant>;
  readonly ruling?: Ruling;
};

/** A world of memory adapters in which everything works, but for the parts a test replaces. */
export function createWorld(parts: Parts = {}): { readonly world: World; readonly receipts: DecisionReceipt[] } {
  const receipts: DecisionReceipt[] = [];
  const { ruling = PERMIT, policy: policyParts, tenant: tenantParts, ...worldParts } = parts;
  const policy: PreparedPolicy = {
    name: "p",
    revision: "r1",
    digest: "d",
    catalogue: [],
    reads: [],
    namedHosts: new Set(),
    usage: [],
    groupsOf: (caller) => caller.groups,
    decide: () => ruling,
    explain: () => [],
    ...policyParts,
  };
  const tenant: Tenant = {
    name: "default",
    mode: "enforce",
    policy: { kind: "ready", goodUntilMs: Number.POSITIVE_INFINITY, open: () => ({ policy, understand: createUnderstanding(policy) }) },
    ...tenantParts,
  };
  const world: World = {
    clock: { nowMs: () => NOW, monotonicUs: () => 0 },
    observer: SILENT,
    pseudonyms: { hmacHex: (text) => `h${text.length}` },
    identifier: { identify: () => ({ kind: "caller", caller: CALLER, via: "x-sluice-token" }) },
    revocations: { find: () => null },
    findTenant: (name) => (name === tenant.name ? tenant : null),
    soleTenant: () => tenant,
    inspect,
    longBodies: readInPlace(inspect),
    approvals: createMemoryApprovals({ people: [], limits: APPROVAL_LIMITS, onTransition: () => {} }),
    ledger: createMemoryLedger(),
    recorder: {
      record: (draft) => {
        if (draft.kind === "decision") receipts.push(draft);
      },
    },
    explanations: { keep: () => {} },
    identityHeaders: ["x-sluice-token", "proxy-authorization"],
    ...worldParts,
  };
  return { world, receipts };
}
