import type { Obligation, RedactWith, RuledObligation } from "../core/ruling.ts";

const STRICTNESS = { remove: 3, label: 2, hash: 1, mask: 0 } as const satisfies Record<RedactWith, number>;

/** One obligation for each thing: of two rules that redact the same, the one that leaves less counts. */
export function strictestObligations(obligations: readonly RuledObligation[]): readonly RuledObligation[] {
  if (obligations.length < 2) return obligations;
  const strictest = new Map<string, RuledObligation>();
  for (const obligation of obligations) {
    const key = keyOf(obligation);
    const other = strictest.get(key);
    if (other === undefined || strictnessOf(obligation) > strictnessOf(other)) strictest.set(key, obligation);
  }
  return [...strictest.values()];
}

function strictnessOf(obligation: Obligation): number {
  return obligation.kind === "remove_header" ? STRICTNESS.remove : STRICTNESS[obligation.with];
}

function keyOf(obligation: Obligation): string {
  switch (obligation.kind) {
    case "redact_finding":
      return `finding:${obligation.finding}`;
    case "redact_header":
      return `header:${obligation.name.toLowerCase()}`;
    case "redact_query":
      return `query:${obligation.key}`;
    case "redact_form":
      return `form:${obligation.key}`;
    case "redact_json":
      return `json:${JSON.stringify(obligation.path)}`;
    case "remove_header":
      return `remove:${obligation.name.toLowerCase()}`;
  }
}
