import type { CelExpr } from "./parse-cel.ts";
import { complain, type Reading } from "./reading.ts";
import type { Literal } from "./value.ts";

type ConstantKind = Extract<CelExpr["exprKind"], { readonly case: "constExpr" }>["value"]["constantKind"];

/** A text, a number that a double holds exactly, true or false. */
export function readConstant(constant: ConstantKind, expr: CelExpr, reading: Reading): Literal | null {
  const wrong = (message: string, fix: string | null = null) => complain(reading, expr, { code: "type_error", message, fix });
  switch (constant.case) {
    case "stringValue":
      if (constant.value.isWellFormed()) return { kind: "literal", value: constant.value };
      return wrong("this text holds half of a surrogate pair, which no text of a call does");
    case "boolValue":
      return { kind: "literal", value: constant.value };
    case "int64Value": {
      const value = Number(constant.value);
      return Number.isSafeInteger(value) ? { kind: "literal", value } : wrong("whole numbers go up to 2^53 - 1", "compare it as a text");
    }
    case "doubleValue":
      return Number.isFinite(constant.value) ? { kind: "literal", value: constant.value } : wrong("this number is too large");
    case "nullValue":
      return wrong("null is unknown and compares with nothing", "write has(…) or !has(…)");
    default:
      return wrong("only texts, numbers, true, false, money and timestamps are compared", "write a number without `u`, a text without `b`");
  }
}
