import type { AmountSource, ArgumentSource } from "../core/catalogue.ts";
import type { Json } from "../core/intent.ts";
import { type Currency, type Money, minorDigitsOf, parseCurrency, parseMoneyText } from "../core/money.ts";

const WHOLE = /^(?:0|[1-9][0-9]*)$/;
const MICRO_DIGITS = 6;

// A minor unit is known only of codes that are currencies; drawing rights and the sucre have none.
const CURRENCIES: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf("currency")
    .map((code) => code.toLowerCase())
    .filter((code) => code !== "xdr" && code !== "xsu"),
);

/** The money inside the call, or null where it is negative, missing, malformed, too large or in no known currency. */
export function readAmount(
  source: AmountSource,
  args: Readonly<Record<string, Json>>,
  declared: readonly Pick<ArgumentSource, "name" | "type">[],
): Money | null {
  const currency = readCurrency(source.currency, args);
  const text = readText(args[source.argument], declared.find(({ name }) => name === source.argument)?.type ?? "any");
  if (currency === null || text === null) return null;
  const micros = parseUnits(text, source.unit, currency);
  return micros === null ? null : { currency, micros };
}

function readCurrency(source: AmountSource["currency"], args: Readonly<Record<string, Json>>): Currency | null {
  const currency = parseCurrency(source.kind === "fixed" ? source.code : args[source.name]);
  return currency !== null && CURRENCIES.has(currency) ? currency : null;
}

/** Declared numbers must be numbers by now; elsewhere text is taken as it stands. */
function readText(value: Json | undefined, type: ArgumentSource["type"]): string | null {
  if (typeof value === "number") return Object.is(value, -0) ? null : String(value);
  return typeof value === "string" && (type === "string" || type === "any") ? value : null;
}

function parseUnits(text: string, unit: AmountSource["unit"], currency: Currency) {
  switch (unit) {
    case "major":
      return parseMoneyText(text, 0);
    case "minor":
      return WHOLE.test(text) ? parseMoneyText(text, minorDigitsOf(currency)) : null;
    case "micros":
      return WHOLE.test(text) ? parseMoneyText(text, MICRO_DIGITS) : null;
  }
}
