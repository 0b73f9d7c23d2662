import type { ApprovalRequirement, HeaderSet, Limit, Obligation } from "../../core/ruling.ts";
import type { Clause, Match, ProgramRule } from "../program.ts";
import { describeCondition } from "../wording/describe-condition.ts";
import { listCovered } from "../wording/describe-names.ts";
import { DIMENSIONS } from "./compare-match.ts";

const MICROS = 1_000_000;
const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
] as const;
const MS_A_SECOND = 1000;

/** A rule in a few lines, for one that the other side does not have. */
export function describeRule(rule: ProgramRule): readonly string[] {
  const { effect, shadow, match, obligations, sets, approval, limit } = rule;
  return [
    `${effect}${shadow ? ", in shadow" : ""}`,
    `match ${describeMatch(match)}`,
    `if ${describeClauses(rule)}`,
    ...(obligations.length === 0 ? [] : [`takes out ${describeObligations(obligations)}`]),
    ...(sets.length === 0 ? [] : [`sets ${describeSets(sets)}`]),
    ...(approval === null ? [] : [`approval ${describeApproval(approval)}`]),
    ...(limit === null ? [] : [`limit ${describeLimit(limit)}`]),
  ];
}

export function describeMatch(match: Match): string {
  const parts = DIMENSIONS.filter((dimension) => match[dimension] !== undefined);
  return parts.map((dimension) => `${dimension} ${listCovered(match, dimension).join(", ")}`).join("; ") || "every call";
}

export function describeClauses({
  sure,
  maybe,
}: {
  readonly sure: readonly Clause[] | null;
  readonly maybe: readonly Clause[] | null;
}): string {
  return describeCondition(sure ?? maybe ?? []);
}

export function describeObligations(obligations: readonly Obligation[]): string {
  return obligations.map(describeObligation).toSorted().join(", ") || "nothing";
}

function describeObligation(obligation: Obligation): string {
  switch (obligation.kind) {
    case "redact_finding":
      return `${obligation.finding} (${obligation.with}, ${obligation.on})`;
    case "redact_header":
      return `header ${obligation.name} (${obligation.with}, ${obligation.on})`;
    case "redact_query":
      return `query ${obligation.key} (${obligation.with})`;
    case "redact_form":
      return `form ${obligation.key} (${obligation.with})`;
    case "redact_json": {
      const path = obligation.path.map((step) => (step.kind === "member" ? `.${step.name}` : "[*]")).join("");
      return `json $${path} (${obligation.with}, ${obligation.on})`;
    }
    case "remove_header":
      return `header ${obligation.name} altogether`;
  }
}

export function describeSets(sets: readonly HeaderSet[]): string {
  return sets.map(({ name, value }) => `${name}: ${value}`).join(", ") || "nothing";
}

export function describeApproval(approval: ApprovalRequirement | null): string {
  if (approval === null) return "none";
  const { from, people, count, exclude, note, bind, expiresMs, useWithinMs } = approval;
  return [
    `${count} of ${from.join(", ")}`,
    ...(people.length === 0 ? [] : [`people ${people.join(", ")}`]),
    ...(exclude.length === 0 ? [] : [`without ${exclude.join(", ")}`]),
    ...(note ? ["with a note"] : []),
    bind === null ? "for exactly this call" : `bound to ${bind.join(", ") || "nothing"}`,
    `within ${describeDuration(expiresMs)}, used within ${describeDuration(useWithinMs)}`,
  ].join(", ");
}

export function describeLimit(limit: Limit | null): string {
  if (limit === null) return "none";
  const { bound, per, timeZone } = limit;
  switch (bound.kind) {
    case "rate":
      return `${bound.count} per ${describeDuration(bound.periodMs)}, burst ${bound.burst}, per ${per.join(" and ")}`;
    case "budget": {
      const sum = `${bound.micros / MICROS} ${bound.currency}`;
      return `${sum} of ${bound.of} per ${bound.period} in ${timeZone}, per ${per.join(" and ")}`;
    }
  }
}

/** As policies write it: the largest unit that gives a whole number. */
function describeDuration(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= length && ms % length === 0);
  return unit === undefined ? `${ms / MS_A_SECOND}s` : `${ms / unit[1]}${unit[0]}`;
}
