import type { Pseudonyms } from "../core/keys.ts";
import type { RedactWith } from "../core/ruling.ts";
import type { Span } from "./detector.ts";
import { findDetector } from "./kinds/index.ts";

export type Redaction = {
  readonly with: RedactWith;
  /** What a label says, and what decides how much of it a mask keeps: a finding's kind. */
  readonly kind: string;
  readonly pseudonyms: Pseudonyms;
};

const HASH_HEX = 16;

/** The text without what the spans cover (policy.md section 2). Spans may come in any order and overlap. */
export function redactText(text: string, spans: readonly Span[], redaction: Redaction): string {
  let result = "";
  let from = 0;
  for (const { start, end } of joinSpans(spans, text.length)) {
    result += text.slice(from, start) + replacement(text.slice(start, end), redaction);
    from = end;
  }
  return result + text.slice(from);
}

function replacement(matched: string, redaction: Redaction): string {
  switch (redaction.with) {
    case "remove":
      return "";
    case "mask":
      return mask(matched, findDetector(redaction.kind)?.maskKeeps ?? 0);
    case "hash":
      return redaction.pseudonyms.hmacHex(matched).slice(0, HASH_HEX);
    case "label":
      return `[${redaction.kind}]`;
  }
}

function mask(matched: string, keeps: number): string {
  const kept = keeps > 0 && matched.length > keeps ? matched.slice(-keeps) : "";
  return "*".repeat([...matched.slice(0, matched.length - kept.length)].length) + kept;
}

function joinSpans(spans: readonly Span[], length: number): readonly Span[] {
  const joined: { start: number; end: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const start = Math.max(0, span.start);
    const end = Math.min(length, span.end);
    const last = joined.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else if (start < end) joined.push({ start, end });
  }
  return joined;
}
