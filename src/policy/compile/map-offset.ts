const BLOCK_HEADER = /^[|>][0-9+-]*[^\n]*\n/;

/**
 * Where the character at `offset` of a YAML scalar's value stands in its source text. YAML removes quotes, escapes and
 * indentation and folds lines, but keeps every other character in order: so both are walked side by side.
 */
export function mapOffset(source: string, value: string, offset: number): number {
  const first = BLOCK_HEADER.exec(source)?.[0].length ?? (/^["']/.test(source) ? 1 : 0);
  let at = first;
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? "";
    if (/\s/.test(char)) {
      if (i === offset) return Math.min(at, source.length);
      if (/\s/.test(source[at] ?? "")) at++;
      continue;
    }
    while (at < source.length && source[at] !== char && /[\s\\'"]/.test(source[at] ?? "")) at++;
    if (source[at] !== char) return 0;
    if (i === offset) return at;
    at++;
  }
  return Math.min(at, source.length);
}
