import { CST, Lexer } from "yaml";

/** A key `if` of a file, whatever stands behind it. */
export type ConditionKey = {
  readonly from: number;
  /** Behind the colon. */
  readonly to: number;
  /** Whether it stands inside brackets, where no block can. */
  readonly isFlow: boolean;
};

const KEYS: ReadonlySet<string> = new Set(["if", '"if"', "'if'"]);
/** Signs the lexer puts between the parts of the text; they are no part of it. */
const MARKS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
const OPENING: ReadonlySet<string> = new Set(["flow-map-start", "flow-seq-start"]);
const CLOSING: ReadonlySet<string> = new Set(["flow-map-end", "flow-seq-end"]);

/** The keys `if` of a file, as far as its text can be taken apart: what breaks the structure comes behind the first broken one. */
export function findConditions(text: string): readonly ConditionKey[] {
  const found: ConditionKey[] = [];
  let at = 0;
  let depth = 0;
  let key: number | null = null;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) continue;
    const type = CST.tokenType(lexeme) ?? "scalar";
    if (OPENING.has(type)) depth++;
    if (CLOSING.has(type)) depth = Math.max(0, depth - 1);
    if (type === "map-value-ind" && key !== null) found.push({ from: key, to: at + lexeme.length, isFlow: depth > 0 });
    if (type !== "space") key = KEYS.has(lexeme) ? at : null;
    at += lexeme.length;
  }
  return found;
}
