import type { Json } from "../../../../core/intent.ts";
import type { OperatorName } from "../../operators.ts";
import type { SchemaObject } from "./schema-at.ts";

/** What a test would let through that the schema refuses, and what the schema wants; null where there is no such thing. */
export type Refused = { readonly what: string; readonly wanted: string };

export function refusedBy(schema: SchemaObject, op: OperatorName, operand: Json): Refused | null {
  switch (op) {
    case "eq":
      return refusedValue(schema, [operand]);
    case "in":
      return refusedValue(schema, Object.keys(operand ?? {}));
    case "in_list":
      return refusedValue(schema, Array.isArray(operand) ? operand : []);
    case "truthy":
      return refusedValue(schema, [true]);
    case "falsy":
      return refusedValue(schema, [false]);
    case "lt":
    case "le":
      return refusedAbove(schema, Number(operand), op === "lt");
    case "gt":
    case "ge":
      return refusedBelow(schema, Number(operand), op === "gt");
    case "size_eq":
    case "size_le":
      return refusedSize(schema, Number(operand));
    case "size_lt":
      return refusedSize(schema, Number(operand) - 1);
    default:
      return null;
  }
}

function refusedValue(schema: SchemaObject, values: readonly Json[]): Refused | null {
  const found = values.find((value) => !allows(schema, value));
  return found === undefined ? null : { what: `be ${JSON.stringify(found)}`, wanted: describeValues(schema) };
}

/** Certain of scalars only where the schema lists values, a type or bounds. */
function allows(schema: SchemaObject, value: Json): boolean {
  const { enum: listed, const: only, type } = schema;
  if (Array.isArray(listed) && !listed.includes(value)) return false;
  if (only !== undefined && only !== value) return false;
  if (type !== undefined && !typesOf(type).some((name) => isOfType(value, name))) return false;
  if (typeof value !== "number") return true;
  return refusedAbove(schema, value, false) === null && refusedBelow(schema, value, false) === null;
}

function typesOf(type: Json): readonly Json[] {
  return Array.isArray(type) ? type : [type];
}

function isOfType(value: Json, name: Json): boolean {
  if (name === "integer") return typeof value === "number" && Number.isInteger(value);
  return typeof value === name;
}

function describeValues({ enum: listed, const: only, type, minimum, maximum }: SchemaObject): string {
  if (Array.isArray(listed)) return `the schema allows ${listed.map((value) => JSON.stringify(value)).join(", ")}`;
  if (only !== undefined) return `the schema allows ${JSON.stringify(only)}`;
  const parts = [`of type ${typesOf(type ?? "number").join(" or ")}`, bound("from", minimum), bound("to", maximum)];
  return `the schema allows values ${parts.filter((part) => part !== "").join(" ")}`;
}

function bound(word: string, value: Json | undefined): string {
  return typeof value === "number" ? `${word} ${value}` : "";
}

/** `isOpen`: the number itself is not let through. */
function refusedAbove({ maximum, exclusiveMaximum, type }: SchemaObject, value: number, isOpen: boolean): Refused | null {
  const greatest = isOpen && type === "integer" ? Math.ceil(value) - 1 : value;
  const isStill = isOpen && type !== "integer";
  if (typeof maximum === "number" && greatest > maximum) return { what: `be up to ${value}`, wanted: `the schema's maximum is ${maximum}` };
  if (typeof exclusiveMaximum !== "number" || greatest < exclusiveMaximum || (isStill && greatest === exclusiveMaximum)) return null;
  return { what: `be up to ${value}`, wanted: `the schema wants less than ${exclusiveMaximum}` };
}

function refusedBelow({ minimum, exclusiveMinimum, type }: SchemaObject, value: number, isOpen: boolean): Refused | null {
  const least = isOpen && type === "integer" ? Math.floor(value) + 1 : value;
  const isStill = isOpen && type !== "integer";
  if (typeof minimum === "number" && least < minimum) return { what: `be down to ${value}`, wanted: `the schema's minimum is ${minimum}` };
  if (typeof exclusiveMinimum !== "number" || least > exclusiveMinimum || (isStill && least === exclusiveMinimum)) return null;
  return { what: `be down to ${value}`, wanted: `the schema wants more than ${exclusiveMinimum}` };
}

function refusedSize({ type, maxLength, maxItems }: SchemaObject, size: number): Refused | null {
  const most = type === "string" ? maxLength : type === "array" ? maxItems : undefined;
  return typeof most === "number" && size > most ? { what: `have the size ${size}`, wanted: `the schema's limit is ${most}` } : null;
}
