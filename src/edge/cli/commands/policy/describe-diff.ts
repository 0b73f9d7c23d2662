import { createColors } from "picocolors";
import type { CaseDifference, DiffedPolicy } from "../../../../operate/diff-policy.ts";
import type { CaseOutcome } from "../../../../policy/compile/cases.ts";
import { type Change, mayWiden, type OtherDifference, type RuleDifference } from "../../../../policy/diff/differences.ts";
import { cutText } from "../../../../policy/wording/describe-value.ts";
import { escapeText } from "../../../http/escape-text.ts";

type Diffed = DiffedPolicy & { readonly kind: "diffed" };

const SIDE_CHARS_MAX = 400;
const MARKS = { added: "+", removed: "-", changed: "~" } as const;
const MAY_WIDEN = "  [may widen]";
const WIDENS = "  [widens]";

/** The differences for people: cases that are let through first, then rules, then what is around them. */
export function describeDiff(diffed: Diffed, { reasons, isColored }: Telling): string {
  const { rules, others, changed, cases } = diffed;
  const lines = [
    ...changed.map(caseLine),
    ...rules.flatMap(ruleLines),
    ...others.flatMap(otherLines),
    `${rules.length === 1 ? "1 rule or limit differs" : `${rules.length} rules and limits differ`}, ${others.length === 1 ? "1 other thing" : `${others.length} other things`}; ${changed.length} of ${counted(cases, "case")} decided otherwise`,
    ...verdictLines(diffed),
    ...reasons.map((reason) => `Ends with 1: ${reason}.`),
  ];
  const red = createColors(isColored).red;
  return lines.map((line) => `${colored(escapeText(line), red)}\n`).join("");
}

type Telling = {
  /** Why the command ends with 1. */
  readonly reasons: readonly string[];
  readonly isColored: boolean;
};

/** The line's mark, where it has one. */
function colored(line: string, red: (text: string) => string): string {
  const mark = [WIDENS, MAY_WIDEN].find((one) => line.endsWith(one));
  return mark === undefined ? line : `${line.slice(0, -mark.length)}${red(mark)}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? " is" : "s are"}`;
}

function caseLine({ name, file, line, change, widens, was, is }: CaseDifference): string {
  return `case ${change}: ${name} (${file}:${line}): ${outcomeText(was)} → ${outcomeText(is)}${widens ? WIDENS : ""}`;
}

function outcomeText({ decision, rule, code, redactions, limits }: CaseOutcome): string {
  const reasons = [rule, code].filter((one) => one !== null);
  const done = [...redactions, ...limits];
  return [
    decision,
    ...(reasons.length === 0 ? [] : [`by ${reasons.join(" ")}`]),
    ...(done.length === 0 ? [] : [`with ${done.join(", ")}`]),
  ].join(" ");
}

function ruleLines(rule: RuleDifference): readonly string[] {
  const mark = MARKS[rule.kind];
  if (rule.kind !== "changed") {
    return [`${mark} ${rule.id}${mayWiden(rule) ? MAY_WIDEN : ""}`, ...rule.says.map((text) => `    ${cutText(text, SIDE_CHARS_MAX)}`)];
  }
  const changes = rule.changes.flatMap(changeLines);
  return [`${mark} ${rule.id} (${rule.effect})`, ...changes];
}

/** A condition can be long, so the old one and the new one stand one over the other. */
function changeLines({ part, was, is, mayWiden }: Change): readonly string[] {
  const [before, after] = [was, is].map((side) => cutText(side, SIDE_CHARS_MAX));
  const mark = mayWiden ? MAY_WIDEN : "";
  return part === "condition"
    ? [`    ${part}:${mark}`, `      was ${before}`, `      is  ${after}`]
    : [`    ${part}: ${before} → ${after}${mark}`];
}

function otherLines(other: OtherDifference): readonly string[] {
  const head = `${MARKS[other.kind]} ${other.of} ${other.name}${other.mayWiden ? MAY_WIDEN : ""}`;
  return [head, ...other.says.map((text) => `    ${cutText(text, SIDE_CHARS_MAX)}`)];
}

/** What no case shows may still be there. */
function verdictLines({ verdict, changed, hasBareBundle }: Diffed): readonly string[] {
  const widening = changed.filter(({ widens }) => widens).length;
  if (widening > 0)
    return [`It widens: ${counted(widening, "case")} let through that ${widening === 1 ? "was" : "were"} not, or with less of a check.`];
  if (!verdict.mayWiden) return ["It does not widen."];
  const cure = hasBareBundle ? "a bundle without cases shows none, so compare the folders" : "write a case for it";
  return [`It may widen, and no case shows it: see what is marked; ${cure}.`];
}
