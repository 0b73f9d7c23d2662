import type { Json } from "../../../../core/intent.ts";
import type { Clause } from "../../../program.ts";

/** The clauses inside of `some` and `every`. */
export function clausesOf(operand: Json): readonly Clause[] {
  // The table of operators says that the operand of these two is any of all of atoms.
  return operand as unknown as readonly Clause[];
}
