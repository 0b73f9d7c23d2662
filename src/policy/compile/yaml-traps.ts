export type Trap = { readonly offset: number; readonly message: string; readonly fix: string };

const CURE = "write the expression as a block (`if: |` and the text indented below), or quote it";

/** `if` as a key, with what follows it on the line. */
const IF = /(?:^|[\s{,-])(?:if|"if")\s*:\s+(?<rest>\S.*)$/d;

const ANCHOR = "begins with `&`, which YAML reads as an anchor";
const BRACKET = "begins with a bracket, which YAML reads as a list or a map";
const FLOW = "holds a bracket or a comma, which end a plain text inside `{…}`";
const COMMENT = "holds ` #`, where YAML begins a comment";

/** Traps at which YAML does not stumble. */
export const ANCHOR_TRAP = trap(ANCHOR);
export const BRACKET_TRAP = trap(BRACKET);
export const FLOW_TRAP = trap(FLOW);
export const COMMENT_TRAP = trap(COMMENT);

function trap(reads: string): Omit<Trap, "offset"> {
  return { message: `this expression ${reads}`, fix: CURE };
}

/** What a plain expression begins with or holds that YAML reads as something else; the first that fits is the trap. */
const TRAPS: readonly { readonly sign: RegExp; readonly reads: string; readonly inFlow?: true }[] = [
  { sign: /^!/, reads: "begins with `!`, which YAML reads as a tag" },
  { sign: /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*[^\s,}#]/, reads: "begins with a quoted text, where YAML ends the value" },
  { sign: /^&/, reads: ANCHOR },
  { sign: /^\*/, reads: "begins with `*`, which YAML reads as an alias" },
  { sign: /^[@`%]/, reads: "begins with a character that YAML reserves" },
  { sign: /^[[{]/, reads: BRACKET },
  { sign: /^[^"'|>].*[[\]{},]/, inFlow: true, reads: FLOW },
  { sign: /^[^"'|>].*:\s/, reads: "holds `: `, which YAML reads as a key" },
  { sign: /^[^"'|>].*\s#/, reads: COMMENT },
];

/** The trap of a plain `if` on the line of the offset, where YAML stumbled. */
export function nearTrap(text: string, offset: number): Trap | null {
  const begin = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", begin);
  const found = IF.exec(text.slice(begin, end === -1 ? undefined : end));
  const rest = found?.groups?.["rest"];
  const at = found?.indices?.groups?.["rest"]?.[0];
  if (rest === undefined || at === undefined) return null;
  const isFlow = text.slice(begin, begin + at).includes("{");
  const row = TRAPS.find((one) => one.sign.test(rest) && (isFlow || one.inFlow !== true));
  return row === undefined ? null : { offset: begin + at, ...trap(row.reads) };
}
