const MALFORMED = /%(?![0-9A-Fa-f]{2})/;
const ESCAPE = /%([0-9A-Fa-f]{2})/g;

export function hasMalformedEscape(text: string): boolean {
  return text.includes("%") && MALFORMED.test(text);
}

/** The text with its escapes decoded once, or null when they are malformed or no UTF-8 (overlong forms and surrogates included). */
export function decodePercent(text: string): string | null {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The same for a query or form component, where `+` is a space. */
export function decodeComponent(text: string): string | null {
  return decodePercent(text.includes("+") ? text.replaceAll("+", " ") : text);
}

/** As `decodeComponent`, with U+FFFD for bytes that are no UTF-8: for looking at text, never for an argument. */
export function decodeComponentLossy(text: string): string {
  const plain = decodeComponent(text);
  if (plain !== null) return plain;
  const bytes = Buffer.from(
    text.replaceAll("+", " ").replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
  return bytes.toString("utf8");
}

/** Percent-encodes everything but RFC 3986's unreserved characters. */
export function encodeComponent(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
