import type { Leaf, Test } from "../condition/test-tree.ts";
import { OPERATORS, type OperatorName } from "../operators.ts";

/** A test of a condition with the operator that stands there once the negations around it are carried out. */
export type PolarLeaf = { readonly leaf: Leaf; readonly op: OperatorName; readonly isNegated: boolean };

export function polarLeavesOf(test: Test, isNegated = false): readonly PolarLeaf[] {
  switch (test.kind) {
    case "constant":
      return [];
    case "not":
      return polarLeavesOf(test.of, !isNegated);
    case "and":
    case "or":
      return [...polarLeavesOf(test.left, isNegated), ...polarLeavesOf(test.right, isNegated)];
    case "atom":
    case "pair":
    case "each":
      return [{ leaf: test, op: isNegated ? OPERATORS[test.op].negation : test.op, isNegated }];
  }
}
