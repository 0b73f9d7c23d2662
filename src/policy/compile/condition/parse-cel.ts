import { parse } from "@bufbuild/cel";
import { explainSyntax } from "./explain-syntax.ts";
import { isDeeper, nestsDeeper } from "./nesting.ts";

/** The AST of @bufbuild/cel; macros arrive expanded. */
export type CelExpr = ReturnType<typeof parse>["expr"];

export type ParsedCel =
  | { readonly kind: "parsed"; readonly expr: CelExpr; readonly offsetOf: (expr: CelExpr) => number; readonly macroOf: MacroOf }
  | { readonly kind: "refused"; readonly offset: number; readonly message: string; readonly fix: string | null };

/** The macro that an expanded expression was written as, for example `exists`. */
type MacroOf = (expr: CelExpr) => string | null;

const EXPRESSION_CHARS_MAX = 4096;
/** Bounds every recursion: the parser's over brackets, and ours over its tree. */
const NESTING_MAX = 64;

export type CelParser = (text: string) => ParsedCel;

/** A parser that parses each text once: the rules of a folder are often alike. */
export function createCelParser(): CelParser {
  const parsed = new Map<string, ParsedCel>();
  return function parseCel(text) {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const fresh = parseText(text);
    parsed.set(text, fresh);
    return fresh;
  };
}

function parseText(text: string): ParsedCel {
  if (text.length > EXPRESSION_CHARS_MAX) {
    return refused(0, `the expression has more than ${EXPRESSION_CHARS_MAX} characters`, "split the rule");
  }
  if (text.trim() === "") return refused(0, "the expression is empty", "leave `if` out where the rule has no condition");
  if (nestsDeeper(text, NESTING_MAX)) return tooDeep();
  try {
    const { expr, sourceInfo } = parse(text);
    if (isDeeper(expr, NESTING_MAX)) return tooDeep();
    return {
      kind: "parsed",
      expr,
      // The parser places some operators at the white space before them.
      offsetOf: (part) => skipSpace(text, sourceInfo?.positions[String(part.id)] ?? 0),
      macroOf: (part) => {
        const call = sourceInfo?.macroCalls[String(part.id)]?.exprKind;
        return call?.case === "callExpr" ? call.value.function : null;
      },
    };
  } catch (error) {
    return explain(error, text);
  }
}

function tooDeep(): ParsedCel {
  return refused(0, `the expression is nested deeper than ${NESTING_MAX}`, "split the rule");
}

function skipSpace(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && /\s/.test(text[at] ?? "")) at++;
  return at;
}

function explain(error: unknown, text: string): ParsedCel {
  const stoppedAt = offsetIn(error);
  // What the parser throws without a place is no matter of syntax, for example half of a character.
  return stoppedAt === null ? refused(0, "this is no CEL expression", null) : { kind: "refused", ...explainSyntax(text, stoppedAt) };
}

/** The parser's error class is not exported; it carries where it stopped. */
function offsetIn(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("location" in error)) return null;
  const { location } = error;
  if (typeof location !== "object" || location === null || !("start" in location)) return null;
  const { start } = location;
  return typeof start === "object" && start !== null && "offset" in start && typeof start.offset === "number" ? start.offset : null;
}

function refused(offset: number, message: string, fix: string | null): ParsedCel {
  return { kind: "refused", offset, message, fix };
}
