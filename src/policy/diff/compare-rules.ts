import type { ApprovalRequirement, Limit } from "../../core/ruling.ts";
import { canonicalText } from "../digest-policy.ts";
import type { ProgramRule } from "../program.ts";
import { compareConditions } from "./compare-conditions.ts";
import { compareMatches } from "./compare-match.ts";
import { describeApproval, describeClauses, describeLimit, describeMatch, describeObligations, describeSets } from "./describe-rule.ts";
import type { Change } from "./differences.ts";
import type { Relation } from "./relation.ts";

/** What a rule does: it can open a call or it can hold one back, and a rule may do both. */
export function canOpen({ effect, guard, sets }: ProgramRule): boolean {
  return effect === "allow" || (effect === "approval_needed" && !guard) || sets.length > 0;
}

export function canHoldBack({ effect, obligations, sets }: ProgramRule): boolean {
  return effect === "deny" || effect === "approval_needed" || effect === "limit" || obligations.length + sets.length > 0;
}

/** How a rule changed, part by part. */
export function compareRules(a: ProgramRule, b: ProgramRule): readonly Change[] {
  const compared = [...compareForce(a, b), ...compareReach(a, b), ...compareBurden(a, b), ...compareTexts(a, b)];
  const changes = compared.filter(({ isSame }) => !isSame).map(({ isSame: _isSame, ...change }) => change);
  // A rule in shadow holds nothing back and opens nothing: only that it enters or leaves it counts.
  return a.shadow || b.shadow ? changes.map((change) => (change.part === "mode" ? change : { ...change, mayWiden: false })) : changes;
}

type Compared = Change & { readonly isSame: boolean };

const STRICTNESS = { deny: 3, approval_needed: 2, allow: 1, add: 0, limit: 0 } as const satisfies Record<ProgramRule["effect"], number>;

function compareForce(a: ProgramRule, b: ProgramRule): readonly Compared[] {
  return [
    { part: "effect", was: a.effect, is: b.effect, isSame: a.effect === b.effect, mayWiden: isWeaker(a.effect, b.effect) },
    {
      part: "mode",
      was: a.shadow ? "shadow" : "enforce",
      is: b.shadow ? "shadow" : "enforce",
      isSame: a.shadow === b.shadow,
      mayWiden: b.shadow ? canHoldBack(a) : canOpen(b),
    },
  ];
}

/** Whether the second lets more go on than the first, or holds less back. */
function isWeaker(a: ProgramRule["effect"], b: ProgramRule["effect"]): boolean {
  if (b === "allow") return true;
  return a !== "allow" && (b === "approval_needed" || STRICTNESS[b] < STRICTNESS[a]);
}

function compareReach(a: ProgramRule, b: ProgramRule): readonly Compared[] {
  const opens = canOpen(a) || canOpen(b);
  const holdsBack = canHoldBack(a) || canHoldBack(b);
  const opening = (relation: Relation) => opens && (relation === "wider" || relation === "other");
  const holding = (relation: Relation) => holdsBack && (relation === "narrower" || relation === "other");
  const [permits, restricts] = [compareMatches(a.match, b.match, true), compareMatches(a.match, b.match, false)];
  const [sure, maybe] = [compareConditions(a.sure, b.sure), compareConditions(a.maybe, b.maybe)];
  const asks = a.effect === "approval_needed" || b.effect === "approval_needed";
  return [
    {
      part: "match",
      was: describeMatch(a.match),
      is: describeMatch(b.match),
      isSame: restricts === "same",
      mayWiden: opening(permits) || holding(restricts),
    },
    {
      part: "condition",
      was: describeClauses(a),
      is: describeClauses(b),
      isSame: a.effect !== b.effect ? describeClauses(a) === describeClauses(b) : sure === "same" && maybe === "same",
      mayWiden: opening(sure) || (asks && opening(maybe)) || holding(maybe),
    },
  ];
}

