import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import type { Match } from "../../../program.ts";
import type { Leaf } from "../../condition/test-tree.ts";
import { leavesOf } from "../../condition/test-tree.ts";
import type { ToolAt } from "../../lower-catalogue.ts";
import { covers } from "../../match/names.ts";
import { OPERATORS } from "../../operators.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";

/**
 * Sums of money without their currency: 5000 is a dinner in yen and a car in dollars. A sum whose currency no call names
 * and nothing asks for is left alone.
 */
export const noCurrency: LintKind = {
  find: ({ rules, tools, own, guarding }) => {
    const budgets = rules.filter(({ rule: { limit } }) => limit?.bound.kind === "budget" && limit.bound.of === "amount");
    const sources = [...own.tools, ...guarding.tools];
    return [
      ...sources.flatMap((tool) => sumsWithoutCurrency(tool, tools.find(tool.name), budgets)),
      ...rules.flatMap((rule) => sumsAsNumbers(rule)),
    ];
  },
};

const SUM = /^(?:amount|price|total|cents|sum|fee)s?$/;
/** What else is counted under such names. */
const COUNT = /^(?:count|counts|items|pages|results|rows|tokens|quantity|units|number|percent|rate)$/;

function sumsWithoutCurrency(
  { source, spot }: ToolAt,
  entry: CatalogueEntry | null,
  budgets: readonly LintedRule[],
): readonly LintFinding[] {
  if (source.amount !== undefined) return [];
  const args = Object.entries(source.args ?? {});
  const currency = args.map(([name]) => name).find((name) => /currency/i.test(name));
  const budget = entry === null ? undefined : budgets.find(({ rule }) => coversTool(rule.match, entry));
  if (currency === undefined && budget === undefined) return [];
  const message =
    budget === undefined
      ? "and the tool does not say that it is one"
      : `which \`${budget.rule.id}\` cannot charge: its currency is not said`;
  return args
    .filter(([name, { type }]) => (type === "integer" || type === "number") && isSum(name))
    .map(([name]) => ({
      spot: spot.in("args", name),
      message: `\`${name}\` looks like a sum of money, ${message}`,
      fix: `write \`amount: { value: args.${name}, unit: minor, currency: ${currency === undefined ? "usd" : `args.${currency}`} }\` at the tool`,
      atKey: true,
    }));
}

function coversTool({ tool, host }: Match, entry: CatalogueEntry): boolean {
  return (tool === undefined || covers(tool, entry.tool)) && (host === undefined || covers(host, entry.host));
}

function isSum(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split("_");
  return words.some((word) => SUM.test(word)) && !words.some((word) => COUNT.test(word));
}

function sumsAsNumbers({ test, spot, tools }: LintedRule): readonly LintFinding[] {
  const leaves = leavesOf(test).filter(isOfNumber);
  return leaves.flatMap(({ field }) => {
    const name = field.path[1] ?? "";
    const having = (tools ?? []).filter(({ args }) => args.some((one) => one.name === name));
    const known = having.some(({ amount }) => amount?.argument === name);
    if (having.length === 0 || !(known || isSum(name)) || haveOneCurrency(having, name)) return [];
    const message = `\`${field.text}\` is compared as a number, whatever its currency is`;
    const fix = known
      ? "compare `amount`, for example amount <= usd(50)"
      : "write `amount` with its currency at the tools, and compare that";
    return [{ spot: spot.in("if"), message, fix, offset: field.offset }];
  });
}

/** Whether the number is of one and the same currency in all of them, so that it alone says how much it is. */
function haveOneCurrency(entries: readonly CatalogueEntry[], name: string): boolean {
  const codes = entries.map(({ amount }) => (amount?.argument === name && amount.currency.kind === "fixed" ? amount.currency.code : null));
  return !codes.includes(null) && new Set(codes).size === 1;
}

function isOfNumber(leaf: Leaf): boolean {
  if (leaf.kind !== "atom" || leaf.field.path[0] !== "args" || leaf.field.path.length !== 2) return false;
  return OPERATORS[leaf.op].operand === "number" ? !/^(?:size|time)_/.test(leaf.op) : typeof leaf.operand === "number";
}
