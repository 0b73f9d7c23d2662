import type { Intent, Json } from "../core/intent.ts";
import { type Money, minorDigitsOf } from "../core/money.ts";

const VALUE_CHARS_MAX = 200;
const MICRO = 1_000_000;

/** A rule's summary for approvers, with `{amount}`, `{tool}` and `{args.NAME}` filled in. */
export function summarize(template: string | null, intent: Intent): string | null {
  return template === null ? null : template.replace(/\{([A-Za-z0-9_.]{1,128})\}/g, (_, name: string) => clip(fill(name, intent)));
}

function fill(name: string, intent: Intent): string {
  if (name === "amount") return intent.amount === null ? "(unknown)" : formatMoney(intent.amount);
  if (name === "tool") return intent.tool.kind === "known" ? intent.tool.name : "(unknown)";
  if (!name.startsWith("args.")) return "(unknown)";
  const argument = name.slice("args.".length);
  return Object.hasOwn(intent.args, argument) ? describe(intent.args[argument] ?? null) : "(absent)";
}

/** `9000.00 usd` */
export function formatMoney({ currency, micros }: Money): string {
  return `${(micros / MICRO).toFixed(minorDigitsOf(currency))} ${currency}`;
}

function describe(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Cut values say so, so that nobody approves what was not shown. */
function clip(text: string): string {
  return text.length <= VALUE_CHARS_MAX ? text : `${text.slice(0, VALUE_CHARS_MAX)}… (cut)`;
}
