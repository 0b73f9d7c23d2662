import { isInScope } from "../identity/scope.ts";
import { BODY_BYTES_IN_PLACE_MAX, type Understood } from "../understanding/create-understanding.ts";
import type { Refused } from "../understanding/refused.ts";
import { need, type Progress } from "./progress.ts";
import { LONG_BODIES_WAIT, type LongRead } from "./read-off-loop/long-bodies.ts";
import type { Stop } from "./stop.ts";
import type { World } from "./world.ts";

/** Step 2: what the call means, and whether the token's scope reaches that far. Only long bodies are waited for. */
export function understandCall(progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  const { policy } = need(progress.tenant, "the tenant");
  if (policy.kind === "unavailable") return { kind: "fault", code: "policy_unavailable", detail: policy.reason };
  if (progress.nowMs >= policy.goodUntilMs)
    return { kind: "fault", code: "policy_unavailable", detail: "the version is not good any longer" };
  const opened = policy.open();
  progress.policy = opened.policy;
  const understood = opened.understand(progress.call, BODY_BYTES_IN_PLACE_MAX);
  switch (understood.kind) {
    case "refused":
      return stopOf(understood);
    case "understood":
      return takeUnderstood(understood, progress);
    case "too_long": {
      const read = world.longBodies.read(opened, progress.call, progress.deadlineUs);
      return read instanceof Promise ? read.then((settled) => takeRead(settled, progress)) : takeRead(read, progress);
    }
    default:
      throw new Error("understanding gave neither an intent nor a refusal");
  }
}

function stopOf({ code, detail }: Refused): Stop {
  if (code === "destination_private") return { kind: "policy", code, by: null, approval: null };
  return { kind: "malformed", code, detail };
}

function takeUnderstood(understood: Understood, progress: Progress): Stop | null {
  progress.passages = understood.passages;
  progress.detectors = understood.detectors;
  progress.findingsCut = understood.passagesCut;
  return takeIntent(understood, progress);
}

/** Its detectors have looked already, so the step that inspects finds nothing to look at. */
function takeRead(read: LongRead, progress: Progress): Stop | null {
  switch (read.kind) {
    case "overloaded":
      return { kind: "fault", code: "overloaded", detail: LONG_BODIES_WAIT };
    case "refused":
      return stopOf(read);
    case "understood":
      progress.findings = read.findings;
      progress.findingsCut = read.findingsCut;
      return takeIntent(read, progress);
    default:
      throw new Error("reading a long body gave neither an intent nor a refusal");
  }
}

function takeIntent({ intent, recorded }: Pick<Understood, "intent" | "recorded">, progress: Progress): Stop | null {
  progress.intent = intent;
  progress.recorded = recorded;
  const { scope } = need(progress.caller, "the caller");
  return isInScope(scope, intent.tool, intent.target.host) ? null : { kind: "policy", code: "out_of_scope", by: null, approval: null };
}
