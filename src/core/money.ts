import type { Brand } from "./brand.ts";

/** Integer millionths of a currency's main unit: 5 USD is 5,000,000. Always 0 … 2^53 − 1. */
export type Micros = Brand<number, "Micros">;

/** ISO 4217 in lower case, for example `usd`. */
export type Currency = Brand<string, "Currency">;

export type Money = { readonly currency: Currency; readonly micros: Micros };

const TEXT = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;
const MICRO_DIGITS = 6;
const MINOR_DIGITS_DEFAULT = 2;

/** Currencies whose minor unit is not a hundredth (ISO 4217, table A.1). */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  bhd: 3,
  bif: 0,
  clf: 4,
  clp: 0,
  djf: 0,
  gnf: 0,
  iqd: 3,
  isk: 0,
  jod: 3,
  jpy: 0,
  kmf: 0,
  krw: 0,
  kwd: 3,
  lyd: 3,
  omr: 3,
  pyg: 0,
  rwf: 0,
  tnd: 3,
  ugx: 0,
  uyi: 0,
  uyw: 4,
  vnd: 0,
  vuv: 0,
  xaf: 0,
  xof: 0,
  xpf: 0,
};

export function parseCurrency(text: unknown): Currency | null {
  if (typeof text !== "string") return null;
  const lower = text.toLowerCase();
  return /^[a-z]{3}$/.test(lower) ? (lower as Currency) : null;
}

/** A whole number of micros inside the range that money may have, or null. */
export function parseMicros(value: number): Micros | null {
  return Number.isSafeInteger(value) && value >= 0 ? (value as Micros) : null;
}

/** How many decimal digits the currency's minor unit has: usd 2, jpy 0. */
export function minorDigitsOf(currency: Currency): number {
  return MINOR_DIGITS[currency] ?? MINOR_DIGITS_DEFAULT;
}

/**
 * Micros of a decimal text such as `5000` or `0.30`, given in units that have `unitDigits` decimal digits below the
 * main unit (0 for the main unit itself, 2 for cents). Null for a sign, an exponent, a rest below one micro or more
 * than 2^53 − 1 micros.
 */
export function parseMoneyText(text: string, unitDigits: number): Micros | null {
  const parts = TEXT.exec(text);
  if (parts === null) return null;
  const [, whole = "", fraction = ""] = parts;
  const shift = MICRO_DIGITS - unitDigits;
  if (fraction.length > shift && /[1-9]/.test(fraction.slice(shift))) return null;
  const digits = whole + fraction.slice(0, shift).padEnd(shift, "0");
  return digits.length > 22 ? null : parseMicros(Number(digits));
}
