import { suggestName } from "../nearest-name.ts";
import type { OperatorName } from "../operators.ts";
import { describeType } from "./describe-type.ts";
import type { CelExpr } from "./parse-cel.ts";
import { type Operand, readOperand } from "./read-operand.ts";
import { complain, type Reading } from "./reading.ts";
import type { Field, Test } from "./test-tree.ts";

export type Sign = "_==_" | "_!=_" | "_<_" | "_<=_" | "_>_" | "_>=_";

type SignRow = { readonly plain: OperatorName; readonly money: OperatorName; readonly mirrored: Sign; readonly orders: boolean };

/** `mirrored`: the sign with its sides exchanged. */
const SIGNS: { readonly [sign in Sign]: SignRow } = {
  "_==_": { plain: "eq", money: "money_eq", mirrored: "_==_", orders: false },
  "_!=_": { plain: "ne", money: "money_ne", mirrored: "_!=_", orders: false },
  "_<_": { plain: "lt", money: "money_lt", mirrored: "_>_", orders: true },
  "_<=_": { plain: "le", money: "money_le", mirrored: "_>=_", orders: true },
  "_>_": { plain: "gt", money: "money_gt", mirrored: "_<_", orders: true },
  "_>=_": { plain: "ge", money: "money_ge", mirrored: "_<=_", orders: true },
};

type Comparison = { readonly sign: Sign; readonly left: CelExpr; readonly right: CelExpr; readonly expr: CelExpr };

export function readComparison({ sign, left, right, expr }: Comparison, reading: Reading): Test | null {
  const a = readOperand(left, reading);
  const b = readOperand(right, reading);
  if (a === null || b === null) return null;
  if (a.kind === "field" && b.kind === "field") {
    return complain(reading, expr, { code: "not_built_yet", message: "comparing a field with a field is not built yet" });
  }
  if (a.kind === "field") return compare(a, SIGNS[sign], b, expr, reading);
  if (b.kind === "field") return compare(b, SIGNS[SIGNS[sign].mirrored], a, expr, reading);
  return complain(reading, expr, { code: "type_error", message: "this compares two constants", fix: "write true or false" });
}

function compare(field: Field, sign: SignRow, constant: Operand, expr: CelExpr, reading: Reading): Test | null {
  const fault = mismatch(field, sign, constant);
  if (fault !== null) return complain(reading, expr, fault);
  if (constant.kind === "money") return { kind: "atom", op: sign.money, field, operand: { ...constant.money } };
  return constant.kind === "literal" ? { kind: "atom", op: sign.plain, field, operand: constant.value } : null;
}

type Mismatch = { readonly code: "type_error"; readonly message: string; readonly fix: string | null };

function mismatch(field: Field, sign: SignRow, constant: Operand): Mismatch | null {
  if (constant.kind === "list") return wrong("a list cannot be compared", "write x in [ … ]");
  if (constant.kind === "field") return null;
  if (field.type === "money" || constant.kind === "money") {
    if (field.type === "money" && constant.kind === "money") return null;
    if (field.type === "money") return wrong(`\`${field.text}\` is money and compares with money only`, "write usd(5000)");
    return wrong(`\`${field.text}\` is ${describeType(field)}, no money`, "only amount and cost are money");
  }
  const { value } = constant;
  if (sign.orders && typeof value !== "number") return wrong("< <= > >= are for numbers and money", null);
  if (field.type === "any") return null;
  if (field.type === "text" && typeof value === "string") return valueMismatch(field, value);
  if (field.type === "number" && typeof value === "number") return null;
  return wrong(`\`${field.text}\` is ${describeType(field)} and cannot be compared with ${nameOf(value)}`, null);
}

/** A text that the field can never have is a mistake in writing. */
export function valueMismatch(field: Field, value: string): Mismatch | null {
  if (field.values === null || field.values.includes(value)) return null;
  return wrong(`\`${field.text}\` is never "${value}"`, suggestName(value, field.values));
}

function nameOf(value: string | number | boolean): string {
  return typeof value === "string" ? "a text" : typeof value === "number" ? "a number" : "true or false";
}

function wrong(message: string, fix: string | null): Mismatch {
  return { code: "type_error", message, fix };
}
