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
};
