/**
 * A JSON text in the form that OPA hashes (bundle signatures of structured files): no white space, keys in the order of
 * their UTF-8 bytes, numbers exactly as written, and of all characters only quotes, backslashes, controls and U+2028/2029
 * escaped. Null when the text is no JSON, or nests deeper than the cap.
 */
export function canonicalJson(text: string): string | null {
  try {
    const parsed: unknown = JSON.parse(text, keepNumberText);
    return write(parsed, 0);
  } catch {
    return null;
  }
}

const NESTING_MAX = 512;

class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

// TypeScript's library does not know the third argument, which names the text that a value was read from.
function keepNumberText(_key: string, value: unknown, ...[context]: readonly unknown[]): unknown {
  if (typeof value !== "number" || typeof context !== "object" || context === null || !("source" in context)) return value;
  return new NumberText(String(context.source));
}

function write(value: unknown, depth: number): string {
  if (depth > NESTING_MAX) throw new Error("nested too deep");
  if (value instanceof NumberText) return value.text;
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map((member) => write(member, depth + 1)).join(",")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value)
    .map(([key, member]) => ({ bytes: Buffer.from(key), text: `${quote(key)}:${write(member, depth + 1)}` }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return `{${members.map((member) => member.text).join(",")}}`;
}

function quote(text: string): string {
  // Go's encoder, like JSON.stringify, writes \b and \f short; it replaces what is no Unicode where JSON.stringify escapes it.
  return JSON.stringify(text.toWellFormed()).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
