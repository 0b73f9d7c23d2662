import { TWIN_PREFIX } from "../compile/operators.ts";
import type { Atom, Clause, Program, ProgramRule } from "../program.ts";
import { compareMatches } from "./compare-match.ts";

/**
 * Whether every condition that reads a limit's usage holds back no less where, after the same use, more of the limit is
 * used up: then a lowered limit narrows for them too.
 */
export function narrowsWithUse(programs: readonly Program[], id: string): boolean {
  return programs.every(({ rules }) => rules.every((rule) => rule.shadow || narrows(rule, id, rules)));
}

function narrows(rule: ProgramRule, id: string, rules: readonly ProgramRule[]): boolean {
  const reads = [rule.sure, rule.maybe].map((clauses) => atomsOf(clauses).filter((atom) => isAbout(atom, id)));
  const [sure = [], maybe = []] = reads;
  if (sure.length + maybe.length === 0) return true;
  // Who asks opens what nothing else permits.
  const opensMore = rule.effect === "approval_needed" && !rule.guard && maybe.length > 0 && !rules.some((one) => permitsAll(one, rule));
  return !opensMore && sure.every((atom) => isMet(atom, LESS_USED)) && maybe.every((atom) => isMet(atom, MORE_USED));
}

function atomsOf(clauses: readonly Clause[] | null): readonly Atom[] {
  return (clauses ?? []).flat();
}

/** Also where another field is held against it. */
function isAbout(atom: Atom, id: string): boolean {
  const [, path, operand] = atom;
  return isUsage(path, id) || (Array.isArray(operand) && isUsage(operand.map(String), id));
}

function isUsage([head, limit]: readonly string[], id: string): boolean {
  return head === "usage" && limit === id;
}

type Signs = Readonly<Record<string, readonly string[]>>;

/** Tests that are true for more, the more of a limit is used up; and those that are true for less. */
const MORE_USED: Signs = { share: ["gt", "ge"], remaining: ["lt", "le"] };
const LESS_USED: Signs = { share: ["lt", "le"], remaining: ["gt", "ge"] };

function isMet([operator, [, , part = ""], operand]: Atom, signs: Signs): boolean {
  const plain = operator.startsWith(TWIN_PREFIX) ? operator.slice(TWIN_PREFIX.length) : operator;
  return typeof operand === "number" && Object.hasOwn(signs, part) && signs[part]?.includes(plain) === true;
}

/** Whether the first rule permits every call that the second could be about. */
function permitsAll(one: ProgramRule, other: ProgramRule): boolean {
  const isAlways = one.sure?.some((clause) => clause.length === 0) === true;
  if (one.shadow || one.effect !== "allow" || !isAlways) return false;
  const relation = compareMatches(one.match, other.match, true);
  return relation === "same" || relation === "narrower";
}
