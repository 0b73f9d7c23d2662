import { findCovered, sayAll } from "../find-covered.ts";
import type { LintContext, LintedRule, LintFinding, LintKind } from "../lint-kind.ts";

/** Budgets over calls whose money nobody knows: money that cannot be judged never passes a budget. */
export const priceUnknown: LintKind = {
  find: (context) => context.rules.flatMap((rule) => findingsOf(rule, context)),
};

function findingsOf(rule: LintedRule, context: LintContext): readonly LintFinding[] {
  const bound = rule.rule.limit?.bound;
  if (bound?.kind !== "budget") return [];
  const { of } = bound;
  const calls = findCovered(rule, context, { isMeant: (entry) => entry[of] === null, others: true, clause: () => true });
  if (calls.length === 0) return [];
  const denies = rule.rule.shadow ? "would deny" : "denies";
  return [
    {
      spot: rule.spot.in("of"),
      message: `calls of ${sayAll(calls)} have no \`${of}\`, so this budget ${denies} every one of them that it covers (price_unknown)`,
      fix: rule.rule.id.endsWith(`/${SHORT_FORM}`)
        ? `give the policy a match or the tools a \`${of}\`, or write a limit with a match in place of \`${SHORT_FORM}\``
        : `give the limit a match, or the tools ${of === "amount" ? "an" : "a"} \`${of}\``,
    },
  ];
}

const SHORT_FORM = "max_daily_budget";
