import type { Json } from "../../core/intent.ts";

const MICROS = 1_000_000;
const CHARS_MAX = 80;

/** A value of the call's input for people: money as money, the rest as JSON, long ones cut. */
export function describeValue(value: Json | undefined): string {
  if (value === undefined) return "absent";
  return cutText(moneyText(value) ?? JSON.stringify(value));
}

/** At most so many characters, the last of them an ellipsis where something is missing. */
export function cutText(text: string, charsMax: number = CHARS_MAX): string {
  const chars = Array.from(text.slice(0, charsMax * 2));
  return chars.length <= charsMax && text.length <= charsMax * 2 ? text : `${chars.slice(0, charsMax - 1).join("")}…`;
}

function moneyText(value: Json): string | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = new Map(Object.entries(value));
  const [currency, micros] = [fields.get("currency"), fields.get("micros")];
  if (typeof currency !== "string" || typeof micros !== "number" || fields.size > 2) return null;
  return `${micros / MICROS} ${currency}`;
}
