import type { AmountSource, ArgumentSource } from "../../../core/catalogue.ts";
import { parseCurrency } from "../../../core/money.ts";
import type { ToolSource } from "../schemas/tools-file.ts";
import type { Spot } from "../spot.ts";
import { findArgument } from "./find-argument.ts";

export function lowerAmount(source: ToolSource["amount"], spot: Spot, args: readonly ArgumentSource[]): AmountSource | null {
  if (source === undefined) return null;
  const argument = findArgument(source.value, spot.in("value"), args)?.name;
  if (argument === undefined) return null;
  if (source.currency.startsWith("args.")) {
    const name = findArgument(source.currency, spot.in("currency"), args)?.name;
    return name === undefined ? null : { argument, unit: source.unit, currency: { kind: "argument", name } };
  }
  const code = parseCurrency(source.currency);
  if (code !== null && code === source.currency) return { argument, unit: source.unit, currency: { kind: "fixed", code } };
  const message = `\`${source.currency}\` is no currency`;
  const lower = source.currency.toLowerCase();
  const fix = parseCurrency(lower) === null ? "write args.NAME or a code such as usd" : `currencies are in lower case: ${lower}`;
  return spot.in("currency").problem({ code: "wrong_value", message, fix });
}
