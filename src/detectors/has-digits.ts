/** Whether the text has at least so many ASCII digits; a cheap look before the patterns are tried. */
export function hasDigits(text: string, count: number): boolean {
  if (text.length < count) return false;
  let seen = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57 && ++seen >= count) return true;
  }
  return false;
}
