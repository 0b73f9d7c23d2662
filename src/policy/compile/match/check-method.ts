import type { Spot } from "../spot.ts";

/** Whether the text is a method as calls carry it; otherwise that is noted. */
export function checkMethod(text: string, spot: Spot): boolean {
  if (/^[A-Z][A-Z-]{0,31}$/.test(text)) return true;
  const fix = /^[a-z-]+$/i.test(text) ? `write ${text.toUpperCase()}` : null;
  spot.problem({ code: "wrong_value", message: `\`${text}\` is no method: methods are in upper case`, fix });
  return false;
}
