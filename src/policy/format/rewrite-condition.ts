import { nearTrap } from "../compile/yaml-traps.ts";
import { expressionPieces, lineEnd } from "./expression-pieces.ts";
import type { ConditionKey } from "./find-conditions.ts";

/** The expression with the lines that are indented deeper than its key, as a block; its comments go behind the block's sign. */
export function writeAsBlock(text: string, { from, to }: ConditionKey): string | null {
  const column = from - (text.lastIndexOf("\n", from - 1) + 1);
  const end = regionEnd(text, to, column);
  const region = text.slice(to, end);
  const [first = "", ...rest] = region.split("\n");
  const isTrapped =
    isTrap(first.trim() === "" ? "" : first) || rest.some((line, at) => isTrap(at === 0 && first.trim() === "" ? line : `x ${line}`));
  if (!isTrapped) return null;
  const pieces = [...expressionPieces(region)];
  const part = (kinds: readonly string[]) => pieces.filter(({ kind }) => kinds.includes(kind)).map((one) => region.slice(one.from, one.to));
  const code = part(["code", "text"]).join("").split("\n");
  const lines = code.map((line) => line.trim()).filter((line) => line !== "");
  const comments = part(["comment"]).map((comment) => ` ${comment.trimEnd()}`);
  const margin = " ".repeat(column + 2);
  const body = lines.map((line) => `\n${margin}${line}`).join("");
  return `${text.slice(0, to)} |${comments.join("")}${body}${text.slice(end)}`;
}

function isTrap(line: string): boolean {
  return line !== "" && nearTrap(`if: ${line.trim()}`, 0) !== null;
}

/** Where the lines end that are indented deeper than the column. */
export function regionEnd(text: string, from: number, column: number): number {
  let end = lineEnd(text, from);
  for (let next = end; next < text.length; ) {
    const lineStop = lineEnd(text, next + 1);
    const line = text.slice(next + 1, lineStop);
    if (line.trim() !== "" && line.length - line.trimStart().length <= column) break;
    if (line.trim() !== "") end = lineStop;
    next = lineStop;
  }
  return end;
}

/** An entry's value that YAML reads as one quoted text. */
const QUOTED = /^\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?:[,}\]#]|$)/;

/** The expression up to the comma or bracket that ends its entry, in quotes. */
export function writeInQuotes(text: string, { to }: ConditionKey): string | null {
  const source = text.slice(to);
  if (QUOTED.test(source)) return null;
  const end = entryEnd(source);
  const entry = source.slice(0, end).trim();
  const expression = entry.replaceAll(/\s*\n\s*/g, " ");
  if (expression === "" || [...expressionPieces(entry)].some(({ kind }) => kind === "comment")) return null;
  if (!/[[\](){},]/.test(expression) && nearTrap(`{ if: ${expression}`, 0) === null) return null;
  const quoted = `'${expression.replaceAll("'", "''")}'`;
  return `${text.slice(0, to)} ${quoted}${source.slice(end)}`;
}

function entryEnd(source: string): number {
  let depth = 0;
  for (const { kind, from, to } of expressionPieces(source)) {
    if (kind !== "code") continue;
    for (let at = from; at < to; at++) {
      const sign = source[at] ?? "";
      if (depth === 0 && ",]}".includes(sign)) return at;
      if ("([{".includes(sign)) depth++;
      if (")]}".includes(sign)) depth--;
    }
  }
  return source.length;
}