function compareBurden(a: ProgramRule, b: ProgramRule): readonly Compared[] {
  const [was, is] = [a.obligations.map(canonicalText), b.obligations.map(canonicalText)];
  const [sets, setsNow] = [a.sets, b.sets].map((list) => list.map(canonicalText).toSorted().join());
  const [approval, approvalNow] = [withoutSummary(a.approval), withoutSummary(b.approval)];
  return [
    {
      part: "takes out",
      was: describeObligations(a.obligations),
      is: describeObligations(b.obligations),
      isSame: was.toSorted().join() === is.toSorted().join(),
      mayWiden: was.some((obligation) => !is.includes(obligation)),
    },
    { part: "sets", was: describeSets(a.sets), is: describeSets(b.sets), isSame: sets === setsNow, mayWiden: true },
    {
      part: "approval",
      was: describeApproval(a.approval),
      is: describeApproval(b.approval),
      isSame: canonicalText(approval) === canonicalText(approvalNow),
      mayWiden: a.approval !== null && b.approval !== null && isLooser(a.approval, b.approval),
    },
    {
      part: limitPart(a.limit, b.limit),
      was: describeLimit(a.limit),
      is: describeLimit(b.limit),
      isSame: canonicalText(a.limit) === canonicalText(b.limit),
      mayWiden: a.limit !== null && (b.limit === null || !isLowered(a.limit, b.limit)),
    },
  ];
}

function limitPart(a: Limit | null, b: Limit | null): Change["part"] {
  if (a === null || b === null) return "limit";
  return isLowered(a, b) ? "limit lowered" : isLowered(b, a) ? "limit raised" : "limit";
}

function withoutSummary(approval: ApprovalRequirement | null): Omit<ApprovalRequirement, "summary"> | null {
  if (approval === null) return null;
  const { summary: _summary, from, people, exclude, bind, ...rest } = approval;
  const sorted = (names: readonly string[]) => names.toSorted();
  return { ...rest, from: sorted(from), people: sorted(people), exclude: sorted(exclude), bind: bind === null ? null : sorted(bind) };
}

/** Whether more may say yes, fewer must, or a yes holds longer or for more. */
function isLooser(a: ApprovalRequirement, b: ApprovalRequirement): boolean {
  const gained = (one: readonly string[], other: readonly string[]) => other.some((name) => !one.includes(name));
  return (
    b.count < a.count ||
    gained(a.from, b.from) ||
    gained(a.people, b.people) ||
    gained(b.exclude, a.exclude) ||
    (a.note && !b.note) ||
    (b.bind !== null && (a.bind === null || gained(b.bind, a.bind))) ||
    b.expiresMs > a.expiresMs ||
    b.useWithinMs > a.useWithinMs
  );
}

/** Whether it is certain that no call passes the second that the first held back. */
function isLowered(a: Limit, b: Limit): boolean {
  if (canonicalText([a.per.toSorted(), a.timeZone]) !== canonicalText([b.per.toSorted(), b.timeZone])) return false;
  const [one, other] = [a.bound, b.bound];
  if (one.kind === "rate" && other.kind === "rate") {
    return other.count * one.periodMs <= one.count * other.periodMs && other.burst <= one.burst;
  }
  if (one.kind === "budget" && other.kind === "budget") {
    return other.micros <= one.micros && other.currency === one.currency && other.of === one.of && other.period === one.period;
  }
  return false;
}

function compareTexts(a: ProgramRule, b: ProgramRule): readonly Compared[] {
  const text = ({ reason, hint, approval }: ProgramRule) => [reason, hint, approval?.summary ?? null].map((one) => one ?? "-").join(" | ");
  const silent = { mayWiden: false };
  return [
    { part: "code", was: a.code ?? "-", is: b.code ?? "-", isSame: a.code === b.code, ...silent },
    { part: "wording", was: text(a), is: text(b), isSame: text(a) === text(b), ...silent },
  ];
}
