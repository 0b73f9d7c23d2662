import type { Passage } from "../core/finding.ts";

/** Offsets in UTF-16 units of the passage's text, `end` excluded. */
export type Span = { readonly start: number; readonly end: number };
export type Match = Span & {
  /** 0 … 1. */
  readonly confidence: number;
};

/** One kind of thing that can be seen in text. Pure, in time linear in the text, spans in order and apart from each other. */
export type Detector = {
  /** The finding's kind, for example `pii.ssn`. */
  readonly kind: string;
  readonly detect: (passage: Passage) => readonly Match[];
  /** How many characters a mask leaves at the end, so that people can tell two values apart. */
  readonly maskKeeps: number;
};
