import type { PolicyInput } from "../core/policy-input.ts";
import type { Ruling } from "../core/ruling.ts";
import { digestCall } from "./digest-call.ts";
import { findViolation } from "./find-violation.ts";
import { planChanges } from "./plan-changes.ts";
import { need, type Progress } from "./progress.ts";
import { readUsage } from "./read-usage.ts";
import type { Stop } from "./stop.ts";
import type { World } from "./world.ts";

/** Step 5: the tenant's policy rules, and what it obliges is planned; nothing is marked yet. */
export function decideCall(progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  const usage = readUsage(progress, world);
  return usage instanceof Promise ? usage.then((settled) => rule(settled, progress, world)) : rule(usage, progress, world);
}

function rule(usage: PolicyInput["usage"], progress: Progress, world: World): Stop | null {
  const policy = need(progress.policy, "the policy");
  const caller = need(progress.caller, "the caller");
  const intent = need(progress.intent, "the intent");
  const ruling = policy.decide({
    caller,
    call: progress.call,
    intent,
    findings: progress.findings,
    findingsCut: progress.findingsCut,
    nowMs: progress.nowMs,
    usage,
  });
  // What is no ruling must not reach the record either.
  if (!isRuling(ruling)) throw new Error("the policy gave no ruling of a known kind");
  progress.ruling = ruling;
  return ruling.kind === "deny" ? deniedBy(ruling) : plan(ruling, progress, world);
}

const RULING_KINDS = { deny: true, approval_needed: true, permit: true } as const satisfies Record<Ruling["kind"], true>;

function isRuling(ruling: Ruling | null | undefined): boolean {
  return typeof ruling === "object" && ruling !== null && Object.hasOwn(RULING_KINDS, ruling.kind ?? "") && Array.isArray(ruling.by);
}

function deniedBy(ruling: Extract<Ruling, { kind: "deny" }>): Stop {
  const by = ruling.by[0] ?? null;
  return { kind: "policy", code: by === null ? "no_matching_rule" : "denied_by_rule", by, approval: null };
}

function plan(ruling: Exclude<Ruling, { kind: "deny" }>, progress: Progress, world: World): Stop | null {
  const caller = need(progress.caller, "the caller");
  const intent = need(progress.intent, "the intent");
  const { call, findings, findingsCut } = progress;
  const { identityHeaders, pseudonyms } = world;
  const { obligations, sets } = ruling;
  const planned = planChanges({ call, intent, findings, findingsCut, obligations, sets, credentialHeaders: identityHeaders, pseudonyms });
  if (planned.kind === "refused") return { kind: "policy", code: planned.code, by: ruling.by[0] ?? null, approval: null };
  // What no proxy may be told to do ends here, where the record still says so.
  const violation = findViolation(planned.changes, call.method);
  if (violation !== null) throw new Error(violation);
  progress.plan = planned;
  const { tenant, agent, subject } = caller;
  progress.digest = digestCall({
    tenant,
    agent,
    subject,
    call,
    target: intent.target,
    changes: planned.changes,
    ownHeaders: sets.map(({ name }) => name.toLowerCase()),
    pseudonyms,
    identityHeaders,
  });
  return null;
}
