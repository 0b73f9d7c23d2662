import type { Approval } from "../core/approval.ts";
import type { Call } from "../core/call.ts";
import type { Caller } from "../core/caller.ts";
import type { Changes } from "../core/decision.ts";
import type { Finding, Passage } from "../core/finding.ts";
import type { Intent } from "../core/intent.ts";
import type { PreparedPolicy } from "../core/policy.ts";
import type { PolicyInput } from "../core/policy-input.ts";
import type { Ruling } from "../core/ruling.ts";
import type { Hold, Remaining } from "../limits/ledger.ts";
import type { Tenant } from "./world.ts";

/**
 * What is known of one call so far. Each step adds its own part and no other; the record tells whatever is there when
 * the call stops.
 */
export type Progress = {
  readonly call: Call;
  readonly nowMs: number;
  /** On the monotonic clock. */
  readonly deadlineUs: number;
  tenant: Tenant | null;
  caller: Caller | null;
  /** What identification said, for metrics and the record: `ok` or the operators' reason of the refusal. */
  identity: string;
  policy: PreparedPolicy | null;
  intent: Intent | null;
  passages: readonly Passage[];
  detectors: readonly string[];
  /** Names of the arguments that the record shows in clear. */
  recorded: readonly string[];
  findings: readonly Finding[];
  findingsCut: boolean;
  /** What the policy is asked. */
  policyInput: PolicyInput | null;
  ruling: Ruling | null;
  plan: Plan | null;
  digest: string | null;
  /** Approved requests this call uses up. */
  grants: readonly Approval[];
  /** Ids of the grants this call, and no other, has used up. */
  usedGrants: string[];
  /** The request that was opened or found pending. */
  asked: Approval | null;
  hold: Hold | null;
  remaining: readonly Remaining[];
};

export type Plan = { readonly changes: Changes; readonly tookOut: boolean; readonly done: readonly string[] };

export function beginProgress(call: Call, nowMs: number, deadlineUs: number): Progress {
  return {
    call,
    nowMs,
    deadlineUs,
    tenant: null,
    caller: null,
    identity: "not_reached",
    policy: null,
    intent: null,
    passages: [],
    detectors: [],
    recorded: [],
    findings: [],
    findingsCut: false,
    policyInput: null,
    ruling: null,
    plan: null,
    digest: null,
    grants: [],
    usedGrants: [],
    asked: null,
    hold: null,
    remaining: [],
  };
}

/** What an earlier step has left. Its absence is a fault of ours, never a reason to let the call go on. */
export function need<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`a step ran before the one that gives ${what}`);
  return value;
}
