import type { Field } from "../../condition/test-tree.ts";
import { fieldsOf, leavesOf } from "../../condition/test-tree.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";

/** Rules that restrict, add or limit and read what a call may lack: then they apply, which is seldom meant. */
export const mayBeAbsent: LintKind = {
  find: ({ rules }) =>
    rules.flatMap((rule) => (rule.rule.effect === "allow" ? [] : unguardedIn(rule).map((field) => findingAt(rule, field)))),
};

function unguardedIn({ test }: LintedRule): readonly Field[] {
  const guarded = new Set(leavesOf(test).flatMap((leaf) => (leaf.op === "has" ? [leaf.field.text] : [])));
  const open = fieldsOf(test).filter((field) => field.optional && field.type !== "money" && !guarded.has(field.text));
  return [...new Map(open.toReversed().map((field) => [field.text, field])).values()];
}

function findingAt({ spot }: LintedRule, { text, offset }: Field): LintFinding {
  return {
    spot: spot.in("if"),
    message: `\`${text}\` may be absent, and then this rule applies, because unknown counts as true in rules that restrict`,
    fix: `write ${presenceOf(text)} && … if absence should not count, or ! of it if it should`,
    offset,
  };
}

/** A part that is no identifier cannot stand in has(…). */
function presenceOf(text: string): string {
  const [, map = "", key = ""] = /^((?:http|caller|envoy)\.[a-z]+)\.(.+)$/.exec(text) ?? [];
  return key === "" || /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `has(${text})` : `"${key}" in ${map}`;
}
