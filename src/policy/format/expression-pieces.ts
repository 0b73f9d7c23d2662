export type Piece = { readonly kind: "code" | "text" | "comment"; readonly from: number; readonly to: number };

/** A quoted text of CEL, raw or not, or a comment of YAML: what may hold any sign without meaning it. */
const SPECIAL = /[rR]?(?<quote>"""|'''|"|')|(?<=^|\s)#/g;

/** An expression's code, its quoted texts, and the comments that YAML sees behind it: outside of a text, CEL knows no `#`. */
export function* expressionPieces(source: string): Generator<Piece> {
  let at = 0;
  while (at < source.length) {
    SPECIAL.lastIndex = at;
    const found = SPECIAL.exec(source);
    const begin = found?.index ?? source.length;
    if (begin > at) yield { kind: "code", from: at, to: begin };
    if (found === null) break;
    const quote = found.groups?.["quote"];
    const isRaw = /^[rR]/.test(found[0]);
    const end = quote === undefined ? lineEnd(source, begin) : textEnd(source, begin + found[0].length, { quote, isRaw });
    yield { kind: quote === undefined ? "comment" : "text", from: begin, to: end };
    at = end;
  }
}

/** Whether a bracket or a text of the expression is still open at its end. */
export function isOpenAtEnd(source: string): boolean {
  let depth = 0;
  let isTextOpen = false;
  for (const { kind, from, to } of expressionPieces(source)) {
    const piece = source.slice(from, to);
    if (kind === "text") isTextOpen = !/^[rR]?("""|'''|"|').*\1$/s.test(piece) || /^[rR]?["']$/.test(piece);
    if (kind !== "code") continue;
    for (const sign of piece) depth += "([{".includes(sign) ? 1 : ")]}".includes(sign) ? -1 : 0;
  }
  return depth !== 0 || isTextOpen;
}

type Quoted = { readonly quote: string; readonly isRaw: boolean };

/** Behind the closing quote; a text that is not closed ends with its line. */
function textEnd(source: string, from: number, { quote, isRaw }: Quoted): number {
  const last = quote.length === 1 ? lineEnd(source, from) : source.length;
  for (let at = from; at < last; at++) {
    if (source[at] === "\\" && !isRaw) at++;
    else if (source.startsWith(quote, at)) return at + quote.length;
  }
  return last;
}

export function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end === -1 ? source.length : end;
}
