import type { Clause, Match } from "../../program.ts";
import type { Mode } from "../condition/to-clauses.ts";
import type { LintedRule } from "./lint-kind.ts";
import { matchAtoms } from "./match/match-atoms.ts";
import { matchWithin } from "./match/match-within.ts";
import { conflictIn } from "./solver/conflict-in.ts";
import { factsOfInput } from "./solver/facts-at.ts";
import { implies } from "./solver/implies.ts";

/** A rule in one reading of unknown; `match` is its own, or what is known to follow from it. */
export type Reach = { readonly match: Match; readonly clauses: readonly Clause[] };

/** What the rule reaches where unknown counts so; nothing where its effect does not need the reading. */
export function reachOf({ rule }: LintedRule, mode: Mode, match: Match = rule.match): Reach {
  return { match, clauses: rule[mode] ?? [] };
}

/** Whether the outer rule applies to every call to which the inner one does. True is certain. */
export function reachWithin(inner: Reach, outer: Reach): boolean {
  if (!matchWithin(inner.match, outer.match)) return false;
  if (outer.clauses.some((clause) => clause.length === 0)) return true;
  const paths = new Set([...inner.clauses, ...outer.clauses].flat().map(([, path]) => JSON.stringify(path)));
  const alternatives = matchAtoms(inner.match, paths);
  const all = inner.clauses.flatMap((clause) => alternatives.map((atoms) => [...clause, ...atoms]));
  // A rule of one clause was seen to apply before it is compared; of several some may be impossible.
  const isPossible = (clause: Clause) => all.length === 1 || conflictIn(clause, factsOfInput) === null;
  return all.every((clause) => implies(clause, outer.clauses, factsOfInput) || !isPossible(clause));
}
