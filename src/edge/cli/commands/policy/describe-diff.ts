import type { CaseDifference, DiffedPolicy } from "../../../../operate/diff-policy.ts";
import type { CaseOutcome } from "../../../../policy/compile/cases.ts";
import { mayWiden, type OtherDifference, type RuleDifference } from "../../../../policy/diff/differences.ts";
import { cutText } from "../../../../policy/wording/describe-value.ts";
import { escapeText } from "../../../http/escape-text.ts";

type Diffed = DiffedPolicy & { readonly kind: "diffed" };

const SIDE_CHARS_MAX = 400;
const MARKS = { added: "+", removed: "-", changed: "~" } as const;
const MAY_WIDEN = "  [may widen]";

/** The differences for people: cases that are let through first, then rules, then what is around them. */
export function describeDiff(diffed: Diffed): string {
  const { rules, others, changed, cases, versionsKept } = diffed;
  const lines = [
    ...changed.map(caseLine),
    ...rules.flatMap(ruleLines),
    ...others.flatMap(otherLines),
    ...versionsKept.map(({ policy, version }) => `version: the rules of ${policy} changed, and its version is still ${version}`),
    `${rules.length} rules and limits differ, ${others.length} other things; ${changed.length} of ${cases} cases are decided otherwise`,
    ...verdictLines(diffed),
  ];
  return lines.map((line) => `${escapeText(line)}\n`).join("");
}

function caseLine({ name, file, line, change, widens, was, is }: CaseDifference): string {
  return `case ${change}: ${name} (${file}:${line}): ${outcomeText(was)} → ${outcomeText(is)}${widens ? "  [widens]" : ""}`;
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
  const changes = rule.changes.map((change) => {
    const [was, is] = [change.was, change.is].map((side) => cutText(side, SIDE_CHARS_MAX));
    return `    ${change.part}: ${was} → ${is}${change.mayWiden ? MAY_WIDEN : ""}`;
  });
  return [`${mark} ${rule.id} (${rule.effect})`, ...changes];
}

function otherLines(other: OtherDifference): readonly string[] {
  const head = `${MARKS[other.kind]} ${other.of} ${other.name}${other.mayWiden ? MAY_WIDEN : ""}`;
  return [head, ...other.says.map((text) => `    ${cutText(text, SIDE_CHARS_MAX)}`)];
}

/** What no case shows may still be there. */
function verdictLines({ verdict, changed }: Diffed): readonly string[] {
  const widening = changed.filter(({ widens }) => widens).length;
  if (widening > 0) return [`It widens: ${widening} cases are let through that were not, or with less of a check.`];
  return verdict.mayWiden ? ["It may widen, and no case shows it: see what is marked, and write a case for it."] : ["It does not widen."];
}
