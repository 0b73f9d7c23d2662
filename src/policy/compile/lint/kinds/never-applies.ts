import type { Why } from "../fate-of.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";

/** Rules whose match or condition contradicts itself or what is known of calls; of limits `unreachable_limit` tells. */
export const neverApplies: LintKind = {
  find: ({ rules }) =>
    rules.flatMap((rule) => {
      const why = rule.fate.neverApplies;
      return why === null || rule.rule.effect === "limit" ? [] : [findingAt(rule, why, "this rule never applies")];
    }),
};

/** Rules that apply only because something is unknown. */
export const neverTrue: LintKind = {
  find: ({ rules }) =>
    rules.flatMap((rule) => {
      const { neverApplies: never, neverTrue: why } = rule.fate;
      if (why === null || never !== null) return [];
      return [findingAt(rule, why, `this ${nounOf(rule)} applies only where something is unknown`)];
    }),
};

export function findingAt({ spot }: LintedRule, why: Why, message: string): LintFinding {
  const fix = why.key === "match" ? "remove it, or correct its match" : "remove it, or correct the condition";
  return {
    spot: spot.in(why.key),
    message: `${message}: ${why.says}`,
    fix,
    ...(why.offset !== null && { offset: why.offset }),
    ...(why.key === "match" && { atKey: true }),
  };
}

function nounOf({ rule }: LintedRule): string {
  return rule.effect === "limit" ? "limit" : "rule";
}
