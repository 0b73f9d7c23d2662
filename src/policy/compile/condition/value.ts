import type { Money } from "../../../core/money.ts";
import { adviseOn, describeType } from "./describe-type.ts";
import type { Fault } from "./reading.ts";
import type { Field, Test } from "./test-tree.ts";

/** What an expression stands for. Constants are folded; what is judged with the call is a field, its size or a test. */
export type Value = Constant | Subject | { readonly kind: "list"; readonly items: readonly Value[] } | Truth;

export type Constant = Literal | { readonly kind: "money"; readonly money: Money } | { readonly kind: "moment"; readonly ms: number };
export type Literal = { readonly kind: "literal"; readonly value: string | number | boolean };

/** Of a call, and so comparable. */
export type Subject = Field | { readonly kind: "size"; readonly of: Field };
export type Truth = { readonly kind: "truth"; readonly test: Test };

/** Why values do not go together. `at`: the one among them that is wrong; null where it is the whole. */
export type Misfit = { readonly kind: "misfit"; readonly fault: Fault; readonly at: number | null };

export function truth(test: Test): Truth {
  return { kind: "truth", test };
}

export function misfit(message: string, fix: string | null = null, at: number | null = null): Misfit {
  return { kind: "misfit", fault: { code: "type_error", message, fix }, at };
}

/** A value as a condition: a test, true, false, or an argument that must be true. */
export function toTruth(value: Value): Truth | Misfit {
  switch (value.kind) {
    case "truth":
      return value;
    case "literal":
      if (typeof value.value === "boolean") return truth({ kind: "constant", value: value.value });
      return misfit("a condition is true or false, and this is neither", "compare it with something");
    case "field":
      if (value.type === "any") return truth({ kind: "atom", op: "truthy", field: value, operand: null });
      return misfit(`\`${value.text}\` is ${describeType(value)}, no condition by itself`, adviseOn(value.type));
    case "size":
      return misfit("a size alone is no condition", "compare it: size(x) > 0");
    case "money":
      return misfit("money alone is no condition", "compare it: amount <= usd(5)");
    case "moment":
    case "list":
      return misfit("a condition is true or false, and this is neither", null);
  }
}

/** How a message calls a value. */
export function describeValue(value: Value): string {
  switch (value.kind) {
    case "literal":
      return typeof value.value === "string" ? "a text" : typeof value.value === "number" ? "a number" : "true or false";
    case "field":
      return `\`${value.text}\`, ${describeType(value)}`;
    case "size":
      return "a size";
    case "money":
      return "money";
    case "moment":
      return "a timestamp";
    case "list":
      return "a list";
    case "truth":
      return "a test";
  }
}
