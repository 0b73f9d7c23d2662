import { createMemoryApprovals } from "../approvals/approvals.memory.ts";
import { APPROVAL_LIMITS } from "../approvals/approvals.ts";
import { createAuthorize } from "../authorize/authorize.ts";
import { readInPlace } from "../authorize/read-off-loop/long-bodies.ts";
import { createTenants } from "../authorize/tenants.ts";
import type { Call } from "../core/call.ts";
import type { Caller } from "../core/caller.ts";
import type { Decision } from "../core/decision.ts";
import type { Pseudonyms } from "../core/keys.ts";
import { SILENT } from "../core/observer.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import type { DecisionReceipt } from "../core/receipt.ts";
import { inspect } from "../detectors/inspect.ts";
import { createMemoryLedger } from "../limits/ledger.memory.ts";
import type { PolicyCase } from "../policy/compile/cases.ts";
import { inspectGiven } from "./inspect-given.ts";
import { primeLedger } from "./prime-ledger.ts";

export type OfflineCall = {
  readonly caller: Caller;
  readonly call: Call;
  readonly nowMs: number;
  /** What a case says of the world around the call. */
  readonly given?: GivenFacts;
};

/** How far limits are used up, and what detectors see where they do not look for themselves. */
export type GivenFacts = Pick<PolicyCase, "usage" | "findings">;

export type OfflineDecision = { readonly decision: Decision; readonly receipt: DecisionReceipt };

const NOTHING_GIVEN: GivenFacts = { usage: {}, findings: null };

const DEADLINE_US = 60_000_000;

/** Decides one call as the server would, with fresh limits and nothing approved, leaving no trace. */
export async function decideOffline(
  policy: PreparedPolicy,
  { caller, call, nowMs, given = NOTHING_GIVEN }: OfflineCall,
  pseudonyms: Pseudonyms,
): Promise<OfflineDecision> {
  const tenants = createTenants([{ name: caller.tenant, mode: "enforce" }]);
  tenants.activate(caller.tenant, { open: () => policy, rest: () => {} }, Number.POSITIVE_INFINITY);
  const receipts: DecisionReceipt[] = [];
  const inspectCase = given.findings === null ? inspect : inspectGiven(given.findings);
  const authorize = createAuthorize({
    clock: { nowMs: () => nowMs, monotonicUs: () => 0 },
    observer: SILENT,
    pseudonyms,
    identifier: { identify: () => ({ kind: "caller", caller, via: "case" }) },
    revocations: { find: () => null },
    findTenant: tenants.find,
    soleTenant: tenants.sole,
    inspect: inspectCase,
    longBodies: readInPlace(inspectCase),
    approvals: createMemoryApprovals({ people: [], limits: APPROVAL_LIMITS, onTransition: () => {} }),
    ledger: primeLedger(createMemoryLedger(), given.usage),
    recorder: {
      record: (draft) => {
        if (draft.kind === "decision") receipts.push(draft);
      },
    },
    explanations: { keep: () => {} },
    identityHeaders: [],
  });
  const decision = await authorize({ kind: "call", call }, DEADLINE_US);
  const receipt = receipts[0];
  if (receipt === undefined) throw new Error("the call left no record");
  return { decision, receipt };
}
