import type { Approval } from "../core/approval.ts";
import type { ApprovalKey } from "./approvals.ts";

/** Approvals in memory by id, by the call they are about, and those that wait by agent and tenant. */
export type ApprovalIndex = {
  readonly get: (id: string) => Approval | null;
  /** Adds it, or replaces the one with its id. */
  readonly put: (approval: Approval) => void;
  readonly remove: (id: string) => void;
  /** In the order they were made. */
  readonly all: () => Iterable<Approval>;
  /** Those about one call, oldest first. */
  readonly about: (key: ApprovalKey) => readonly Approval[];
  readonly pendingOfAgent: (of: AgentKey) => readonly Approval[];
  readonly pendingOfTenant: (tenant: string) => number;
};

type AgentKey = Pick<ApprovalKey, "tenant" | "agent">;

export function createApprovalIndex(): ApprovalIndex {
  const byId = new Map<string, Approval>();
  const byCall = new Map<string, Set<string>>();
  const pendingByAgent = new Map<string, Set<string>>();
  const pendingByTenant = new Map<string, Set<string>>();
  const pick = (ids: ReadonlySet<string> | undefined) => [...(ids ?? [])].flatMap((id) => byId.get(id) ?? []);

  function put(approval: Approval): void {
    const { id, subject } = approval;
    byId.set(id, approval);
    add(byCall, callKey(subject), id);
    const mark = approval.state === "pending" ? add : drop;
    mark(pendingByAgent, agentKey(subject), id);
    mark(pendingByTenant, subject.tenant, id);
  }

  function remove(id: string): void {
    const approval = byId.get(id);
    if (approval === undefined) return;
    byId.delete(id);
    drop(byCall, callKey(approval.subject), id);
    drop(pendingByAgent, agentKey(approval.subject), id);
    drop(pendingByTenant, approval.subject.tenant, id);
  }

  return {
    get: (id) => byId.get(id) ?? null,
    put,
    remove,
    all: () => byId.values(),
    about: (key) => pick(byCall.get(callKey(key))),
    pendingOfAgent: (of) => pick(pendingByAgent.get(agentKey(of))),
    pendingOfTenant: (tenant) => pendingByTenant.get(tenant)?.size ?? 0,
  };
}

// JSON keeps the parts apart whatever they contain (threats.md 35).
function callKey(key: Pick<ApprovalKey, "tenant" | "agent" | "rule" | "digest">): string {
  return JSON.stringify([key.tenant, key.agent, key.rule, key.digest]);
}

function agentKey({ tenant, agent }: AgentKey): string {
  return JSON.stringify([tenant, agent]);
}

function add(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key);
  if (ids === undefined) sets.set(key, new Set([id]));
  else ids.add(id);
}

function drop(sets: Map<string, Set<string>>, key: string, id: string): void {
  const ids = sets.get(key);
  if (ids === undefined) return;
  ids.delete(id);
  if (ids.size === 0) sets.delete(key);
}
