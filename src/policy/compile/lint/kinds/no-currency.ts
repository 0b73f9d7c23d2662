import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import type { ToolAt } from "../../lower-catalogue.ts";
import { OPERATORS } from "../../operators.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { polarLeavesOf } from "../polar-leaves.ts";
import { toolsOf } from "../tools-of.ts";

/** Sums of money without their currency: 5000 is a dinner in yen and a car in dollars. */
export const noCurrency: LintKind = {
  find: ({ rules, catalogue, contents }) => [
    ...contents.flatMap(({ tools }) => tools).flatMap(sumsWithoutCurrency),
    ...rules.flatMap((rule) => sumsAsNumbers(rule, catalogue)),
  ],
};

const SUM = /^(?:amount|price|total|cents|sum|fee)s?$/;
/** What else is counted under such names. */
const COUNT = /^(?:count|counts|items|pages|results|rows|tokens|quantity|units|number|percent|rate)$/;

function sumsWithoutCurrency({ source, spot }: ToolAt): readonly LintFinding[] {
  if (source.amount !== undefined) return [];
  return Object.entries(source.args ?? {}).flatMap(([name, { type }]) => {
    if ((type !== "integer" && type !== "number") || !isSum(name)) return [];
    return [
      {
        spot: spot.in("args", name),
        message: `\`${name}\` looks like a sum of money, and the tool does not say in which currency`,
        fix: `write \`amount: { value: args.${name}, unit: minor, currency: … }\`, so that rules and budgets can compare it`,
        atKey: true,
      },
    ];
  });
}

function isSum(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split("_");
  return words.some((word) => SUM.test(word)) && !words.some((word) => COUNT.test(word));
}

function sumsAsNumbers({ rule, test, spot }: LintedRule, catalogue: readonly CatalogueEntry[]): readonly LintFinding[] {
  const entries = toolsOf(rule.match, catalogue) ?? [];
  const sums = new Set(entries.flatMap(({ amount }) => (amount === null ? [] : [amount.argument])));
  if (sums.size === 0) return [];
  return polarLeavesOf(test).flatMap(({ leaf }) => {
    const [root, name = "", more] = leaf.field.path;
    const isNumeric = leaf.kind === "atom" && (OPERATORS[leaf.op].operand === "number" || typeof leaf.operand === "number");
    if (!isNumeric || root !== "args" || more !== undefined || !sums.has(name)) return [];
    const message = `\`args.${name}\` is compared as a number, whatever the currency is`;
    return [{ spot: spot.in("if"), message, fix: "compare `amount`, for example amount <= usd(50)", offset: leaf.field.offset }];
  });
}
