import type { Atom, Clause } from "../../../program.ts";
import { clausesOf } from "./clauses-of.ts";
import { conflictIn } from "./conflict-in.ts";
import { type FactsAt, factsOfElement } from "./facts-at.ts";
import { dualOf, readAtom } from "./read-atom.ts";

/** Whether every call that meets the clause meets one of the clauses. True is certain; false may be a truth not seen. */
export function implies(clause: Clause, clauses: readonly Clause[], factsAt: FactsAt): boolean {
  return clauses.some((other) => other.every((atom) => impliesAtom(clause, atom, factsAt)));
}

function impliesAtom(clause: Clause, atom: Atom, factsAt: FactsAt): boolean {
  const { op } = readAtom(atom);
  if (op === "some" || op === "every") return clause.some((own) => impliesQuantifier(own, atom));
  const near = clause.filter(([, path]) => path[0] === atom[1][0]);
  return isStated(near, atom) || conflictIn([...near, dualOf(atom)], factsAt) !== null;
}

function isStated(clause: Clause, atom: Atom): boolean {
  const text = JSON.stringify(atom);
  return clause.some((own) => JSON.stringify(own) === text);
}

function impliesQuantifier(own: Atom, atom: Atom): boolean {
  const a = readAtom(own);
  const b = readAtom(atom);
  if (a.op !== b.op || JSON.stringify(a.path) !== JSON.stringify(b.path) || (b.isSure && !a.isSure)) return false;
  const facts = factsOfElement(a.path);
  return clausesOf(a.operand).every((clause) => implies(clause, clausesOf(b.operand), facts));
}
