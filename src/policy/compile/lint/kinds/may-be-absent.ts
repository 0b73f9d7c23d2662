import { type Field, fieldsOf, leavesOf } from "../../condition/test-tree.ts";
import { writePresence } from "../../condition/write-name.ts";
import { findStranger } from "../find-stranger.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { mayLack } from "../may-lack.ts";
import { restricts } from "../restricts.ts";

/** Rules that restrict, add or limit and read what a call may lack: then they apply, which is seldom meant. */
export const mayBeAbsent: LintKind = {
  find: ({ rules }) => rules.flatMap((rule) => (restricts(rule.rule) ? unguardedIn(rule).map((field) => findingAt(rule, field)) : [])),
};

/** Each once, where it is read first. What none of the rule's tools has is told by another kind. */
function unguardedIn(rule: LintedRule): readonly Field[] {
  const { test, tools } = rule;
  const guarded = new Set(leavesOf(test).flatMap((leaf) => (leaf.op === "has" ? [keyOf(leaf.field)] : [])));
  const open = fieldsOf(test).filter((field) => mayLack(rule, field) && !guarded.has(keyOf(field)));
  const there = tools === null ? open : open.filter((field) => findStranger(field, tools) === null);
  return [...new Map(there.toReversed().map((field) => [keyOf(field), field])).values()];
}

function keyOf({ path }: Field): string {
  return JSON.stringify(path);
}

function findingAt({ spot }: LintedRule, { text, path, offset }: Field): LintFinding {
  return {
    spot: spot.in("if"),
    message: `\`${text}\` may be absent, and then this rule applies, because unknown counts as true in rules that restrict`,
    fix: adviseOn(path),
    offset,
  };
}

function adviseOn(path: readonly string[]): string {
  // CEL asks only for parts of something whether they are there.
  if (path.length === 1) return `write ${path[0]}s: ["*"] in \`match\` if absence should not count`;
  const isThere = writePresence(path);
  const isNot = isThere.startsWith("has(") ? `!${isThere}` : `!(${isThere})`;
  return `write ${isThere} && … if absence should not count, or ${isNot} || … if it should`;
}
