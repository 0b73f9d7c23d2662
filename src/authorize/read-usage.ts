import type { LimitUsage, PolicyInput } from "../core/policy-input.ts";
import { looksOf } from "../limits/entries-of.ts";
import type { MeteredEntry } from "../limits/ledger.ts";
import { need, type Progress } from "./progress.ts";
import type { World } from "./world.ts";

type Usage = PolicyInput["usage"];

const NOTHING: Usage = {};

/** How far the limits are used up whose usage the policy reads. One that cannot be told is missing. */
export function readUsage(progress: Progress, world: World): Usage | Promise<Usage> {
  const policy = need(progress.policy, "the policy");
  if (policy.usage.length === 0) return NOTHING;
  const caller = need(progress.caller, "the caller");
  const intent = need(progress.intent, "the intent");
  const shadow = progress.tenant?.mode === "shadow";
  const looks = looksOf(policy.usage, { caller, groups: policy.groupsOf(caller), intent, shadow, nowMs: progress.nowMs });
  const found = world.ledger.usage(looks, progress.nowMs);
  return found instanceof Promise ? found.then((settled) => byLimit(looks, settled)) : byLimit(looks, found);
}

/** Of a limit with several keys the one that is used up most counts: it is the one that would refuse. */
function byLimit(looks: readonly MeteredEntry[], found: readonly LimitUsage[]): Usage {
  if (found.length !== looks.length) throw new Error("the ledger did not tell the usage of every limit");
  const usage: Record<string, LimitUsage> = {};
  for (const [i, { limit }] of looks.entries()) {
    const here = found[i];
    const other = usage[limit];
    if (here !== undefined && (other === undefined || here.share > other.share)) usage[limit] = here;
  }
  return usage;
}
