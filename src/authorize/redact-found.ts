import type { Place } from "../core/finding.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { Obligation, RedactWith } from "../core/ruling.ts";
import { findDetector } from "../detectors/kinds/index.ts";
import { redactText } from "../detectors/redact-text.ts";

export type FindingObligation = Extract<Obligation, { readonly kind: "redact_finding" }>;

// What stands for a whole value that nobody gave a kind.
const WHOLE_KIND = "redacted";

/** The text without what the detector of that kind sees in it, or null where it sees nothing. */
export function redactFound(text: string, place: Place, { finding, with: how }: FindingObligation, pseudonyms: Pseudonyms): string | null {
  const spans = findDetector(finding)?.detect({ place, text }) ?? [];
  return spans.length === 0 ? null : redactText(text, spans, { with: how, kind: finding, pseudonyms });
}

/** A replacement for all of the text. */
export function redactWhole(text: string, how: RedactWith, pseudonyms: Pseudonyms, kind: string = WHOLE_KIND): string {
  return redactText(text, [{ start: 0, end: text.length }], { with: how, kind, pseudonyms });
}
