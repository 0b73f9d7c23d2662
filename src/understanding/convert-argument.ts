import type { ArgumentSource } from "../core/catalogue.ts";
import type { Json } from "../core/intent.ts";
import { exactNumber } from "./exact-number.ts";

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;
const DECIMAL = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/** Text of a form, query, path or header. What is no number stays text, and a condition on a number is then unknown. */
export function convertText(text: string, type: ArgumentSource["type"]): Json {
  switch (type) {
    case "string":
    case "any":
      return text;
    case "integer":
      return INTEGER.test(text) ? exactNumber(text) : text;
    case "number":
      return DECIMAL.test(text) ? exactNumber(text) : text;
  }
}

/** A JSON value already has a type; an integer that is none stays as its text, so that a condition on it is unknown. */
export function convertJson(value: Json, type: ArgumentSource["type"]): Json {
  return type === "integer" && typeof value === "number" && !Number.isInteger(value) ? String(value) : value;
}
