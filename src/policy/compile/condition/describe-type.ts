import type { InputType } from "./input-names.ts";

/** What a type is called, and what can be written with it where something else was. */
const TYPES: { readonly [type in InputType | "size"]: { readonly name: string; readonly advice: string } } = {
  text: { name: "a text", advice: "it compares with a text in quotes or a timestamp(…)" },
  number: { name: "a number", advice: "it compares with a number" },
  date: { name: "a date", advice: 'it compares with a day such as "2026-12-24"' },
  money: { name: "money", advice: "it compares with money only: write usd(5000)" },
  texts: { name: "a list", advice: 'write "a" in the list, or use exists, all or size' },
  findings: { name: "a list", advice: "use exists, all or size" },
  text_map: { name: "a map", advice: 'name a key, or write "key" in the map' },
  any_map: { name: "a map", advice: 'name a key, or write "key" in the map' },
  any: { name: "a value of any type", advice: "it compares with texts, numbers, true and false, and timestamp(…)" },
  untyped: { name: "a text without type", advice: "it compares with a text in quotes or a timestamp(…)" },
  group: { name: "a group of names", advice: "name a part of it" },
  size: { name: "a size", advice: "it compares with a whole number of 0 or more" },
};

export function describeType({ type, declaredBy }: { readonly type: InputType; readonly declaredBy: string | null }): string {
  return declaredBy === null ? TYPES[type].name : `${TYPES[type].name} by ${declaredBy}'s catalogue entry`;
}

export function adviseOn(type: InputType | "size"): string {
  return TYPES[type].advice;
}
