import type { Atom, Clause } from "../../program.ts";
import { OPERATORS, type OperatorName, TWIN_PREFIX } from "../operators.ts";
import type { Test } from "./test-tree.ts";

export const ALTERNATIVES_MAX = 64;

/** `sure`: unknown counts as false. `maybe`: unknown counts as true, by the strict twins. */
export type Mode = "sure" | "maybe";

/**
 * Any of all of atoms, or null above 64 alternatives. Negations are pushed down to the atoms and alternatives multiplied
 * out; both are valid in Kleene's logic of true, false and unknown, where `a || !a` stays what it is.
 */
export function toClauses(test: Test, mode: Mode): readonly Clause[] | null {
  return expand(test, false, mode);
}

function expand(test: Test, negated: boolean, mode: Mode): readonly Clause[] | null {
  switch (test.kind) {
    case "constant":
      return test.value === negated ? [] : [[]];
    case "not":
      return expand(test.of, !negated, mode);
    case "atom":
      return [[[nameOf(negated ? OPERATORS[test.op].negation : test.op, mode), test.field.path, test.operand]]];
    case "each": {
      const inner = expand(test.inner, negated, mode);
      const op = negated ? OPERATORS[test.op].negation : test.op;
      return inner === null ? null : [[[nameOf(op, mode), test.field.path, inner]]];
    }
    case "and":
    case "or": {
      const left = expand(test.left, negated, mode);
      const right = expand(test.right, negated, mode);
      if (left === null || right === null) return null;
      return (test.kind === "and") === negated ? either(left, right) : both(left, right);
    }
  }
}

function nameOf(op: OperatorName, mode: Mode): string {
  return mode === "maybe" && OPERATORS[op].twin ? TWIN_PREFIX + op : op;
}

function either(left: readonly Clause[], right: readonly Clause[]): readonly Clause[] | null {
  const clauses = distinct([...left, ...right]);
  return clauses.length > ALTERNATIVES_MAX ? null : clauses;
}

function both(left: readonly Clause[], right: readonly Clause[]): readonly Clause[] | null {
  const clauses = distinct(left.flatMap((a) => right.map((b) => distinct([...a, ...b]))));
  return clauses.length > ALTERNATIVES_MAX ? null : clauses;
}

function distinct<Part extends Clause | Atom>(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}
