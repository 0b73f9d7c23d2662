import type { PolicyInput } from "../core/policy-input.ts";
import type { Obligation, Ruling } from "../core/ruling.ts";
import { BODY_BYTES_IN_PLACE_MAX } from "../understanding/create-understanding.ts";
import { digestCall } from "./digest-call.ts";
import { findViolation } from "./find-violation.ts";
import { planChanges } from "./plan-changes.ts";
import { need, type Progress } from "./progress.ts";
import { LONG_BODIES_WAIT, type LongFound } from "./read-off-loop/long-bodies.ts";
import { readUsage } from "./read-usage.ts";
import type { Stop } from "./stop.ts";
import type { World } from "./world.ts";

/** Step 5: the tenant's policy rules, and what it obliges is planned; nothing is marked yet. */
export function decideCall(progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  const usage = readUsage(progress, world);
  return usage instanceof Promise ? usage.then((settled) => rule(settled, progress, world)) : rule(usage, progress, world);
}

function rule(usage: PolicyInput["usage"], progress: Progress, world: World): Stop | null | Promise<Stop | null> {
  const policy = need(progress.policy, "the policy");
  const caller = need(progress.caller, "the caller");
  const intent = need(progress.intent, "the intent");
  const { call, findings, findingsCut, nowMs } = progress;
  const input: PolicyInput = { caller, call, intent, findings, findingsCut, nowMs, usage };
  progress.policyInput = input;
  const ruling = policy.decide(input);
  // What is no ruling must not reach the record either.
  if (!isRuling(ruling)) throw new Error("the policy gave no ruling of a known kind");
  progress.ruling = ruling;
  if (ruling.kind === "deny") return deniedBy(ruling);
  const found = findInLongBody(ruling.obligations, progress, world);
  const planWith = (settled: LongFound | null) => plan({ ruling, foundInBody: settled }, progress, world);
  return found instanceof Promise ? found.then(planWith) : planWith(found);
}

/** Null where there is nothing to look for, or the body is short enough for looking when the changes are planned. */
function findInLongBody(obligations: readonly Obligation[], progress: Progress, world: World): LongFound | null | Promise<LongFound> {
  const { body } = progress.call;
  if (body.kind !== "full" || body.bytes.length <= BODY_BYTES_IN_PLACE_MAX) return null;
  const inBody = obligations.filter((one) => one.kind === "redact_form" || one.kind === "redact_json");
  return inBody.length === 0 ? null : world.longBodies.find(progress.call, inBody, progress.deadlineUs);
}

const RULING_KINDS = { deny: true, approval_needed: true, permit: true } as const satisfies Record<Ruling["kind"], true>;

function isRuling(ruling: Ruling | null | undefined): boolean {
  return typeof ruling === "object" && ruling !== null && Object.hasOwn(RULING_KINDS, ruling.kind ?? "") && Array.isArray(ruling.by);
}

function deniedBy(ruling: Extract<Ruling, { kind: "deny" }>): Stop {
  const by = ruling.by[0] ?? null;
  return { kind: "policy", code: by === null ? "no_matching_rule" : "denied_by_rule", by, approval: null };
}

type Planning = { readonly ruling: Exclude<Ruling, { kind: "deny" }>; readonly foundInBody: LongFound | null };

function plan({ ruling, foundInBody: looked }: Planning, progress: Progress, world: World): Stop | null {
  if (looked?.kind === "overloaded") return { kind: "fault", code: "overloaded", detail: LONG_BODIES_WAIT };
  const foundInBody = looked?.found ?? null;
  const caller = need(progress.caller, "the caller");
  const intent = need(progress.intent, "the intent");
  const { call, findings, findingsCut } = progress;
  const { identityHeaders, pseudonyms } = world;
  const { obligations, sets } = ruling;
  const credentialHeaders = identityHeaders;
  const planned = planChanges({ call, intent, findings, findingsCut, foundInBody, obligations, sets, credentialHeaders, pseudonyms });
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
