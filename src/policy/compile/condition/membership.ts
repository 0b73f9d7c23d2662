import { adviseType } from "./advise-comparison.ts";
import { checkConstant } from "./check-constant.ts";
import { pairFault } from "./compare.ts";
import { adviseOn, describeType } from "./describe-type.ts";
import type { Field } from "./test-tree.ts";
import { describeValue, type Misfit, misfit, type Truth, truth, type Value } from "./value.ts";
import { writeName } from "./write-name.ts";

/** `x in [ … ]`, `"a" in list`, `"k" in map`, `x in list`. */
export function membership(member: Value, whole: Value): Truth | Misfit {
  if (member.kind === "field" && whole.kind === "list") return inConstants(member, whole.items);
  if (member.kind === "field" && whole.kind === "field") return inList(member, whole);
  if (member.kind === "literal" && whole.kind === "field") return constantIn(member.value, whole);
  const found = `${describeValue(member)} in ${describeValue(whole)}`;
  return misfit(`\`in\` takes a field or a constant, and a list or a map: not ${found}`, 'write x in ["a", "b"] or "a" in caller.roles');
}

function inConstants(field: Field, items: readonly Value[]): Truth | Misfit {
  const values = items.flatMap((item) => (item.kind === "literal" ? [item.value] : []));
  const [first] = values;
  if (items.length === 0) return misfit("nothing is in an empty list");
  if (first === undefined || values.length < items.length) return misfit("a list after `in` holds texts, numbers or booleans");
  if (values.some((value) => typeof value !== typeof first)) {
    return misfit("a list after `in` holds one type", "write two tests joined with ||");
  }
  if (!LISTED[typeof first]?.includes(field.type)) {
    return misfit(`\`${field.text}\` is ${describeType(field)} and cannot be one of these`, adviseItem(field, first));
  }
  const never = values.map((value) => checkConstant(field, value)).find((fault) => fault !== null);
  if (never !== undefined) return never;
  if (typeof first !== "string") return truth({ kind: "atom", op: "in_list", field, operand: [...new Set(values)] });
  // `fromEntries` defines members; assigning one called __proto__ would be lost.
  const operand = Object.fromEntries(values.map((text) => [text, true]));
  return truth({ kind: "atom", op: "in", field, operand });
}

/** By the type of the constants in a list: which fields can be one of them. */
const LISTED: Readonly<Record<string, readonly Field["type"][]>> = {
  string: ["text", "date", "any", "untyped"],
  number: ["number", "any"],
  boolean: ["any"],
};

function adviseItem(field: Field, value: string | number | boolean): string {
  return adviseType(field, { constant: { kind: "literal", value }, isOrder: false });
}

function inList(member: Field, list: Field): Truth | Misfit {
  const mixed = pairFault(member, list);
  if (mixed !== null) return mixed;
  if (list.type === "text_map" || list.type === "any_map") {
    return misfit(`\`${list.text}\` is a map, and its keys are asked for by a text in quotes`, 'write "key" in the map');
  }
  if (list.type !== "texts" && list.type !== "any") return noList(list);
  const members: readonly Field["type"][] =
    list.type === "texts" ? ["text", "date", "any", "untyped"] : ["text", "date", "number", "any", "untyped"];
  if (members.includes(member.type)) return truth({ kind: "pair", op: "in_f", field: member, other: list });
  return misfit(`\`${member.text}\` is ${describeType(member)}, and \`${list.text}\` is no list of such`, adviseOn(member.type));
}

function constantIn(value: string | number | boolean, whole: Field): Truth | Misfit {
  switch (whole.type) {
    case "texts":
      if (typeof value !== "string") return misfit(`\`${whole.text}\` is a list of texts`);
      return truth({ kind: "atom", op: "contains_elem", field: whole, operand: value });
    case "any":
      return truth({ kind: "atom", op: "contains_elem", field: whole, operand: value });
    case "text_map":
    case "any_map":
      return keyIn(value, whole);
    case "findings":
      return misfit("a finding is no text or number", 'write findings.exists(f, f.kind == "pii.ssn")');
    case "text":
    case "number":
    case "date":
    case "money":
    case "untyped":
    case "group":
      return noList(whole);
  }
}

function keyIn(key: string | number | boolean, map: Field): Truth | Misfit {
  if (typeof key !== "string") return misfit("a key is a text");
  if (map.text === "http.headers" && key !== key.toLowerCase()) {
    return misfit("names of headers are in lower case", `write "${key.toLowerCase()}"`);
  }
  const path = [...map.path, key];
  const field: Field = { ...map, path, type: "any", optional: true, text: writeName([...map.path, key]) };
  return truth({ kind: "atom", op: "has", field, operand: null });
}

function noList(field: Field): Misfit {
  const isText = field.type === "text" || field.type === "untyped";
  const fix = isText ? `write ${field.text}.contains("…") for a part of it` : adviseOn(field.type);
  return misfit(`\`${field.text}\` is ${describeType(field)}, neither a list nor a map`, fix);
}
