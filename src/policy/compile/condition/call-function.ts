import { checkText } from "./check-constant.ts";
import { adviseOn, describeType } from "./describe-type.ts";
import type { Form, FunctionRow } from "./functions.ts";
import type { InputType } from "./input-names.ts";
import type { Field } from "./test-tree.ts";
import { describeValue, type Misfit, misfit, type Truth, truth, type Value } from "./value.ts";

export type Call = { readonly name: string; readonly row: FunctionRow; readonly form: Form };

/** A call of a function of the table; in `args` the target of a method comes first. */
export function callFunction({ name, row, form }: Call, args: readonly Value[]): Value | Misfit {
  const advice = `for example ${row.example}`;
  if (!row.forms.includes(form)) return misfit(`\`${name}\` is written another way`, advice);
  if (row.gives === "constant") {
    const constants = args.flatMap((arg) => (arg.kind === "literal" && typeof arg.value !== "boolean" ? [arg.value] : []));
    const isWhole = constants.length === args.length && args.length === row.arity;
    return (isWhole ? row.fold(constants) : null) ?? misfit(`${name}() takes ${row.takes}`, advice);
  }
  const [subject, operand, ...more] = args;
  const wanted = row.gives === "size" ? 1 : 2;
  if (subject === undefined || args.length !== wanted || more.length > 0) return misfit(`\`${name}\` takes ${row.takes}`, advice);
  const field = fieldOf(subject, name, row.of);
  if (field.kind === "misfit") return field;
  return operand === undefined || row.gives === "size" ? { kind: "size", of: field } : testField(field, row, { name, operand });
}

/** What a function asks about: a field of one of the types. */
function fieldOf(subject: Value, name: string, types: readonly InputType[]): Field | Misfit {
  if (subject.kind !== "field") return misfit(`\`${name}\` asks about a field, not ${describeValue(subject)}`, null, 0);
  if (types.includes(subject.type)) return subject;
  const wanted = types.includes("texts") ? "texts, lists and maps" : "texts";
  return misfit(`\`${subject.text}\` is ${describeType(subject)}, and ${name} is for ${wanted}`, adviseOn(subject.type));
}

type Tested = { readonly name: string; readonly operand: Value };

function testField(field: Field, row: FunctionRow & { readonly gives: "test" }, { name, operand }: Tested): Truth | Misfit {
  if (operand.kind !== "literal" || typeof operand.value !== "string") {
    return misfit(`\`${name}\` takes a text in quotes, not ${describeValue(operand)}`, `for example ${row.example}`, 1);
  }
  const read = row.operand(operand.value);
  if (read.kind === "wrong") return misfit(read.message, read.fix, 1);
  const { fits } = row;
  const never = fits === null ? null : checkText(field, (value) => fits(value, read.text));
  return never ?? truth({ kind: "atom", op: row.op, field, operand: read.text });
}
