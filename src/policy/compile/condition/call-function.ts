import { checkText } from "./check-constant.ts";
import { describeType } from "./describe-type.ts";
import type { Form, FunctionRow } from "./functions.ts";
import type { InputType } from "./input-names.ts";
import { describeValue, type Misfit, misfit, truth, type Value } from "./value.ts";

export type Call = { readonly name: string; readonly row: FunctionRow; readonly form: Form };

/** A call of a function of the table; in `args` the target of a method comes first. */
export function callFunction(call: Call, args: readonly Value[]): Value | Misfit {
  const { name, row, form } = call;
  if (!row.forms.includes(form)) return misfit(`\`${name}\` is written as in ${row.example}`);
  switch (row.gives) {
    case "test":
      return testField(call, row, args);
    case "size":
      return sizeOf(call, row, args);
    case "constant":
      return fold(call, row, args);
  }
}

function testField({ name }: Call, row: FunctionRow & { readonly gives: "test" }, args: readonly Value[]): Value | Misfit {
  const [field, operand] = args;
  if (operand === undefined || args.length > 2)
    return wrongCount(name, row.forms.includes("method") ? "one text" : "a field and one text", row);
  const other = notOneOf(name, row.of, field);
  if (other !== null || field?.kind !== "field") return other ?? misfit(`\`${name}\` asks about a field`);
  if (operand.kind !== "literal" || typeof operand.value !== "string") {
    return misfit(`\`${name}\` takes a text in quotes, not ${describeValue(operand)}`, `for example ${row.example}`, 1);
  }
  const read = row.operand(operand.value);
  if (read.kind === "wrong") return misfit(read.message, read.fix, 1);
  const { fits } = row;
  const never = fits === null ? null : checkText(field, (value) => fits(value, read.text));
  return never ?? truth({ kind: "atom", op: row.op, field, operand: read.text });
}

function sizeOf({ name }: Call, row: FunctionRow & { readonly gives: "size" }, args: readonly Value[]): Value | Misfit {
  const [field] = args;
  if (args.length !== 1) return wrongCount(name, "one text, list or map", row);
  return (
    notOneOf(name, row.of, field) ?? (field?.kind === "field" ? { kind: "size", of: field } : misfit(`\`${name}\` asks about a field`))
  );
}

function fold({ name }: Call, row: FunctionRow & { readonly gives: "constant" }, args: readonly Value[]): Value | Misfit {
  const constants = args.flatMap((arg) => (arg.kind === "literal" && typeof arg.value !== "boolean" ? [arg.value] : []));
  const folded = constants.length === args.length && args.length === row.arity ? row.fold(constants) : null;
  return folded ?? misfit(`${name}() takes ${row.takes}`, `for example ${row.example}`);
}

function notOneOf(name: string, types: readonly InputType[], of: Value | undefined): Misfit | null {
  if (of?.kind !== "field")
    return misfit(`\`${name}\` asks about a field, not ${of === undefined ? "nothing" : describeValue(of)}`, null, 0);
  if (types.includes(of.type)) return null;
  return misfit(`\`${of.text}\` is ${describeType(of)}, and ${name} is for ${types.includes("texts") ? "texts, lists and maps" : "texts"}`);
}

function wrongCount(name: string, takes: string, row: FunctionRow): Misfit {
  return misfit(`\`${name}\` takes ${takes}`, `for example ${row.example}`);
}
