import type { Json } from "../../../core/intent.ts";
import type { OperatorName } from "../operators.ts";
import type { InputType } from "./input-names.ts";

/** Something of the input, or of an element, that a condition reads. */
export type Field = {
  readonly kind: "field";
  readonly path: readonly string[];
  readonly type: InputType;
  readonly optional: boolean;
  readonly values: readonly string[] | null;
  /** Where it stands in the expression, and as what it was written. */
  readonly offset: number;
  readonly text: string;
};

/** A condition as it is written, typed, before negations are pushed down and alternatives are multiplied out. */
export type Test =
  | { readonly kind: "atom"; readonly op: OperatorName; readonly field: Field; readonly operand: Json }
  | { readonly kind: "each"; readonly op: "some" | "every"; readonly field: Field; readonly inner: Test }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "not"; readonly of: Test }
  | { readonly kind: "and" | "or"; readonly left: Test; readonly right: Test };

/** Every test on a path of the input: atoms, and `each` without what is inside it. */
export function leavesOf(test: Test): readonly (Test & { readonly kind: "atom" | "each" })[] {
  switch (test.kind) {
    case "atom":
    case "each":
      return [test];
    case "constant":
      return [];
    case "not":
      return leavesOf(test.of);
    case "and":
    case "or":
      return [...leavesOf(test.left), ...leavesOf(test.right)];
  }
}
