import type { LintContext, LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { createFindWider, type FindWider } from "../match/find-wider.ts";
import { swallows } from "../swallows.ts";

const LOOKED_AT_MAX = 200;

/** Rules that change no decision, because another, enforced one decides every call they cover at least as strictly. */
export const swallowed: LintKind = {
  find: (context) => {
    const rules = context.rules.filter(isDeciding);
    const findWider = createFindWider(rules);
    return rules.flatMap((rule) => findingOf(rule, findWider, context));
  },
};

/** What never comes true is told by another kind; what is in shadow decides nothing and is there to be compared. */
function isDeciding({ rule, fate }: LintedRule): boolean {
  return !rule.shadow && rule.effect !== "limit" && fate.neverTrue === null;
}

function findingOf(rule: LintedRule, findWider: FindWider, { tools }: LintContext): readonly LintFinding[] {
  const wider = findWider(rule.implied).slice(0, LOOKED_AT_MAX);
  // Of two that say the same the later one is told.
  const isEarlier = (other: LintedRule) =>
    other.rule.effect !== rule.rule.effect || other.number < rule.number || !swallows(rule, other, tools);
  const by = wider.find((other) => other !== rule && swallows(other, rule, tools) && isEarlier(other));
  if (by === undefined) return [];
  const { id } = by.rule;
  const message = `\`${id}\` (${by.spot.file}:${by.spot.line}) ${describe(by, rule)} every call that this rule covers`;
  return [{ spot: rule.spot, message, fix: `remove this rule, or narrow \`${id}\`` }];
}

function describe({ rule: by }: LintedRule, { rule }: LintedRule): string {
  if (by.effect === rule.effect) return "says the same of";
  return by.effect === "deny" ? "denies" : "asks for an approval of";
}
