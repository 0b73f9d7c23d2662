import { callFunction, type Call as FunctionCall } from "./call-function.ts";
import { compare } from "./compare.ts";
import { describeCall } from "./describe-call.ts";
import { describePresence } from "./describe-presence.ts";
import { adviseOn, describeType } from "./describe-type.ts";
import { FUNCTIONS, type FunctionRow } from "./functions.ts";
import { membership } from "./membership.ts";
import type { CelExpr } from "./parse-cel.ts";
import { readConstant } from "./read-constant.ts";
import { readField } from "./read-field.ts";
import { complain, type ElementType, type Reading } from "./reading.ts";
import type { Field, Test } from "./test-tree.ts";
import { type Misfit, misfit, type Truth, toTruth, truth, type Value } from "./value.ts";

/** A condition as a typed tree; null after its mistakes were noted. */
export function readTest(expr: CelExpr, reading: Reading): Test | null {
  const value = readValue(expr, reading);
  const test = value === null ? null : settle(toTruth(value), expr, [], reading);
  return test?.kind === "truth" ? test.test : null;
}

function readValue(expr: CelExpr, reading: Reading): Value | null {
  const kind = expr.exprKind;
  switch (kind.case) {
    case "constExpr":
      return readConstant(kind.value.constantKind, expr, reading);
    case "identExpr":
      return readField(expr, reading);
    case "selectExpr":
      return kind.value.testOnly ? readPresence(kind.value, expr, reading) : readField(expr, reading);
    case "listExpr": {
      const items = readAll(kind.value.elements, reading);
      return items === null ? null : { kind: "list", items };
    }
    case "callExpr":
      return kind.value.function === "_[_]" ? readField(expr, reading) : readCall(kind.value, expr, reading);
    case "comprehensionExpr":
      return readQuantifier(kind.value, expr, reading);
    default:
      return complain(reading, expr, {
        code: "bad_expression",
        message: "maps and messages cannot be written here",
        fix: 'name a part, for example args.a.b == "x"',
      });
  }
}

function readAll(exprs: readonly CelExpr[], reading: Reading): readonly Value[] | null {
  const values = exprs.map((expr) => readValue(expr, reading));
  const good = values.filter((value) => value !== null);
  return good.length < values.length ? null : good;
}

type Call = Extract<CelExpr["exprKind"], { readonly case: "callExpr" }>["value"];
type Select = Extract<CelExpr["exprKind"], { readonly case: "selectExpr" }>["value"];
type Comprehension = Extract<CelExpr["exprKind"], { readonly case: "comprehensionExpr" }>["value"];

function readCall(call: Call, expr: CelExpr, reading: Reading): Value | null {
  if (call.function === "has") return complain(reading, expr, describePresence(call.args));
  const apply = findOperation(call);
  if (apply === null) return complain(reading, expr, describeCall(call.function, Object.keys(FUNCTIONS)));
  const exprs = call.target === undefined ? call.args : [call.target, ...call.args];
  const args = readAll(exprs, reading);
  return args === null ? null : settle(apply(args), expr, exprs, reading);
}

type Operation = (args: readonly Value[]) => Value | Misfit;

/** Operators by the names CEL's parser gives them. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "_&&_": join("and"),
  "_||_": join("or"),
  "!_": negate,
  "_==_": of2((left, right) => compare("eq", left, right)),
  "_!=_": of2((left, right) => compare("ne", left, right)),
  "_<_": of2((left, right) => compare("lt", left, right)),
  "_<=_": of2((left, right) => compare("le", left, right)),
  "_>_": of2((left, right) => compare("gt", left, right)),
  "_>=_": of2((left, right) => compare("ge", left, right)),
  "@in": of2(membership),
};

function findOperation(call: Call): Operation | null {
  const name = call.function;
  if (Object.hasOwn(OPERATIONS, name)) return OPERATIONS[name] ?? null;
  const rows: Readonly<Record<string, FunctionRow>> = FUNCTIONS;
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
  if (row === undefined) return null;
  const found: FunctionCall = { name, row, form: call.target === undefined ? "function" : "method" };
  return (args) => callFunction(found, args);
}

/** The complaint stands at the argument that is wrong, or at the whole. */
function settle(value: Value | Misfit, expr: CelExpr, args: readonly CelExpr[], reading: Reading): Value | null {
  if (value.kind !== "misfit") return value;
  return complain(reading, (value.at === null ? null : args[value.at]) ?? expr, value.fault);
}

function of2(apply: (left: Value, right: Value) => Value | Misfit): Operation {
  return ([left, right]) => (left === undefined || right === undefined ? misfit("this takes two sides") : apply(left, right));
}

function join(kind: "and" | "or"): Operation {
  return of2((left, right) => {
    const a = at(toTruth(left), 0);
    const b = at(toTruth(right), 1);
    if (a.kind === "misfit" || b.kind === "misfit") return a.kind === "misfit" ? a : b;
    return truth({ kind, left: a.test, right: b.test });
  });
}

function negate([value]: readonly Value[]): Value | Misfit {
  const test = value === undefined ? misfit("this takes one side") : at(toTruth(value), 0);
  return test.kind === "misfit" ? test : truth({ kind: "not", of: test.test });
}

function at(value: Truth | Misfit, index: number): Truth | Misfit {
  return value.kind === "misfit" ? { ...value, at: index } : value;
}

function readPresence(select: Select, expr: CelExpr, reading: Reading): Truth | null {
  if (select.operand === undefined) return null;
  const whole: CelExpr = { ...expr, exprKind: { case: "selectExpr", value: { ...select, testOnly: false } } };
  const field = readField(whole, reading);
  return field === null ? null : truth({ kind: "atom", op: "has", field, operand: null });
}

const QUANTIFIERS: Readonly<Record<string, "some" | "every">> = { exists: "some", all: "every" };

/** `list.exists(x, …)` and `list.all(x, …)`: the macro arrives as a fold whose step is `@result || …` or `@result && …`. */
function readQuantifier(fold: Comprehension, expr: CelExpr, reading: Reading): Truth | null {
  const macro = reading.source.macroOf(expr) ?? "comprehension";
  const op = Object.hasOwn(QUANTIFIERS, macro) ? QUANTIFIERS[macro] : undefined;
  if (op === undefined) return complain(reading, expr, describeCall(macro, [...Object.keys(QUANTIFIERS), ...Object.keys(FUNCTIONS)]));
  if (reading.element !== null) {
    const message = `${macro} inside ${reading.element.macro} is not part of conditions`;
    return complain(reading, expr, { code: "bad_expression", message });
  }
  const step = fold.loopStep?.exprKind;
  const body = step?.case === "callExpr" ? step.value.args[1] : undefined;
  const field = fold.iterRange === undefined ? null : readField(fold.iterRange, reading);
  if (field === null || body === undefined) return null;
  const type = ELEMENT_TYPES[field.type];
  if (type === undefined) {
    const message = `\`${field.text}\` is ${describeType(field)}, and ${macro} is for lists`;
    return complain(reading, expr, { code: "type_error", message, fix: adviseOn(field.type) });
  }
  const inner = readTest(body, { ...reading, element: { macro, name: fold.iterVar, type } });
  return inner === null ? null : truth({ kind: "each", op, field, inner });
}

const ELEMENT_TYPES: { readonly [type in Field["type"]]?: ElementType } = { texts: "text", findings: "finding", any: "any" };
