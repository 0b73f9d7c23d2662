import type { CaseExpectation, CaseOutcome } from "./cases.ts";
import { compareText } from "./problem.ts";

/** What of an expectation was not met, one line each. */
export function compareOutcome(expected: CaseExpectation, outcome: CaseOutcome): readonly string[] {
  const differences: string[] = [];
  for (const key of ["decision", "rule", "code", "class", "tool", "model"] as const) {
    const wanted = expected[key];
    if (wanted !== null && wanted !== outcome[key]) differences.push(`${key}: expected ${wanted}, got ${outcome[key] ?? "none"}`);
  }
  const shadow = compareShadow(expected.shadow, outcome.shadow);
  if (shadow !== null) differences.push(shadow);
  for (const key of ["redactions", "limits", "removed"] as const) {
    const wanted = expected[key]?.toSorted().join(", ");
    const got = outcome[key].toSorted().join(", ");
    if (wanted !== undefined && wanted !== got) differences.push(`${key}: expected [${wanted}], got [${got}]`);
  }
  if (expected.set !== null && listOf(expected.set) !== listOf(outcome.set)) {
    differences.push(`set: expected { ${listOf(expected.set)} }, got { ${listOf(outcome.set)} }`);
  }
  return differences;
}

function compareShadow(wanted: CaseExpectation["shadow"], got: CaseOutcome["shadow"]): string | null {
  if (wanted === null) return null;
  const shown = got === null ? "none" : textOf({ decision: got.decision, rule: got.rule });
  const isMet =
    wanted === "none"
      ? got === null
      : got !== null && wanted.decision === got.decision && (wanted.rule === null || wanted.rule === got.rule);
  return isMet ? null : `shadow: expected ${wanted === "none" ? wanted : textOf(wanted)}, got ${shown}`;
}

function textOf({ decision, rule }: { readonly decision: string; readonly rule: string | null }): string {
  return rule === null ? decision : `${decision} by ${rule}`;
}

function listOf(set: Readonly<Record<string, string>>): string {
  return Object.entries(set)
    .toSorted(([one], [other]) => compareText(one, other))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ");
}
