import { decodeComponent } from "./percent.ts";

export type FormPair = { readonly key: string; readonly value: string };

const FORM = /^[!-~]*$/;

/** The pairs of an `application/x-www-form-urlencoded` body, or null when it is not one to the letter. */
export function parseForm(text: string): readonly FormPair[] | null {
  if (!FORM.test(text)) return null;
  const pairs: FormPair[] = [];
  for (const raw of text.split("&")) {
    const at = raw.indexOf("=");
    const key = decodeComponent(at < 0 ? raw : raw.slice(0, at));
    const value = at < 0 ? "" : decodeComponent(raw.slice(at + 1));
    if (key === null || value === null) return null;
    pairs.push({ key, value });
  }
  return pairs;
}
