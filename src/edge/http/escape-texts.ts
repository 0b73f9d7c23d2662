import { escapeText } from "./escape-text.ts";

/** The value with every text in it escaped, names of members too. For data whose depth is bounded. */
export function escapeTexts(value: unknown): unknown {
  if (typeof value === "string") return escapeText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(escapeTexts);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [escapeText(key), escapeTexts(member)]));
}
