import { suggestName } from "../nearest-name.ts";
import { isDate } from "../values/parse-moment.ts";
import type { Field } from "./test-tree.ts";
import { type Misfit, misfit } from "./value.ts";

/** A constant that the field can never be is a mistake in writing. */
export function checkConstant(field: Field, value: string | number | boolean): Misfit | null {
  if (field.type === "date" && typeof value === "string" && !isDate(value)) {
    return misfit(`"${value}" is no day of the calendar`, 'for example "2026-12-24"');
  }
  if (typeof value === "string" && field.values !== null && !field.values.includes(value)) {
    return misfit(`\`${field.text}\` is never "${value}"`, suggestName(value, field.values));
  }
  if (typeof value === "number" && field.range !== null && !(value >= field.range.from && value <= field.range.to)) {
    return misfit(`\`${field.text}\` goes from ${field.range.from} to ${field.range.to}`);
  }
  return null;
}

/** A test of texts that none of a field's few values passes. */
export function checkText(field: Field, fits: (value: string) => boolean): Misfit | null {
  if (field.values === null || field.values.some(fits)) return null;
  return misfit(`no value of \`${field.text}\` is like this`, `it is one of ${field.values.join(", ")}`);
}
