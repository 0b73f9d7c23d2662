import { nearTextTrap } from "../compile/text-traps.ts";
import { regionEnd } from "./rewrite-condition.ts";

/** The plain text at which YAML stumbles, in quotes, with its further lines; null where no such text stands there. */
export function quoteText(text: string, stumble: number): string | null {
  const trap = nearTextTrap(text, stumble);
  if (trap === null) return null;
  const column = trap.keyOffset - (text.lastIndexOf("\n", trap.keyOffset - 1) + 1);
  const last = trap.isFlow ? trap.end : regionEnd(text, trap.offset, column);
  const hasMoreLines = text.slice(trap.offset, last).includes("\n");
  const end = hasMoreLines ? last : trap.end;
  const plain = text.slice(trap.offset, end);
  // A comment between the lines of a quoted text would become a part of it.
  if (hasMoreLines && /\s#/.test(plain)) return null;
  return `${text.slice(0, trap.offset)}${inQuotes(plain)}${text.slice(end)}`;
}

function inQuotes(plain: string): string {
  return /["\\]/.test(plain) ? `'${plain.replaceAll("'", "''")}'` : `"${plain}"`;
}
