import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import type { Json } from "../../../../core/intent.ts";
import type { Leaf } from "../../condition/test-tree.ts";
import { leavesOf } from "../../condition/test-tree.ts";
import { OPERATORS } from "../../operators.ts";
import { findCovered, sayAll } from "../find-covered.ts";
import type { LintContext, LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { restricts } from "../restricts.ts";

/** Money measured in another currency than the one that the catalogue fixes: nothing is converted, so that it never fits. */
export const currencyMismatch: LintKind = {
  find: (context) =>
    context.rules.flatMap((rule) => [...budgetsOf(rule, context), ...leavesOf(rule.test).flatMap((leaf) => comparisonOf(leaf, rule))]),
};

function budgetsOf(rule: LintedRule, context: LintContext): readonly LintFinding[] {
  const bound = rule.rule.limit?.bound;
  if (bound?.kind !== "budget") return [];
  const { of, currency } = bound;
  const isMeant = (entry: CatalogueEntry) => isAlwaysOther(entry, of, currency);
  const calls = findCovered(rule, context, { isMeant, others: false, clause: () => true });
  if (calls.length === 0) return [];
  const denies = rule.rule.shadow ? "would deny" : "denies";
  return [
    {
      spot: rule.spot.in("budget"),
      message: `the \`${of}\` of ${sayAll(calls)} is never in ${currency}, so this budget ${denies} every call of them that it covers (currency_mismatch)`,
      fix: "write the budget in the currency of the catalogue, or give the limit a match",
    },
  ];
}

function comparisonOf(leaf: Leaf, { rule, spot, tools }: LintedRule): readonly LintFinding[] {
  const [of] = leaf.field.path;
  if (leaf.kind !== "atom" || tools === null || (of !== "amount" && of !== "cost")) return [];
  const currency = OPERATORS[leaf.op].operand === "money" ? currencyOf(leaf.operand) : null;
  if (currency === null) return [];
  const others = tools.filter((entry) => isAlwaysOther(entry, of, currency));
  // What permits may well be meant for the rest of its tools.
  if (others.length === 0 || (!restricts(rule) && others.length < tools.length)) return [];
  const names = sayAll(others.map((entry) => `\`${entry.tool}\``));
  const counts = restricts(rule) ? "true in rules that restrict" : "false in rules that permit";
  const message = `the \`${of}\` of ${names} is never in ${currency}, so this test is unknown, which counts as ${counts}`;
  return [{ spot: spot.in("if"), message, fix: "compare in the currency of the catalogue", offset: leaf.field.offset }];
}

function currencyOf(operand: Json): string | null {
  return typeof operand === "object" && operand !== null && "currency" in operand ? String(operand["currency"]) : null;
}

/** Whether the catalogue says a currency, and another one. */
function isAlwaysOther({ amount, cost }: CatalogueEntry, of: "amount" | "cost", currency: string): boolean {
  if (of === "amount") return amount?.currency.kind === "fixed" && amount.currency.code !== currency;
  const sums = cost === null ? [] : cost.kind === "fixed" ? [cost.money] : cost.prices.map(({ money }) => money);
  return sums.length > 0 && sums.every((money) => money.currency !== currency);
}
