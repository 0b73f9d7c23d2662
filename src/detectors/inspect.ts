import type { Finding, Passage } from "../core/finding.ts";
import type { Detector } from "./detector.ts";
import { findDetector } from "./kinds/index.ts";

export type Inspection = {
  readonly findings: readonly Finding[];
  /** True where not everything was looked at or told: what is missing is unknown, not absent. */
  readonly cut: boolean;
};

export const FINDINGS_MAX_PER_KIND = 64;
/** UTF-16 units of all passages together. */
export const TEXT_MAX = 2_097_152;

const NOTHING: Inspection = { findings: [], cut: false };

export type Inspect = (passages: readonly Passage[], kinds: readonly string[]) => Inspection;

/** What the detectors of these kinds see. A kind that nobody can detect cuts the inspection: nothing was looked for. */
export function inspect(passages: readonly Passage[], kinds: readonly string[]): Inspection {
  if (kinds.length === 0) return NOTHING;
  const detectors = kinds.map(findDetector);
  const text = limitText(passages);
  const findings: Finding[] = [];
  let cut = text.cut;
  for (const detector of detectors) {
    if (detector === undefined) cut = true;
    else if (collect(detector, text.passages, findings)) cut = true;
  }
  return { findings, cut };
}

/** Whether there were more than are told. */
function collect(detector: Detector, passages: readonly Passage[], findings: Finding[]): boolean {
  let count = 0;
  for (const passage of passages) {
    for (const { start, end, confidence } of detector.detect(passage)) {
      if (++count > FINDINGS_MAX_PER_KIND) return true;
      findings.push({ kind: detector.kind, place: passage.place, start, end, confidence });
    }
  }
  return false;
}

function limitText(passages: readonly Passage[]): { readonly passages: readonly Passage[]; readonly cut: boolean } {
  let left = TEXT_MAX;
  for (const [at, { text }] of passages.entries()) {
    left -= text.length;
    if (left < 0) return { passages: passages.slice(0, at), cut: true };
  }
  return { passages, cut: false };
}
