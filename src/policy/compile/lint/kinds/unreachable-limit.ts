import type { LintContext, LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { createFindWider, type FindWider } from "../match/find-wider.ts";
import { reachOf, reachWithin } from "../reach-within.ts";
import type { Tools } from "../tools.ts";
import { findingAt } from "./never-applies.ts";

/** Limits that no call which goes on is ever charged to. */
export const unreachableLimit: LintKind = {
  find: (context) => {
    const denies = context.rules.filter(({ rule, fate }) => rule.effect === "deny" && !rule.shadow && fate.neverTrue === null);
    const findWider = createFindWider(denies);
    return context.rules.flatMap((rule) => (rule.rule.effect === "limit" ? findingsOf(rule, findWider, context) : []));
  },
};

const LOOKED_AT_MAX = 200;

function findingsOf(rule: LintedRule, findWider: FindWider, { tools }: LintContext): readonly LintFinding[] {
  const why = rule.fate.neverApplies;
  if (why !== null) return [findingAt(rule, why, "no call is ever charged to this limit")];
  const priceless = whyPriceless(rule, tools);
  if (priceless !== null) return [{ spot: rule.spot.in("of"), message: priceless.message, fix: priceless.fix }];
  const own = reachOf(rule, "maybe");
  const wider = findWider(rule.rule.match).slice(0, LOOKED_AT_MAX);
  const by = wider.find((deny) => (!rule.rule.guard || deny.rule.guard) && reachWithin(own, reachOf(deny, "maybe")));
  if (by === undefined) return [];
  const { id } = by.rule;
  const message = `\`${id}\` (${by.spot.file}:${by.spot.line}) denies every call that this limit covers, and only calls that go on are charged`;
  return [{ spot: rule.spot, message, fix: `remove this limit, or narrow \`${id}\`` }];
}

/** A budget of money that none of its tools carries, or whose costs nobody knows. */
function whyPriceless({ rule, tools: own }: LintedRule, tools: Tools): Omit<LintFinding, "spot"> | null {
  const bound = rule.limit?.bound;
  if (bound?.kind !== "budget") return null;
  const entries = rule.match.tool === undefined ? tools.entries : own;
  if (entries === null || entries.some((entry) => entry[bound.of] !== null)) return null;
  const which = rule.match.tool === undefined ? "no tool of the catalogue" : "none of its tools";
  return {
    message: `${which} has \`${bound.of}\`, so this budget is never charged`,
    fix: `write \`${bound.of}\` at the tools, in the catalogue`,
  };
}
