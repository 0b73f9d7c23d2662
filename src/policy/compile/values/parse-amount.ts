import { type Money, parseCurrency, parseMoneyText } from "../../../core/money.ts";

/** `0.30 usd`; null when the text is no amount of 0 or more in a currency. */
export function parseAmount(text: string): Money | null {
  const parts = /^(\S+) ([a-z]{3})$/.exec(text);
  const currency = parseCurrency(parts?.[2]);
  const micros = parseMoneyText(parts?.[1] ?? "", 0);
  return currency === null || micros === null ? null : { currency, micros };
}
