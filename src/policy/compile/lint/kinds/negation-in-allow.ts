import type { Atom } from "../../../program.ts";
import type { Field, Test } from "../../condition/test-tree.ts";
import type { OperatorName } from "../../operators.ts";
import type { LintedRule, LintFinding, LintKind } from "../lint-kind.ts";
import { type PolarLeaf, polarLeavesOf } from "../polar-leaves.ts";
import { clausesOf } from "../solver/clauses-of.ts";

/** Rules that allow whatever is not named: what nobody thought of is allowed too. */
export const negationInAllow: LintKind = {
  find: ({ rules }) => rules.flatMap((rule) => (rule.rule.effect === "allow" ? exclusionsIn(rule) : [])),
};

/** Operators that are true of everything but what they name. */
const EXCLUDING: ReadonlySet<OperatorName> = new Set([
  "ne",
  "nin",
  "nin_list",
  "nprefix",
  "nsuffix",
  "nsubstring",
  "nmatches",
  "ncidr",
  "lacks_elem",
]);

/** Operators that say what a value is, or in which bounds. */
const NAMING: ReadonlySet<string> = new Set<OperatorName>([
  "eq",
  "in",
  "in_list",
  "prefix",
  "suffix",
  "substring",
  "matches",
  "cidr",
  "contains_elem",
  "lt",
  "le",
  "gt",
  "ge",
  "text_lt",
  "text_le",
  "text_gt",
  "text_ge",
  "time_eq",
  "time_lt",
  "time_le",
  "time_gt",
  "time_ge",
]);

function exclusionsIn(rule: LintedRule): readonly LintFinding[] {
  return polarLeavesOf(rule.test)
    .filter((leaf) => excludes(leaf) && !isNamedToo(leaf, rule))
    .map(({ leaf: { field } }) => ({
      spot: rule.spot.in("if"),
      message: `this rule allows every \`${field.text}\` but those it names, so also what nobody has thought of`,
      fix: "name what is allowed, or allow all and deny these in a rule of their own",
      offset: field.offset,
    }));
}

function excludes({ leaf, op, isNegated }: PolarLeaf): boolean {
  switch (leaf.kind) {
    case "pair":
      return false;
    case "each":
      return op === "every" && leaf.field.type !== "findings" && isExclusion(leaf.inner, isNegated);
    case "atom":
      return EXCLUDING.has(op) && isOpen(leaf.field) && typeof leaf.operand !== "boolean";
  }
}

/** Whether of an element something is said only by what it is not. */
function isExclusion(inner: Test, isNegated: boolean): boolean {
  const leaves = polarLeavesOf(inner, isNegated);
  return leaves.length > 0 && leaves.every(excludes);
}

/** Anything may stand there; of dates, those that are left are as many as were meant. */
function isOpen({ type, values }: Field): boolean {
  return values === null && (type === "text" || type === "any" || type === "untyped" || type === "texts");
}

/** Wherever the exclusion stands, another test of the same field or list says what it is. */
function isNamedToo({ leaf, op }: PolarLeaf, { rule }: LintedRule): boolean {
  const path = JSON.stringify(leaf.field.path);
  const isAt = (atom: Atom) => JSON.stringify(atom[1]) === path;
  const clauses = (rule.sure ?? []).filter((clause) => clause.some((atom) => isAt(atom) && atom[0] === op));
  return clauses.length > 0 && clauses.every((clause) => clause.some((atom) => isAt(atom) && isNaming(atom)));
}

function isNaming([op, , operand]: Atom): boolean {
  if (op !== "some" && op !== "every") return NAMING.has(op);
  const clauses = clausesOf(operand);
  return clauses.length > 0 && clauses.every((clause) => clause.some(isNaming));
}
