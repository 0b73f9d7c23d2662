import { describeCall, USE_REGO } from "./describe-call.ts";
import { describeType } from "./describe-type.ts";
import type { CelExpr } from "./parse-cel.ts";
import { readComparison } from "./read-comparison.ts";
import { readField } from "./read-field.ts";
import { readMembership } from "./read-membership.ts";
import { complain, type Reading } from "./reading.ts";
import type { Field, Test } from "./test-tree.ts";

/** An expression that must be true or false, as a typed tree; null after its mistakes were noted. */
export function readTest(expr: CelExpr, reading: Reading): Test | null {
  const kind = expr.exprKind;
  switch (kind.case) {
    case "constExpr": {
      const { constantKind } = kind.value;
      if (constantKind.case === "boolValue") return { kind: "constant", value: constantKind.value };
      return complain(reading, expr, { code: "type_error", message: "a condition is true or false, and this is neither" });
    }
    case "identExpr":
      return readTruth(expr, reading);
    case "selectExpr":
      return kind.value.testOnly ? readPresence(kind.value, expr, reading) : readTruth(expr, reading);
    case "callExpr":
      return readCall(kind.value, expr, reading);
    case "comprehensionExpr":
      return readExists(kind.value, expr, reading);
    default:
      return complain(reading, expr, { code: "type_error", message: "a condition is true or false, and this is neither" });
  }
}

type Call = Extract<CelExpr["exprKind"], { readonly case: "callExpr" }>["value"];
type Select = Extract<CelExpr["exprKind"], { readonly case: "selectExpr" }>["value"];
type Comprehension = Extract<CelExpr["exprKind"], { readonly case: "comprehensionExpr" }>["value"];

function readCall(call: Call, expr: CelExpr, reading: Reading): Test | null {
  const [first, second] = call.args;
  switch (call.function) {
    case "_&&_":
    case "_||_": {
      const left = first === undefined ? null : readTest(first, reading);
      const right = second === undefined ? null : readTest(second, reading);
      return left === null || right === null ? null : { kind: call.function === "_&&_" ? "and" : "or", left, right };
    }
    case "!_": {
      const of = first === undefined ? null : readTest(first, reading);
      return of === null ? null : { kind: "not", of };
    }
    case "_==_":
    case "_!=_":
    case "_<_":
    case "_<=_":
    case "_>_":
    case "_>=_":
      return first === undefined || second === undefined
        ? null
        : readComparison({ sign: call.function, left: first, right: second, expr }, reading);
    case "@in":
      return first === undefined || second === undefined ? null : readMembership(first, second, expr, reading);
    case "startsWith":
      return readPrefix(call, expr, reading);
    case "_[_]":
      return readTruth(expr, reading);
    case "usd":
      return complain(reading, expr, { code: "type_error", message: "money alone is no condition", fix: "compare it: amount <= usd(5)" });
    default:
      return complain(reading, expr, describeCall(call.function));
  }
}

function readTruth(expr: CelExpr, reading: Reading): Test | null {
  const field = readField(expr, reading);
  if (field === null) return null;
  if (field.type === "any") return { kind: "atom", op: "truthy", field, operand: null };
  return complain(reading, expr, { code: "type_error", message: `\`${field.text}\` is ${describeType(field)}, no condition by itself` });
}

function readPresence(select: Select, expr: CelExpr, reading: Reading): Test | null {
  if (select.operand === undefined) return null;
  const whole: CelExpr = { ...expr, exprKind: { case: "selectExpr", value: { ...select, testOnly: false } } };
  const field = readField(whole, reading);
  return field === null ? null : { kind: "atom", op: "has", field, operand: null };
}

function readPrefix(call: Call, expr: CelExpr, reading: Reading): Test | null {
  const [argument] = call.args;
  const field = call.target === undefined ? null : readField(call.target, reading);
  if (field === null) return null;
  const constant = argument?.exprKind.case === "constExpr" ? argument.exprKind.value.constantKind : null;
  if (constant?.case !== "stringValue" || call.args.length !== 1) {
    return complain(reading, expr, { code: "type_error", message: "startsWith takes one text in quotes", fix: USE_REGO });
  }
  if (field.type !== "text" && field.type !== "any") {
    return complain(reading, expr, {
      code: "type_error",
      message: `\`${field.text}\` is ${describeType(field)}, and startsWith is for texts`,
    });
  }
  return { kind: "atom", op: "prefix", field, operand: constant.value };
}

/** `list.exists(x, …)`: the macro arrives as a fold whose step is `@result || …`. */
function readExists(fold: Comprehension, expr: CelExpr, reading: Reading): Test | null {
  const macro = reading.source.macroOf(expr);
  if (macro !== "exists") return complain(reading, expr, describeCall(macro ?? "comprehension"));
  if (reading.element !== null) {
    return complain(reading, expr, { code: "bad_expression", message: "exists inside exists is not part of conditions", fix: USE_REGO });
  }
  const step = fold.loopStep?.exprKind;
  const body = step?.case === "callExpr" ? step.value.args[1] : undefined;
  const field = fold.iterRange === undefined ? null : readField(fold.iterRange, reading);
  if (field === null || body === undefined) return null;
  const type = ELEMENT_TYPES[field.type];
  if (type === undefined) {
    return complain(reading, expr, { code: "type_error", message: `\`${field.text}\` is ${describeType(field)}, and exists is for lists` });
  }
  const inner = readTest(body, { ...reading, element: { name: fold.iterVar, type } });
  return inner === null ? null : { kind: "each", op: "some", field, inner };
}

const ELEMENT_TYPES: { readonly [type in Field["type"]]?: "text" | "finding" | "any" } = { texts: "text", findings: "finding", any: "any" };
