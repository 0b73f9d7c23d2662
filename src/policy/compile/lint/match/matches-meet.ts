import type { Match } from "../../../program.ts";
import { intersectNames, isEmpty } from "../../match/names.ts";
import { intersectGlobs } from "../../match/path-patterns.ts";

const SINGLE = ["agent", "host", "method", "tool", "protocol", "operation", "model"] as const;

/** Whether some call may fit both. False is certain; callers have many roles and groups, so those are not compared. */
export function matchesMeet(a: Match, b: Match): boolean {
  return SINGLE.every((key) => namesMeet(a, b, key)) && pathsMeet(a, b);
}

function namesMeet(a: Match, b: Match, key: (typeof SINGLE)[number]): boolean {
  const [one, other] = [a[key], b[key]];
  return one === undefined || other === undefined || !isEmpty(intersectNames(one, other));
}

function pathsMeet({ path: a }: Match, { path: b }: Match): boolean {
  return a === undefined || b === undefined || intersectGlobs(a, b).length > 0;
}
