import type { Money } from "../../../core/money.ts";
import { parseAmount } from "./parse-amount.ts";

export type BudgetText = {
  readonly of: { readonly kind: "money"; readonly money: Money } | { readonly kind: "credits" };
  readonly window: string;
};

/** `25 usd per day` or `100 credits per month`; null when the text is neither. */
export function parseBudget(text: string): BudgetText | null {
  const [, sum = "", unit = "", window = ""] = /^(\S+) (\S+) per (day|week|month)$/.exec(text) ?? [];
  if (window === "") return null;
  if (unit === "credits") return /^[1-9][0-9]{0,8}$/.test(sum) ? { of: { kind: "credits" }, window } : null;
  const money = parseAmount(`${sum} ${unit}`);
  return money === null ? null : { of: { kind: "money", money }, window };
}
