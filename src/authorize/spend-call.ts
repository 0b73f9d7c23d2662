import { entriesOf } from "../limits/entries-of.ts";
import type { ChargeResult, LedgerEntry, Remaining } from "../limits/ledger.ts";
import { ask } from "./approve-call.ts";
import { describeUnchargeable } from "./describe-unchargeable.ts";
import { need, type Progress } from "./progress.ts";
import type { Stop } from "./stop.ts";
import type { World } from "./world.ts";

/** Step 7: charges all limits of the call and uses its grants up, in one act. */
export function spendCall(progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  const ruling = need(progress.ruling, "the ruling");
  if (ruling.limits.length === 0 && progress.grants.length === 0) return null;
  const shadow = progress.tenant?.mode === "shadow";
  const caller = need(progress.caller, "the caller");
  const intent = need(progress.intent, "the intent");
  const groups = need(progress.policy, "the policy").groupsOf(caller);
  const charged = entriesOf(ruling.limits, { caller, groups, intent, shadow, nowMs: progress.nowMs });
  if (charged.kind === "unchargeable") {
    return { kind: "budget", code: charged.code, rule: charged.limit, detail: describeUnchargeable(charged, ruling.limits, intent) };
  }
  const result = world.ledger.charge([...charged.entries, ...grantEntries(progress)], progress.nowMs);
  if (result instanceof Promise) return result.then((settled) => takeCharge(settled, progress, world));
  return takeCharge(result, progress, world);
}

function takeCharge(result: ChargeResult, progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  switch (result.kind) {
    case "refused":
      return refusedBy(result.by, result.retryAfterMs, progress, world);
    case "granted":
      progress.hold = result.hold;
      progress.remaining = leastOfEach(result.remaining);
      return progress.grants.length === 0 ? null : useGrants(progress, world);
    default:
      throw new Error("the ledger gave neither a hold nor a refusal");
  }
}

/** A limit that was charged for several groups has left what is left for the group that has least. */
function leastOfEach(remaining: readonly Remaining[]): readonly Remaining[] {
  if (remaining.length < 2) return remaining;
  const least = new Map<string, Remaining>();
  for (const one of remaining) {
    const other = least.get(one.id);
    if (other === undefined || one.remaining < other.remaining) least.set(one.id, one);
  }
  return [...least.values()];
}

/** The grant's use lasts before the call goes on. One that was used meanwhile means: ask again. */
async function useGrants(progress: Progress, world: World): Promise<Stop | null> {
  for (const grant of progress.grants) {
    if (!(await world.approvals.consume(grant.id, progress.nowMs))) return askAgain(grant.id, progress, world);
    progress.usedGrants.push(grant.id);
  }
  return null;
}

function refusedBy(entry: LedgerEntry, retryAfterMs: number, progress: Progress, world: World): Stop | Promise<Stop> {
  switch (entry.kind) {
    case "rate":
      return { kind: "limit", code: "rate_exceeded", retryAfterMs, rule: entry.limit };
    case "budget":
      return { kind: "budget", code: "budget_exceeded", rule: entry.limit };
    case "grant":
      return askAgain(entry.limit, progress, world);
  }
}

/** The rule whose grant another call used up meanwhile asks anew. */
function askAgain(grantId: string, progress: Progress, world: World): Stop | Promise<Stop> {
  const ruling = need(progress.ruling, "the ruling");
  if (ruling.kind !== "approval_needed") throw new Error("a grant was used where nobody was asked");
  const at = progress.grants.findIndex(({ id }) => id === grantId);
  const [by, requirement] = [ruling.by[at], ruling.requirements[at]];
  if (by === undefined || requirement === undefined) throw new Error("a grant was used that no rule asked for");
  return ask(progress, world, { by, requirement });
}

function grantEntries(progress: Progress): LedgerEntry[] {
  return progress.grants.map((grant) => ({
    kind: "grant",
    limit: grant.id,
    key: `grant:${grant.id}`,
    lapsesAtMs: grant.useByMs ?? grant.expiresAtMs,
  }));
}

/** Gives back what a call took that does not go on after all; nothing when it took nothing. */
export async function giveBack(progress: Progress, world: World): Promise<void> {
  const { hold, usedGrants } = progress;
  progress.hold = null;
  progress.usedGrants = [];
  if (hold !== null) await world.ledger.release(hold, progress.nowMs);
  for (const id of usedGrants) await world.approvals.restore(id);
}
