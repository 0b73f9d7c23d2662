import { parseAmount } from "./parse-amount.ts";
import { parseBudget } from "./parse-budget.ts";

/** What to write for a text that was meant as an amount such as `0.30 usd`. */
export function cureAmount(text: string): string {
  const written = rewriteAmount(text);
  return parseAmount(written) === null ? "for example 0.30 usd" : curedTo(written, text);
}

/** What to write for a text that was meant as a budget such as `25 usd per day`. */
export function cureBudget(text: string): string {
  const [, sum = text, window = "day"] = BUDGET.exec(text) ?? [];
  const written = `${rewriteAmount(sum)} per ${window.replace(/^daily$/i, "day").toLowerCase()}`;
  return parseBudget(written) === null ? "for example 10000 usd per day" : curedTo(written, text);
}

const BUDGET = /^(.*?)\s*(?:(?:\/|\b(?:per|a|each|every))\s*(?=[dwm])|\s(?=daily))(day|week|month|daily)$/i;

const CURRENCIES: Readonly<Record<string, string>> = {
  $: "usd",
  dollar: "usd",
  dollars: "usd",
  "€": "eur",
  euro: "eur",
  euros: "eur",
  "£": "gbp",
};
const UNIT = /[$€£]|[a-z]+/;

function rewriteAmount(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/(?<=[0-9])[,_](?=[0-9]{3}\b)/g, "");
  const unit = UNIT.exec(plain)?.[0] ?? "";
  return `${plain.replace(UNIT, "").trim()} ${CURRENCIES[unit] ?? unit}`;
}

function curedTo(written: string, text: string): string {
  return written === text.toLowerCase() && written !== text ? `currencies are in lower case: ${written}` : `write ${written}`;
}
