import type { Clause } from "../../program.ts";
import { suggestName } from "../nearest-name.ts";
import type { Spot } from "../spot.ts";
import { FINDING_KINDS } from "./input-names.ts";
import { parseCel } from "./parse-cel.ts";
import { readTest } from "./read-test.ts";
import type { ConditionScope } from "./reading.ts";
import { leavesOf, type Test } from "./test-tree.ts";
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
  /** What may be absent and is not guarded by `has`. */
  readonly unguarded: readonly { readonly text: string; readonly offset: number }[];
};

export const ALWAYS: Condition = {
  test: { kind: "constant", value: true },
  sure: [[]],
  maybe: [[]],
  paths: [],
  findings: [],
  unguarded: [],
};

export function compileCondition(text: string, spot: Spot, scope: ConditionScope): Condition | null {
  const source = parseCel(text);
  if (source.kind === "refused") {
    const { offset, message, fix } = source;
    return spot.problem({ code: "bad_expression", message, fix, offset });
  }
  const test = readTest(source.expr, { spot, source, scope, element: null });
  if (test === null) return null;
  const findings = findingsOf(test);
  const stranger = findings.find((kind) => !FINDING_KINDS.includes(kind));
  if (stranger !== undefined) {
    const offset = leavesOf(test).find((leaf) => leaf.field.type === "findings")?.field.offset ?? 0;
    return spot.problem({
      code: "type_error",
      message: `nothing detects \`${stranger}\``,
      fix: suggestName(stranger, FINDING_KINDS),
      offset,
    });
  }
  const sure = toClauses(test, "sure");
  const maybe = toClauses(test, "maybe");
  if (sure === null || maybe === null) {
    const message = `the condition has more than ${ALTERNATIVES_MAX} alternatives when it is multiplied out`;
    return spot.problem({ code: "too_large", message, fix: "split the rule, or put alternatives of one field in a list with `in`" });
  }
  return { test, sure, maybe, paths: pathsOf(test), findings, unguarded: unguardedOf(test) };
}

function pathsOf(test: Test): readonly (readonly string[])[] {
  return [...new Map(leavesOf(test).map((leaf) => [JSON.stringify(leaf.field.path), leaf.field.path])).values()];
}

/** The kinds that each test on findings names; where one asks without naming kinds, all there are. */
function findingsOf(test: Test): readonly string[] {
  const named = leavesOf(test).flatMap((leaf) => {
    if (leaf.kind !== "each" || leaf.field.type !== "findings") return [];
    return kindsOf(leaf.inner) ?? FINDING_KINDS;
  });
  return [...new Set(named)];
}

/** The only kinds for which the test of one finding can be true; null when it does not say. */
function kindsOf(inner: Test): readonly string[] | null {
  if (inner.kind === "atom" && inner.field.path[0] === "kind") {
    if (inner.op === "eq" && typeof inner.operand === "string") return [inner.operand];
    return inner.op === "in" ? Object.keys(inner.operand ?? {}) : null;
  }
  if (inner.kind !== "and" && inner.kind !== "or") return null;
  const left = kindsOf(inner.left);
  const right = kindsOf(inner.right);
  if (inner.kind === "and") return left ?? right;
  return left === null || right === null ? null : [...left, ...right];
}

function unguardedOf(test: Test): Condition["unguarded"] {
  const leaves = leavesOf(test);
  const guarded = new Set(leaves.flatMap((leaf) => (leaf.kind === "atom" && leaf.op === "has" ? [leaf.field.text] : [])));
  const open = leaves.filter((leaf) => leaf.field.optional && leaf.field.type !== "money" && !guarded.has(leaf.field.text));
  return [...new Map(open.map(({ field }) => [field.text, { text: field.text, offset: field.offset }])).values()];
}
