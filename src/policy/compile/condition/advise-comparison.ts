import { parseMoment } from "../values/parse-moment.ts";
import { adviseOn } from "./describe-type.ts";
import type { Field } from "./test-tree.ts";
import type { Constant } from "./value.ts";

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const RETYPE = "a number has `type: integer` or `type: number` there";

type Against = { readonly constant: Constant; readonly isOrder: boolean };

/** What to write where a field does not compare with a constant of this type. */
export function adviseType(field: Field, { constant, isOrder }: Against): string {
  const value = constant.kind === "literal" ? constant.value : null;
  if (field.type === "number" && typeof value === "string" && NUMBER.test(value)) return `write ${value} without quotes`;
  const isText = (field.type === "text" || field.type === "untyped") && field.values === null;
  if (isText && field.declaredBy !== null && typeof value === "number")
    return isOrder ? RETYPE : `write "${value}" in quotes, or: ${RETYPE}`;
  if (isText && !isOrder && value !== null) return `write "${value}" in quotes`;
  return adviseOn(field.type);
}

/** What to write where texts are put in an order; null where they cannot be. */
export function adviseOrder(field: Field, { constant }: Against): string | null {
  const value = constant.kind === "literal" ? constant.value : null;
  if (typeof value !== "string") return null;
  if (NUMBER.test(value)) {
    if (field.type === "any") return `write ${value} without quotes`;
    return field.declaredBy === null ? null : `write ${value} without quotes: ${RETYPE}`;
  }
  const moment = [value, `${value}T00:00:00Z`].find((text) => parseMoment(text) !== null);
  return moment === undefined ? null : `write timestamp("${moment}")`;
}

/** What to do about two fields that do not compare as they stand. */
export function adviseFields(left: Field, right: Field): string | null {
  const texts = [left, right].filter(({ type }) => type === "text" || type === "untyped");
  const isRetyped = texts.some(({ declaredBy }) => declaredBy !== null);
  return isRetyped && [left, right].every(({ type }) => type === "number" || type === "text" || type === "untyped") ? RETYPE : null;
}
