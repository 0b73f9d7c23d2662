import type { Json } from "../../../core/intent.ts";
import type { OperatorName } from "../operators.ts";
import { FINDING_KINDS } from "./input-names.ts";
import { leavesOf, type Test } from "./test-tree.ts";

/** The kinds of findings that can change what the condition says: these must be looked for. */
export function findingKindsOf(test: Test): readonly string[] {
  const asked = leavesOf(test).filter((leaf) => leaf.field.type === "findings");
  return FINDING_KINDS.filter((kind) => asked.some((leaf) => leaf.kind !== "each" || mayBe(leaf.inner, kind, leaf.op === "some")));
}

/** Whether the test of one finding of this kind can come out as `wanted`. */
function mayBe(test: Test, kind: string, wanted: boolean): boolean {
  switch (test.kind) {
    case "constant":
      return test.value === wanted;
    case "not":
      return mayBe(test.of, kind, !wanted);
    case "and":
    case "or": {
      const [left, right] = [mayBe(test.left, kind, wanted), mayBe(test.right, kind, wanted)];
      return (test.kind === "and") === wanted ? left && right : left || right;
    }
    case "atom": {
      const judge = test.field.path[0] === "kind" ? KIND_TESTS[test.op] : undefined;
      return judge === undefined || judge(kind, test.operand) === wanted;
    }
    case "pair":
    case "each":
      return true;
  }
}

/** Operators that say of a kind alone whether they hold; the others may. */
const KIND_TESTS: { readonly [op in OperatorName]?: (kind: string, operand: Json) => boolean } = {
  eq: (kind, operand) => kind === operand,
  ne: (kind, operand) => kind !== operand,
  in: (kind, operand) => typeof operand === "object" && operand !== null && Object.hasOwn(operand, kind),
  prefix: (kind, operand) => typeof operand === "string" && kind.startsWith(operand),
  suffix: (kind, operand) => typeof operand === "string" && kind.endsWith(operand),
  substring: (kind, operand) => typeof operand === "string" && kind.includes(operand),
};
