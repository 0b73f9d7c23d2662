import { createMemoryApprovals } from "../approvals/approvals.memory.ts";
import { APPROVAL_LIMITS } from "../approvals/approvals.ts";
import { createAuthorize } from "../authorize/authorize.ts";
import { createTenants } from "../authorize/tenants.ts";
import type { Call } from "../core/call.ts";
import type { Caller } from "../core/caller.ts";
import type { Decision } from "../core/decision.ts";
import type { Pseudonyms } from "../core/keys.ts";
import { SILENT } from "../core/observer.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import type { DecisionReceipt } from "../core/receipt.ts";
import { createMemoryLedger } from "../limits/ledger.memory.ts";

export type OfflineCall = { readonly caller: Caller; readonly call: Call; readonly nowMs: number };

export type OfflineDecision = { readonly decision: Decision; readonly receipt: DecisionReceipt };

const DEADLINE_US = 60_000_000;

/** Decides one call as the server would, with fresh limits and nothing approved, leaving no trace. */
export async function decideOffline(
  policy: PreparedPolicy,
  { caller, call, nowMs }: OfflineCall,
  pseudonyms: Pseudonyms,
): Promise<OfflineDecision> {
  const tenants = createTenants([{ name: caller.tenant, mode: "enforce" }], SILENT);
  tenants.activate(caller.tenant, policy);
  const receipts: DecisionReceipt[] = [];
  const authorize = createAuthorize({
    clock: { nowMs: () => nowMs, monotonicUs: () => 0 },
    observer: SILENT,
    pseudonyms,
    identifier: { identify: () => ({ kind: "caller", caller, via: "case" }) },
    revocations: { find: () => null },
    findTenant: tenants.find,
    soleTenant: tenants.sole,
    approvals: createMemoryApprovals({ people: [], limits: APPROVAL_LIMITS, onTransition: () => {} }),
    ledger: createMemoryLedger(),
    recorder: {
      record: (draft) => {
        if (draft.kind === "decision") receipts.push(draft);
      },
    },
    identityHeaders: [],
  });
  const decision = await authorize({ kind: "call", call }, DEADLINE_US);
  const receipt = receipts[0];
  if (receipt === undefined) throw new Error("the call left no record");
  return { decision, receipt };
}
