import type { Call } from "./call.ts";
import type { Caller } from "./caller.ts";
import type { Finding } from "./finding.ts";
import type { Intent } from "./intent.ts";

/** Everything a policy may look at for one call, before it is trimmed to what the bundle reads. */
export type PolicyInput = {
  readonly caller: Caller;
  readonly call: Call;
  readonly intent: Intent;
  readonly findings: readonly Finding[];
  /** True when detectors could not see everything the policy asked them to look at. */
  readonly findingsCut: boolean;
  readonly nowMs: number;
  /** How far each limit is used up whose usage the policy reads (`PreparedPolicy.usage`), by limit id. A missing one is unknown. */
  readonly usage: Readonly<Record<string, LimitUsage>>;
};

/** Calls of a rate, or main units of a budget's currency. */
export type LimitUsage = {
  readonly used: number;
  readonly remaining: number;
  /** 0 … 1, the used part of the whole. */
  readonly share: number;
};
