import type { AtomExplanation, ConditionExplanation, DimensionExplanation, RuleExplanation, RulePart } from "../../core/explanation.ts";
import type { CaseExplanation } from "../../operate/case-runner.ts";
import type { UnknownExplanation } from "../../operate/explain-outcome.ts";
import { otherPathOf } from "../../policy/wasm/parse-atom.ts";
import { describeAtom } from "../../policy/wording/describe-condition.ts";
import { cutText, describeValue } from "../../policy/wording/describe-value.ts";
import { escapeText } from "../http/escape-text.ts";

/** In the order in which they are told. */
const PARTS: Readonly<Record<RulePart, string>> = {
  decides: "decides",
  outranked: "applies, but a stricter rule decides",
  opens_nothing: "asks, but nothing permits what it asks for",
  shadow: "applies, in shadow only",
  does_not_apply: "does not apply",
  adds: "adds to what goes on",
  limits: "limits what goes on",
};

/** Why a call was decided so, a line for each thing that matters, every character of it visible. */
export function explanationLines({ because, unknowns, rules }: CaseExplanation): readonly string[] {
  const byPart = Object.keys(PARTS).flatMap((part) => rules.filter(({ outcome }) => outcome === part));
  return [`why: ${because}`, ...unknowns.map(unknownLine), ...byPart.flatMap(ruleLines)].map(escapeText);
}

function unknownLine({ rule, about, found, countsAs, in: purpose }: UnknownExplanation): string {
  return `unknown: ${about} ${found}; unknown counts as ${countsAs} in ${purpose} (${rule})`;
}

function ruleLines({ rule, effect, shadow, guard, match, conditions, outcome }: RuleExplanation): readonly string[] {
  const marks = [effect, ...(shadow ? ["shadow"] : []), ...(guard ? ["guardrail"] : [])].join(", ");
  const fits = match.dimensions.map(dimensionText);
  const isClosed = match.fits === "true" && !match.opens && effect === "allow";
  return [
    `${rule} (${marks}): ${PARTS[outcome]}`,
    `  match ${match.fits}: ${fits.join(", ") || "every call"}`,
    ...(isClosed ? ["  it does not name this protocol or `unknown` in `tools`, which only a rule that names it may permit"] : []),
    ...distinct(conditions.map(conditionLines)).flat(),
  ];
}

function dimensionText({ dimension, saw, wants, truth }: DimensionExplanation): string {
  const shown = dimension === "path" && Array.isArray(saw) ? JSON.stringify(`/${saw.map(String).join("/")}`) : describeValue(saw);
  return `${dimension} ${cutText(shown)}${wants === undefined ? "" : ` for ${cutText(wants.join(" or "))}`} ${truth}`;
}

/** What permits and what it takes out often has one condition, which is told once. */
function distinct(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(lists.map((lines) => [lines.join("\n"), lines])).values()];
}

function conditionLines({ mode, truth, clauses }: ConditionExplanation): readonly string[] {
  const tests = clauses.flatMap((clause) => clause.map((atom, at) => ({ atom, isFirst: at === 0 })));
  if (clauses.some((clause) => clause.length === 0)) return ["  if true: always"];
  const counts = mode === "sure" ? "false" : "true";
  return [
    truth === "unknown" ? `  if unknown, which counts as ${counts} here:` : `  if ${truth}:`,
    ...tests.map(({ atom, isFirst }, at) => `    ${at === 0 ? "" : isFirst ? "or " : "and "}${atomText(atom)}`),
  ];
}

function atomText({ operator, path, operand, saw, against, truth }: AtomExplanation): string {
  const other = otherPathOf([operator, path, operand]) === null ? "" : ` and ${describeValue(against)}`;
  return `${describeAtom([operator, path, operand])} [saw ${describeValue(saw)}${other}: ${truth}]`;
}
