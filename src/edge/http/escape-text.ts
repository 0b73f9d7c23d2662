// Control, format (bidi, zero width), separators, surrogates and private use: what a terminal or a page does not show as itself.
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** The text with every character that cannot be seen as itself written as `\u{…}`. */
export function escapeText(text: string): string {
  return text.replace(UNSHOWN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

export function isPlainText(text: string): boolean {
  return escapeText(text) === text;
}
