import { RE2JS } from "re2js";

/** Bounds what one match of a text of the input's greatest size can cost: about 0.1 s for the worst pattern of that size. */
const INSTRUCTIONS_MAX = 256;
const CHARS_MAX = 512;

export type ParsedPattern = { readonly kind: "pattern"; readonly text: string } | { readonly kind: "refused"; readonly reason: string };

/** A regular expression of RE2, which is matched in time linear to the text. */
export function parsePattern(text: string): ParsedPattern {
  if (text.length > CHARS_MAX) return refused(`has more than ${CHARS_MAX} characters`);
  if (!text.isWellFormed()) return refused("is no well-formed text");
  try {
    if (RE2JS.compile(text).programSize() <= INSTRUCTIONS_MAX) return { kind: "pattern", text };
    return refused(`needs more than ${INSTRUCTIONS_MAX} steps when its repetitions are written out`);
  } catch (error) {
    return refused(`is no RE2 pattern: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "it cannot be read";
}

function refused(reason: string): ParsedPattern {
  return { kind: "refused", reason };
}
