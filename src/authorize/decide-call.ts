import type { PolicyInput } from "../core/policy-input.ts";
import type { Ruling } from "../core/ruling.ts";
import { BODY_BYTES_IN_PLACE_MAX } from "../understanding/create-understanding.ts";
import type { FoundInLongBody, SanitizeRefusal } from "./carry-out.ts";
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
  const inBody = obligationsOfLongBody(ruling, progress);
  if (inBody.length === 0) return plan({ ruling, inLongBody: null }, progress, world);
  const found = world.longBodies.find(progress.call, inBody, progress.deadlineUs);
  const planWith = (settled: LongFound): Stop | null => {
    if (settled.kind === "overloaded") return { kind: "fault", code: "overloaded", detail: LONG_BODIES_WAIT };
    return plan({ ruling, inLongBody: settled.found === null ? "nothing" : (inBody[settled.found] ?? null) }, progress, world);
  };
  return found instanceof Promise ? found.then(planWith) : planWith(found);
}

type Going = Exclude<Ruling, { readonly kind: "deny" }>;

/** None where there is nothing to look for, or the body is short enough for looking when the changes are planned. */
function obligationsOfLongBody({ obligations }: Going, { call: { body } }: Progress) {
  if (body.kind !== "full" || body.bytes.length <= BODY_BYTES_IN_PLACE_MAX) return [];
  return obligations.filter((one) => one.kind === "redact_form" || one.kind === "redact_json");
}

const RULING_KINDS = { deny: true, approval_needed: true, permit: true } as const satisfies Record<Ruling["kind"], true>;

function isRuling(ruling: Ruling | null | undefined): boolean {
  return typeof ruling === "object" && ruling !== null && Object.hasOwn(RULING_KINDS, ruling.kind ?? "") && Array.isArray(ruling.by);
}

function deniedBy(ruling: Extract<Ruling, { kind: "deny" }>): Stop {
  const by = ruling.by[0] ?? null;
  return { kind: "policy", code: by === null ? "no_matching_rule" : "denied_by_rule", by, approval: null };
}

type Planning = { readonly ruling: Going; readonly inLongBody: FoundInLongBody };

function plan({ ruling, inLongBody }: Planning, progress: Progress, world: World): Stop | null {
  const caller = need(progress.caller, "the caller");
  const intent = need(progress.intent, "the intent");
  const { call, findings, findingsCut } = progress;
  const { identityHeaders, pseudonyms } = world;
  const { obligations, sets } = ruling;
  const credentialHeaders = identityHeaders;
  const planned = planChanges({ call, intent, findings, findingsCut, inLongBody, obligations, sets, credentialHeaders, pseudonyms });
  if (planned.kind === "refused") return cannotCarryOut(planned);
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

/** It names the rule that says what cannot be done, whichever rule permits. */
function cannotCarryOut({ code, rule, what }: SanitizeRefusal): Stop {
  return { kind: "policy", code, by: { rule, code: null, reason: null, hint: null }, approval: null, detail: what };
}
