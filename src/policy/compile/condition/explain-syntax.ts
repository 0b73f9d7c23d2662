import { cureSyntax } from "./cure-syntax.ts";

/** Where a text stops being CEL, what stands there and what is written instead. */
export type SyntaxFault = { readonly offset: number; readonly message: string; readonly fix: string | null };

/** The parser goes back to the sign before an operand that it cannot read; what is wrong stands behind the sign. */
const SIGN = /^(?:==|!=|<=|>=|<(?!>)|>|&&|\|\||[-+*/]|in\b)(?![=~])\s*/;
const PIECE = /^(?:[A-Za-z_]\w*|\d\w*|"[^"\n]*"?|'[^'\n]*'?|[“”‘’][^“”‘’\n]*[“”‘’]?|\$[\d.]+|===?|=~|<>|\.{2,3}|.)/su;
const PIECE_CHARS_MAX = 32;

export function explainSyntax(text: string, stoppedAt: number): SyntaxFault {
  const offset = faultAt(text, stoppedAt);
  const rest = text.slice(offset);
  const piece = PIECE.exec(rest.trimEnd())?.[0] ?? "";
  const found = piece === "" ? "it ends too early" : `found \`${shorten(piece)}\` here`;
  return { offset, message: `this is no CEL expression: ${found}`, fix: cureSyntax(text.slice(0, offset), rest) };
}

function faultAt(text: string, stoppedAt: number): number {
  const rest = text.slice(stoppedAt);
  const at = stoppedAt + (/^\s*/.exec(rest)?.[0].length ?? 0);
  const behind = at + (SIGN.exec(text.slice(at))?.[0].length ?? 0);
  // In the middle of a word, for example of `200usd`, of which the parser took `200u`.
  const begun = /^\w/.test(text.slice(behind)) ? (/\d\w*$/.exec(text.slice(0, behind))?.[0].length ?? 0) : 0;
  return Math.min(behind - begun, text.trimEnd().length);
}

function shorten(piece: string): string {
  const chars = [...piece];
  return chars.length > PIECE_CHARS_MAX ? `${chars.slice(0, PIECE_CHARS_MAX).join("")}…` : piece;
}
