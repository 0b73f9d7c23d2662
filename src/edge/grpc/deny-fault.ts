import { CODES, type Code } from "../../core/codes.ts";
import type { CodeOf, DecisionFacts, Deny } from "../../core/decision.ts";

/** The decision where none was reached. */
export function denyFault(code: CodeOf<"fault"> & Code, facts: DecisionFacts): Deny {
  const { message, hint } = CODES[code];
  return { kind: "deny", class: "fault", code, message, hint, rule: null, facts, retryAfterMs: RETRY_AFTER_MS };
}

/** Facts of a call about which nothing is known but the id it was given. */
export function unknownFacts(id: string): DecisionFacts {
  return {
    id,
    tenant: null,
    agent: null,
    policyName: null,
    policyRevision: null,
    shadow: null,
    costMicros: null,
    hold: null,
  };
}

const RETRY_AFTER_MS = 1000;
