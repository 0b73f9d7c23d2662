import { describeType } from "./describe-type.ts";
import type { CelExpr } from "./parse-cel.ts";
import { valueMismatch } from "./read-comparison.ts";
import { type Operand, readOperand } from "./read-operand.ts";
import { complain, type Reading } from "./reading.ts";
import type { Field, Test } from "./test-tree.ts";

/** `x in [ … ]`, `"a" in list`, `"k" in map`. */
export function readMembership(left: CelExpr, right: CelExpr, expr: CelExpr, reading: Reading): Test | null {
  const member = readOperand(left, reading);
  const whole = readOperand(right, reading);
  if (member === null || whole === null) return null;
  if (member.kind === "field" && whole.kind === "list") return inList(member, whole.items, expr, reading);
  if (member.kind === "field" && whole.kind === "field") {
    return complain(reading, expr, { code: "not_built_yet", message: "comparing a field with a field is not built yet" });
  }
  if (member.kind === "literal" && whole.kind === "field") return inField(member.value, whole, expr, reading);
  const fix = 'write x in ["a", "b"] or "a" in caller.roles';
  return complain(reading, expr, {
    code: "type_error",
    message: "`in` takes a field and a list of constants, or a constant and a field",
    fix,
  });
}

function inList(field: Field, items: readonly Operand[], expr: CelExpr, reading: Reading): Test | null {
  const values = items.flatMap((item) => (item.kind === "literal" ? [item.value] : []));
  const types = new Set(values.map((value) => typeof value));
  const wrong = (message: string, fix: string | null = null) => complain(reading, expr, { code: "type_error", message, fix });
  if (items.length === 0) return wrong("nothing is in an empty list");
  if (values.length < items.length) return wrong("a list after `in` holds texts, numbers or booleans");
  if (types.size > 1) return wrong("a list after `in` holds one type", "write two tests joined with ||");
  const texts = values.filter((value) => typeof value === "string");
  const fits = field.type === "any" || (field.type === "text" && types.has("string")) || (field.type === "number" && types.has("number"));
  if (!fits) return wrong(`\`${field.text}\` is ${describeType(field)} and cannot be one of these`);
  const never = texts.map((text) => valueMismatch(field, text)).find((fault) => fault !== null);
  if (never !== undefined) return complain(reading, expr, never);
  if (texts.length === 0) return { kind: "atom", op: "in_list", field, operand: [...new Set(values)] };
  return { kind: "atom", op: "in", field, operand: Object.fromEntries(texts.map((text) => [text, true])) };
}

function inField(value: string | number | boolean, field: Field, expr: CelExpr, reading: Reading): Test | null {
  const wrong = (message: string) => complain(reading, expr, { code: "type_error", message });
  switch (field.type) {
    case "texts":
      if (typeof value !== "string") return wrong(`\`${field.text}\` is a list of texts`);
      return { kind: "atom", op: "contains_elem", field, operand: value };
    case "any":
      return { kind: "atom", op: "contains_elem", field, operand: value };
    case "text_map":
    case "any_map": {
      if (typeof value !== "string") return wrong("a key is a text");
      if (field.text === "http.headers" && value !== value.toLowerCase()) return wrong("names of headers are in lower case");
      const path = [...field.path, value];
      return { kind: "atom", op: "has", field: { ...field, path, type: "any", optional: true, text: path.join(".") }, operand: null };
    }
    default:
      return wrong(`\`${field.text}\` is ${describeType(field)}, neither a list nor a map`);
  }
}
