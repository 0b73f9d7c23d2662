import { type Money, parseCurrency, parseMoneyText } from "../../../core/money.ts";
import { describeCall, USE_REGO } from "./describe-call.ts";
import type { CelExpr } from "./parse-cel.ts";
import { readField } from "./read-field.ts";
import { complain, type Reading } from "./reading.ts";
import type { Field } from "./test-tree.ts";

/** One side of a comparison. */
export type Operand =
  | Field
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "money"; readonly money: Money }
  | { readonly kind: "list"; readonly items: readonly Operand[] };

export function readOperand(expr: CelExpr, reading: Reading): Operand | null {
  const kind = expr.exprKind;
  switch (kind.case) {
    case "constExpr":
      return readConstant(kind.value.constantKind, expr, reading);
    case "identExpr":
    case "selectExpr":
      return readField(expr, reading);
    case "listExpr": {
      const items = kind.value.elements.map((item) => readOperand(item, reading));
      return items.some((item) => item === null) ? null : { kind: "list", items: items.filter((item) => item !== null) };
    }
    case "callExpr":
      return readCall(kind.value, expr, reading);
    default:
      return complain(reading, expr, { code: "bad_expression", message: "this cannot be compared", fix: USE_REGO });
  }
}

type Constant = Extract<CelExpr["exprKind"], { readonly case: "constExpr" }>["value"]["constantKind"];
type Call = Extract<CelExpr["exprKind"], { readonly case: "callExpr" }>["value"];

function readConstant(constant: Constant, expr: CelExpr, reading: Reading): Operand | null {
  switch (constant.case) {
    case "stringValue":
    case "boolValue":
      return { kind: "literal", value: constant.value };
    case "int64Value": {
      const value = Number(constant.value);
      if (Number.isSafeInteger(value)) return { kind: "literal", value };
      return complain(reading, expr, { code: "type_error", message: "whole numbers go up to 2^53 - 1", fix: "compare it as a text" });
    }
    case "doubleValue":
      if (Number.isFinite(constant.value)) return { kind: "literal", value: constant.value };
      return complain(reading, expr, { code: "type_error", message: "this number is too large" });
    case "nullValue":
      return complain(reading, expr, {
        code: "type_error",
        message: "null is unknown and compares with nothing",
        fix: "write has(…) or !has(…)",
      });
    default:
      return complain(reading, expr, { code: "type_error", message: "only texts, numbers, true, false and money are compared" });
  }
}

function readCall(call: Call, expr: CelExpr, reading: Reading): Operand | null {
  if (call.function === "_[_]") return readField(expr, reading);
  if (call.function === "usd" && call.target === undefined) return readUsd(call, expr, reading);
  return complain(reading, expr, describeCall(call.function));
}

/** `usd(5000)`, `usd(0.30)` or `usd("0.30")`: the text of a double is the shortest that means it, so 0.30 stays exact. */
function readUsd(call: Call, expr: CelExpr, reading: Reading): Operand | null {
  const [argument, ...more] = call.args;
  const value = argument?.exprKind.case === "constExpr" && more.length === 0 ? argument.exprKind.value.constantKind.value : null;
  const currency = parseCurrency("usd");
  const micros =
    typeof value === "bigint" || typeof value === "number" || typeof value === "string" ? parseMoneyText(String(value), 0) : null;
  if (micros !== null && currency !== null) return { kind: "money", money: { currency, micros } };
  const message = "usd() takes one amount of 0 or more, in dollars with at most six decimals";
  return complain(reading, expr, { code: "type_error", message, fix: "for example usd(5000) or usd(0.30)" });
}
