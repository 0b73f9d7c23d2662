import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import { OPERATORS, type OperandKind, type OperatorName, TWIN_PREFIX } from "../../../src/policy/compile/operators.ts";
import { judgeAtom } from "../../../src/policy/wasm/judge-atom.ts";
import { maybeAtomSchema, sureAtomSchema } from "../../../src/policy/wasm/parse-atom.ts";
import type { Truth } from "../../../src/policy/wasm/truth.ts";

const USD = { currency: "usd", micros: 5 };
const ELEMENT = [[["eq", [], "a"]]];
const OPERANDS: Readonly<Record<OperandKind, readonly Json[]>> = {
  scalar: ["a", 5, true],
  number: [5],
  text: ["a"],
  text_set: [{ a: true }],
  scalar_list: [[5, 6], ["a", "b"], [false]],
  money: [USD],
  path: [["y"]],
  clauses: [ELEMENT],
  nothing: [null],
};
/** Operators that take only some of the operands of their kind, or that tell more of others. */
const SPECIAL: { readonly [op in OperatorName]?: readonly Json[] } = {
  cidr: ["10.0.0.0/8", "2001:db8::/32"],
  size_eq: [1],
  size_lt: [2],
  size_le: [1],
  time_eq: [5000],
  time_lt: [5000],
  time_le: [5000],
};
const operandsOf = (op: OperatorName): readonly Json[] => SPECIAL[op] ?? SPECIAL[OPERATORS[op].negation] ?? OPERANDS[OPERATORS[op].operand];
/** The clauses of `every` are those of `some` negated; every other operand is the same for the negation. */
const twinned = (operand: Json): Json => (operand === ELEMENT ? [[["?eq", [], "a"]]] : operand);
const negated = (operand: Json): Json => (operand === ELEMENT ? [[["ne", [], "a"]]] : operand);

const VALUES: readonly (Json | undefined)[] = [
  undefined,
  null,
  "",
  "a",
  "ab",
  "ba",
  "b",
  "10.1.2.3",
  "11.1.2.3",
  "2001:db8::1",
  "::ffff:10.1.2.3",
  "1970-01-01T00:00:05Z",
  "1970-01-01T01:00:04+01:00",
  4,
  5,
  6,
  5.5,
  true,
  false,
  [],
  ["a"],
  ["b"],
  ["a", 5],
  [5],
  [true],
  ["a", null],
  {},
  { a: 1 },
  { currency: "usd", micros: 4 },
  { currency: "usd", micros: 5 },
  { currency: "usd", micros: 6 },
  { currency: "eur", micros: 5 },
  { currency: "usd", micros: "5" },
];
const INPUTS: readonly Json[] = VALUES.flatMap((x) =>
  VALUES.flatMap((y) =>
    [[], [["x"], ["y"]]].map((cut) => ({
      ...(x === undefined ? {} : { x }),
      ...(y === undefined ? {} : { y }),
      ...(cut.length > 0 && { cut }),
    })),
  ),
);
const OPPOSITE: { readonly [truth in Truth]: Truth } = { true: "false", false: "true", unknown: "unknown" };

// Every key of the table is a name of an operator.
describe.each(Object.keys(OPERATORS) as OperatorName[])("the operator %s", (op) => {
  const { negation, twin } = OPERATORS[op];

  it("is the negation of its negation, with or without a twin as that has, and takes the same operands", () => {
    expect(OPERATORS[negation]).toMatchObject({ negation: op, twin, operand: OPERATORS[op].operand });
    expect(negation).not.toBe(op);
  });

  it.each(operandsOf(op).map((operand) => ({ operand })))(
    "is known to the engine's host with $operand, with its twin and no other",
    ({ operand }) => {
      expect(sureAtomSchema.safeParse([op, ["x"], operand]).success).toBe(true);
      expect(sureAtomSchema.safeParse([TWIN_PREFIX + op, ["x"], operand]).success).toBe(false);
      expect(maybeAtomSchema.safeParse([TWIN_PREFIX + op, ["x"], twinned(operand)]).success).toBe(twin);
      expect(maybeAtomSchema.safeParse([op, ["x"], twinned(operand)]).success).toBe(!twin);
      expect(sureAtomSchema.safeParse([op, ["x"], undefined]).success).toBe(false);
    },
  );

  it("is true exactly where its negation is false, and its twin says the same", () => {
    for (const operand of operandsOf(op)) {
      const differing = INPUTS.filter((input) => {
        const truth = judgeAtom([op, ["x"], operand], input);
        const twinTruth = twin ? judgeAtom([TWIN_PREFIX + op, ["x"], operand], input) : truth;
        return twinTruth !== truth || judgeAtom([negation, ["x"], negated(operand)], input) !== OPPOSITE[truth];
      });
      expect(differing).toEqual([]);
    }
  });

  it("is true of some values and false of others, and unknown of some unless it asks for presence", () => {
    for (const operand of operandsOf(op)) {
      const truths = new Set(INPUTS.map((input) => judgeAtom([op, ["x"], operand], input)));
      expect([...truths].sort()).toEqual(twin ? ["false", "true", "unknown"] : ["false", "true"]);
    }
  });

  it.runIf(twin)("is unknown of what is absent and of null", () => {
    for (const operand of operandsOf(op)) {
      expect(judgeAtom([op, ["x"], operand], { y: "a" })).toBe("unknown");
      expect(judgeAtom([op, ["x"], operand], { x: null, y: "a" })).toBe("unknown");
    }
  });
});
