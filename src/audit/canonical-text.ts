import type { Json } from "../core/intent.ts";

/** RFC 8785 text. What it cannot carry never loses a record: lone surrogates become U+FFFD, numbers without a form null. */
export function canonicalText(value: Json): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalText).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${quote(key)}:${canonicalText(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
