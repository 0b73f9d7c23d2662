import type { Atom } from "../../../program.ts";
import { fieldsOf } from "../../condition/test-tree.ts";
import { findCovered, sayAll } from "../find-covered.ts";
import type { LintContext, LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { restricts } from "../restricts.ts";

/** Rules that measure money of calls which carry none: the test is unknown in every one of them. */
export const unknownAmount: LintKind = {
  find: (context) => context.rules.flatMap((rule) => MONEY.flatMap((of) => findingsOf(rule, of, context))),
};

const MONEY = ["amount", "cost"] as const;
type Money = (typeof MONEY)[number];

function findingsOf(rule: LintedRule, of: Money, context: LintContext): readonly LintFinding[] {
  const field = fieldsOf(rule.test).find(({ path }) => path[0] === of);
  // Of budgets another kind tells.
  if (field === undefined || rule.rule.limit?.bound.kind === "budget") return [];
  const isTrue = restricts(rule.rule);
  const calls = isTrue ? callsWithout(rule, of, context) : toolsWithout(rule, of);
  if (calls.length === 0) return [];
  const counts = isTrue ? "true in rules that restrict" : "false in rules that permit";
  return [
    {
      spot: rule.spot.in("if"),
      message: `calls of ${sayAll(calls)} have no \`${of}\`, so this test is unknown in every one of them, which counts as ${counts}`,
      fix: `${isTrue ? "name in the match the tools that have one, or " : ""}write \`${of}\` at the tools, in the catalogue`,
      offset: field.offset,
    },
  ];
}

/** All tools of the rule, where none of them has it: a rule that permits may well be meant for the rest. */
function toolsWithout({ tools }: LintedRule, of: Money): readonly string[] {
  return tools?.every((entry) => entry[of] === null) ? tools.map((entry) => `\`${entry.tool}\``) : [];
}

function callsWithout(rule: LintedRule, of: Money, context: LintContext): readonly string[] {
  const measures = ([op, path, operand]: Atom) => path[0] === of || (op.endsWith("_f") && Array.isArray(operand) && operand[0] === of);
  return findCovered(rule, context, {
    isMeant: (entry) => entry[of] === null,
    others: true,
    clause: (clause) => clause.some(measures),
  });
}
