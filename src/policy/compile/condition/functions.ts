import { type Currency, parseCurrency, parseMoneyText } from "../../../core/money.ts";
import type { OperatorName } from "../operators.ts";
import { parseMoment } from "../values/parse-moment.ts";
import { parseNetwork } from "../values/parse-network.ts";
import { parsePattern } from "../values/parse-pattern.ts";
import { parseSeconds } from "../values/parse-seconds.ts";
import type { InputType } from "./input-names.ts";
import type { Constant } from "./value.ts";

/** `x.f(…)` or `f(x, …)`. */
export type Form = "method" | "function";

export type FunctionRow = {
  readonly forms: readonly Form[];
  /** What it wants, where it is given something else. */
  readonly takes: string;
  readonly example: string;
} & (
  | {
      /** A test of a field by one text. */
      readonly gives: "test";
      readonly of: readonly InputType[];
      readonly op: OperatorName;
      readonly operand: (text: string) => Operand;
      /** What it says of a text that is known when built; null where that is not asked. */
      readonly fits: ((value: string, operand: string) => boolean) | null;
    }
  | { readonly gives: "size"; readonly of: readonly InputType[] }
  /** Folded when built. */
  | {
      readonly gives: "constant";
      readonly arity: number;
      readonly fold: (args: readonly (string | number)[]) => Constant | null;
    }
);

export type Operand =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "wrong"; readonly message: string; readonly fix: string | null };

const TEXTS: readonly InputType[] = ["text", "any", "untyped"];
const SIZED: readonly InputType[] = ["text", "texts", "findings", "text_map", "any_map", "any", "untyped"];

/** Every function of conditions. */
export const FUNCTIONS = {
  startsWith: {
    gives: "test",
    forms: ["method"],
    of: TEXTS,
    op: "prefix",
    takes: "one text",
    operand: asWritten,
    fits: (value, operand) => value.startsWith(operand),
    example: 'http.path.startsWith("/v1/")',
  },
  endsWith: {
    gives: "test",
    forms: ["method"],
    of: TEXTS,
    op: "suffix",
    takes: "one text",
    operand: asWritten,
    fits: (value, operand) => value.endsWith(operand),
    example: 'args.file.endsWith(".pdf")',
  },
  contains: {
    gives: "test",
    forms: ["method"],
    of: TEXTS,
    op: "substring",
    takes: "one text",
    operand: asWritten,
    fits: (value, operand) => value.includes(operand),
    example: 'args.note.contains("urgent")',
  },
  matches: {
    gives: "test",
    forms: ["method", "function"],
    of: TEXTS,
    op: "matches",
    takes: "a pattern",
    operand: asPattern,
    fits: null,
    example: 'args.image.matches("@sha256:[0-9a-f]{64}$")',
  },
  inCidr: {
    gives: "test",
    forms: ["function"],
    of: TEXTS,
    op: "cidr",
    takes: "a field and a network",
    operand: asNetwork,
    fits: null,
    example: 'inCidr(args.address, "10.0.0.0/8")',
  },
  size: { gives: "size", forms: ["function", "method"], of: SIZED, takes: "one text, list or map", example: "size(args.items) <= 10" },
  usd: {
    gives: "constant",
    forms: ["function"],
    arity: 1,
    takes: "one amount of 0 or more, in dollars with at most six decimals",
    fold: ([amount]) => foldMoney(amount, "usd"),
    example: "usd(5000) or usd(0.30)",
  },
  money: {
    gives: "constant",
    forms: ["function"],
    arity: 2,
    takes: "an amount of 0 or more, with at most six decimals, and a currency of ISO 4217 in lower case",
    fold: ([amount, currency]) => foldMoney(amount, currency),
    example: 'money("5000", "jpy")',
  },
  duration: {
    gives: "constant",
    forms: ["function"],
    arity: 1,
    takes: "one duration, with the units d, h, m, s, ms",
    fold: ([text]) => foldNumber(typeof text === "string" ? parseSeconds(text) : null),
    example: 'duration("90m") or duration("1h30m")',
  },
  timestamp: {
    gives: "constant",
    forms: ["function"],
    arity: 1,
    takes: "one moment of RFC 3339, to the millisecond",
    fold: ([text]) => foldMoment(text),
    example: 'timestamp("2026-12-24T00:00:00Z")',
  },
} as const satisfies Record<string, FunctionRow>;

function asWritten(text: string): Operand {
  if (text === "")
    return { kind: "wrong", message: "an empty text is part of every text", fix: "write has(…) to ask whether there is one" };
  return { kind: "text", text };
}

function asPattern(text: string): Operand {
  const parsed = parsePattern(text);
  if (parsed.kind === "pattern") return asWritten(parsed.text);
  return { kind: "wrong", message: `"${text}" ${parsed.reason}`, fix: "the syntax is RE2's, without look-around and back-references" };
}

function asNetwork(text: string): Operand {
  const parsed = parseNetwork(text);
  return parsed.kind === "network" ? asWritten(parsed.text) : { kind: "wrong", message: `"${text}" ${parsed.reason}`, fix: parsed.fix };
}

/** The text of a double is the shortest that means it, so 0.30 stays exact. */
function foldMoney(amount: string | number | undefined, code: string | number | undefined): Constant | null {
  const currency: Currency | null = parseCurrency(code);
  const micros = parseMoneyText(String(amount), 0);
  return micros === null || currency === null || currency !== code ? null : { kind: "money", money: { currency, micros } };
}

function foldNumber(value: number | null): Constant | null {
  return value === null ? null : { kind: "literal", value };
}

function foldMoment(text: string | number | undefined): Constant | null {
  const ms = typeof text === "string" ? parseMoment(text) : null;
  return ms === null ? null : { kind: "moment", ms };
}
