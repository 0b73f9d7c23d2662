import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { createFindWider, type FindWider } from "../match/find-wider.ts";
import { reachOf, reachWithin } from "../reach-within.ts";
import { findingAt } from "./never-applies.ts";

/** Limits that no call which goes on is ever charged to. */
export const unreachableLimit: LintKind = {
  find: (context) => {
    const denies = context.rules.filter(({ rule, fate }) => rule.effect === "deny" && !rule.shadow && fate.neverTrue === null);
    const findWider = createFindWider(denies);
    return context.rules.flatMap((rule) => (rule.rule.effect === "limit" ? findingsOf(rule, findWider) : []));
  },
};

const LOOKED_AT_MAX = 200;

function findingsOf(rule: LintedRule, findWider: FindWider): readonly LintFinding[] {
  const why = rule.fate.neverApplies;
  if (why !== null) return [findingAt(rule, why, "no call is ever charged to this limit")];
  const own = reachOf(rule, "maybe");
  const wider = findWider(rule.rule.match).slice(0, LOOKED_AT_MAX);
  const by = wider.find((deny) => (!rule.rule.guard || deny.rule.guard) && reachWithin(own, reachOf(deny, "maybe")));
  if (by === undefined) return [];
  const { id } = by.rule;
  const message = `\`${id}\` (${by.spot.file}:${by.spot.line}) denies every call that this limit covers, and only calls that go on are charged`;
  return [{ spot: rule.spot, message, fix: `remove this limit, or narrow \`${id}\`` }];
}
