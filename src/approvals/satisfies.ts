import type { ApprovalRequirement } from "../core/ruling.ts";

/** Whether what was asked of people then is at least what would be asked now. */
export function satisfies(then: ApprovalRequirement, now: ApprovalRequirement): boolean {
  return (
    isWithin(then.from, now.from) &&
    isWithin(then.people, now.people) &&
    isWithin(now.exclude, then.exclude) &&
    then.count >= now.count &&
    (then.note || !now.note) &&
    then.useWithinMs <= now.useWithinMs
  );
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}
