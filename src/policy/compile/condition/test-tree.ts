import type { Json } from "../../../core/intent.ts";
import type { OperatorName } from "../operators.ts";
import type { InputType, NumberRange } from "./input-names.ts";

/** Something of the input, or of an element, that a condition reads. */
export type Field = {
  readonly kind: "field";
  /** Of the element inside `exists` and `all`, else of the input. */
  readonly of: "input" | "element";
  readonly path: readonly string[];
  readonly type: InputType;
  readonly optional: boolean;
  readonly values: readonly string[] | null;
  readonly range: NumberRange | null;
  /** The tool whose catalogue entry gives it its type; null where the name alone does. */
  readonly declaredBy: string | null;
  /** Where it stands in the expression, and as what it was written. */
  readonly offset: number;
  readonly text: string;
};

/** A condition as it is written, typed, before negations are pushed down and alternatives are multiplied out. */
export type Test =
  | { readonly kind: "atom"; readonly op: OperatorName; readonly field: Field; readonly operand: Json }
  /** A field against another one of the input. */
  | { readonly kind: "pair"; readonly op: OperatorName; readonly field: Field; readonly other: Field }
  | { readonly kind: "each"; readonly op: "some" | "every"; readonly field: Field; readonly inner: Test }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "not"; readonly of: Test }
  | { readonly kind: "and" | "or"; readonly left: Test; readonly right: Test };

export type Leaf = Test & { readonly kind: "atom" | "pair" | "each" };

/** Every test on a path of the input: atoms, pairs, and `each` without what is inside it. */
export function leavesOf(test: Test): readonly Leaf[] {
  switch (test.kind) {
    case "atom":
    case "pair":
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

/** Every field of the input that the test reads, in the order in which they are written. */
export function fieldsOf(test: Test): readonly Field[] {
  return leavesOf(test).flatMap((leaf) => (leaf.kind === "pair" ? [leaf.field, leaf.other] : [leaf.field]));
}
