import type { Trap } from "./yaml-traps.ts";

/** A plain text that YAML reads as something else, from the trap's offset to its end. */
export type TextTrap = Trap & { readonly end: number; readonly keyOffset: number; readonly isFlow: boolean };

/** A key with what parts it from its value. */
const KEY = /(?<=^|[\s{,[])(?<key>[A-Za-z_$][\w.$-]*|"[^"]*"|'[^']*')\s*:[ \t]+(?=\S)/g;

/** Signs at the beginning of a text, and what YAML takes them for; lists and maps count only with a text behind them. */
const BEGINNINGS: readonly { readonly sign: RegExp; readonly reads: string }[] = [
  { sign: /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*[^\s,}\]#]/, reads: "begins with a quoted text, where YAML ends the value" },
  { sign: /^\*\S*[ \t]+[^\s,}\]#]/, reads: "begins with `*`, which YAML reads as an alias" },
  { sign: /^[@`%]/, reads: "begins with a character that YAML reserves" },
  { sign: /^(?:\{[^{}]*\}|\[[^[\]]*\])[ \t]*[^\s,}\]#]/, reads: "begins with a bracket, which YAML reads as a list or a map" },
];

/** The trap of a plain text, of whatever key but `if`, on the line of the offset where YAML stumbled. */
export function nearTextTrap(text: string, offset: number): TextTrap | null {
  const begin = text.lastIndexOf("\n", offset - 1) + 1;
  const stop = text.indexOf("\n", begin);
  const line = text.slice(begin, stop === -1 ? undefined : stop);
  const found = [...line.matchAll(KEY)].findLast((one) => begin + one.index + one[0].length <= offset);
  const key = found?.groups?.["key"] ?? "if";
  if (found === undefined || /^["']?if["']?$/.test(key)) return null;
  const from = found.index + found[0].length;
  const isFlow = /[[{]/.test(line.slice(0, found.index));
  const rest = isFlow ? line.slice(from, from + entryEnd(line.slice(from))) : line.slice(from).replace(/[ \t]+#.*$/, "");
  const value = rest.trimEnd();
  const reads = readAs(value, isFlow);
  if (reads === null) return null;
  const at = begin + from;
  return { offset: at, end: at + value.length, keyOffset: begin + found.index, isFlow, message: `this text ${reads}`, fix: "quote it" };
}

function readAs(value: string, isFlow: boolean): string | null {
  const row = BEGINNINGS.find(({ sign }) => sign.test(value));
  if (row !== undefined) return row.reads;
  if (/^["'|>[{&!*]/.test(value)) return null;
  if (/:(?:\s|$)/.test(value)) return "holds `: `, which YAML reads as a key";
  return isFlow && /[[\]{}]/.test(value) ? "holds a bracket, which ends a plain text inside `{…}`" : null;
}

/** Behind a comma that ends an entry stands a key. */
const NEXT_ENTRY = /^,\s*(?:[\w.$"'-]+\s*:|[}\]]|$)/;

/** Where the entry of a collection in brackets ends: at the bracket that closes the collection, or at the comma before a key. */
function entryEnd(source: string): number {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const sign = source[at] ?? "";
    if (depth === 0 && ("]}".includes(sign) || (sign === "," && NEXT_ENTRY.test(source.slice(at))))) return at;
    if ("[{".includes(sign)) depth++;
    if ("]}".includes(sign)) depth--;
  }
  return source.length;
}
