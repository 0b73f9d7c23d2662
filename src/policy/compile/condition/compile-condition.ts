import type { Clause } from "../../program.ts";
import type { Spot } from "../spot.ts";
import { findingKindsOf } from "./finding-kinds.ts";
import { readTest } from "./read-value.ts";
import type { ConditionScope } from "./reading.ts";
import { fieldsOf, type Test } from "./test-tree.ts";
import { ALTERNATIVES_MAX, toClauses } from "./to-clauses.ts";

/** A rule's condition in both readings of unknown, and what it reads. */
export type Condition = {
  /** As it is written, for the linter. */
  readonly test: Test;
  readonly sure: readonly Clause[];
  readonly maybe: readonly Clause[];
  /** Paths of the input that it reads, each once. */
  readonly paths: readonly (readonly string[])[];
  /** Kinds of findings that it may ask about. */
  readonly findings: readonly string[];
};

export const ALWAYS: Condition = {
  test: { kind: "constant", value: true },
  sure: [[]],
  maybe: [[]],
  paths: [],
  findings: [],
};

export function compileCondition(text: string, spot: Spot, scope: ConditionScope): Condition | null {
  const source = scope.parseCel(text);
  if (source.kind === "refused") {
    const { offset, message, fix } = source;
    return spot.problem({ code: "bad_expression", message, fix, offset });
  }
  const test = readTest(source.expr, { spot, source, scope, element: null });
  if (test === null) return null;
  const clauses = toClauses(test);
  if (clauses === null) {
    const message = `the condition has more than ${ALTERNATIVES_MAX} alternatives when it is multiplied out`;
    return spot.problem({ code: "too_large", message, fix: "split the rule, or put alternatives of one field in a list with `in`" });
  }
  return { test, ...clauses, paths: pathsOf(test), findings: findingKindsOf(test) };
}

function pathsOf(test: Test): readonly (readonly string[])[] {
  return [...new Map(fieldsOf(test).map(({ path }) => [JSON.stringify(path), path])).values()];
}
