import type { Json } from "../../../core/intent.ts";
import type { Atom, Clause } from "../../program.ts";
import { OPERATORS, type OperatorName, TWIN_PREFIX } from "../operators.ts";
import type { Leaf, Test } from "./test-tree.ts";

export const ALTERNATIVES_MAX = 64;

/** `sure`: unknown counts as false. `maybe`: unknown counts as true, by the strict twins. */
export type Mode = "sure" | "maybe";

/**
 * Any of all of atoms, in both readings of unknown, or null above 64 alternatives. Negations are pushed down to the atoms
 * and alternatives multiplied out; both are valid in Kleene's logic of true, false and unknown, where `a || !a` stays what
 * it is.
 */
export function toClauses(test: Test): { readonly [mode in Mode]: readonly Clause[] } | null {
  const clauses = expand(test, false);
  return clauses === null ? null : { sure: render(clauses, "sure"), maybe: render(clauses, "maybe") };
}

/** An atom before it has a mode. The key tells equal ones. */
type Literal = { readonly key: string; readonly op: OperatorName; readonly path: readonly string[]; readonly operand: Operand };
type Operand = { readonly kind: "json"; readonly json: Json } | { readonly kind: "clauses"; readonly clauses: readonly Literals[] };
type Literals = readonly Literal[];

function expand(test: Test, negated: boolean): readonly Literals[] | null {
  switch (test.kind) {
    case "constant":
      return test.value === negated ? [] : [[]];
    case "not":
      return expand(test.of, !negated);
    case "atom":
    case "pair":
    case "each": {
      const literal = literalOf(test, negated);
      return literal === null ? null : [[literal]];
    }
    case "and":
    case "or": {
      const left = expand(test.left, negated);
      const right = expand(test.right, negated);
      if (left === null || right === null) return null;
      const clauses = (test.kind === "and") === negated ? [...left, ...right] : both(left, right);
      return limited(distinct(clauses, keyOf));
    }
  }
}

function literalOf(leaf: Leaf, negated: boolean): Literal | null {
  const op = negated ? OPERATORS[leaf.op].negation : leaf.op;
  const { path } = leaf.field;
  if (leaf.kind !== "each") {
    const json = leaf.kind === "atom" ? leaf.operand : leaf.other.path;
    return { key: JSON.stringify([op, path, json]), op, path, operand: { kind: "json", json } };
  }
  const clauses = expand(leaf.inner, negated);
  if (clauses === null) return null;
  return { key: JSON.stringify([op, path, clauses.map(keyOf)]), op, path, operand: { kind: "clauses", clauses } };
}

function both(left: readonly Literals[], right: readonly Literals[]): readonly Literals[] {
  return left.flatMap((a) => right.map((b) => distinct([...a, ...b], ({ key }) => key)));
}

function keyOf(clause: Literals): string {
  return clause.map(({ key }) => key).join();
}

function distinct<Part>(parts: readonly Part[], key: (part: Part) => string): readonly Part[] {
  return parts.length < 2 ? parts : [...new Map(parts.map((part) => [key(part), part])).values()];
}

function limited(clauses: readonly Literals[]): readonly Literals[] | null {
  return clauses.length > ALTERNATIVES_MAX ? null : clauses;
}

function render(clauses: readonly Literals[], mode: Mode): readonly Clause[] {
  return clauses.map((clause) => clause.map((literal) => atomOf(literal, mode)));
}

function atomOf({ op, path, operand }: Literal, mode: Mode): Atom {
  const name = mode === "maybe" && OPERATORS[op].twin ? TWIN_PREFIX + op : op;
  return [name, path, operand.kind === "json" ? operand.json : render(operand.clauses, mode)];
}
