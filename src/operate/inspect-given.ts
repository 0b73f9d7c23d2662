import type { Inspect } from "../detectors/inspect.ts";
import type { CaseFinding } from "../policy/compile/cases.ts";

/** Detectors that see what a case says, of the kinds that are looked for; each finding is the whole text at its place. */
export function inspectGiven(given: readonly CaseFinding[]): Inspect {
  return function inspectCase(passages, kinds) {
    const findings = given.filter(({ kind }) => kinds.includes(kind));
    return { findings: findings.map((finding) => ({ ...finding, start: 0, end: lengthAt(finding, passages) })), cut: false };
  };
}

function lengthAt({ place }: CaseFinding, passages: Parameters<Inspect>[0]): number {
  const where = JSON.stringify(place);
  return passages.find((passage) => JSON.stringify(passage.place) === where)?.text.length ?? 0;
}
