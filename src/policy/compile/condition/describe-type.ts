import type { InputType } from "./input-names.ts";

const TYPE_NAMES: { readonly [type in InputType]: string } = {
  text: "a text",
  number: "a number",
  money: "money",
  texts: "a list",
  findings: "a list",
  text_map: "a map",
  any_map: "a map",
  any: "a value of any type",
  group: "a group of names",
};

export function describeType(of: { readonly type: InputType }): string {
  return TYPE_NAMES[of.type];
}
