import { isInScope } from "../identity/scope.ts";
import { need, type Progress } from "./progress.ts";
import type { Stop } from "./stop.ts";

/** Step 2: what the call means, and whether the token's scope reaches that far. */
export function understandCall(progress: Progress): Stop | null {
  const { policy } = need(progress.tenant, "the tenant");
  if (policy.kind === "unavailable") return { kind: "fault", code: "policy_unavailable", detail: policy.reason };
  progress.policy = policy.policy;
  const understood = policy.understand(progress.call);
  switch (understood.kind) {
    case "refused":
      if (understood.code === "destination_private") return { kind: "policy", code: understood.code, by: null, approval: null };
      return { kind: "malformed", code: understood.code, detail: understood.detail };
    case "understood":
      break;
    default:
      throw new Error("understanding gave neither an intent nor a refusal");
  }
  const { intent } = understood;
  progress.intent = intent;
  progress.passages = understood.passages;
  progress.detectors = understood.detectors;
  progress.findingsCut = understood.passagesCut;
  const { scope } = need(progress.caller, "the caller");
  return isInScope(scope, intent.tool, intent.target.host) ? null : { kind: "policy", code: "out_of_scope", by: null, approval: null };
}
