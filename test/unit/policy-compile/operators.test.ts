import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import { OPERATORS, TWIN_PREFIX } from "../../../src/policy/compile/operators.ts";
import type { Atom } from "../../../src/policy/program.ts";
import { judgeAtom } from "../../../src/policy/wasm/judge-atom.ts";
import { atomSchema } from "../../../src/policy/wasm/parse-atom.ts";

const USD = { currency: "usd", micros: 5 };
const OPERANDS: Readonly<Record<string, Json>> = {
  eq: "a",
  lt: 5,
  le: 5,
  in: { a: true },
  in_list: [5, 6],
  prefix: "a",
  truthy: null,
  money_eq: USD,
  money_lt: USD,
  money_le: USD,
  contains_elem: "a",
  has: null,
  some: [[["eq", [], "a"]]],
};
/** The operand of an operator and of its negation is the same, but for the negated clauses of `every`. */
const operandOf = (op: string): Json =>
  op === "every" ? [[["ne", [], "a"]]] : (OPERANDS[op] ?? OPERANDS[OPERATORS[op as keyof typeof OPERATORS].negation] ?? null);

const VALUES: readonly (Json | undefined)[] = [
  undefined,
  "a",
  "ab",
  "b",
  4,
  5,
  6,
  true,
  false,
  [],
  ["a"],
  ["b"],
  { currency: "usd", micros: 4 },
  { currency: "usd", micros: 5 },
  { currency: "usd", micros: 6 },
  { currency: "eur", micros: 5 },
];
const OPPOSITE = { true: "false", false: "true", unknown: "unknown" } as const;

describe.each(Object.entries(OPERATORS))("the operator %s", (op, row) => {
  const atom: Atom = [op, ["x"], operandOf(op)];

  it("is the negation of its negation, with or without a twin as that has", () => {
    expect(OPERATORS[row.negation]).toMatchObject({ negation: op, twin: row.twin });
  });

  it("is known to the engine's host, with its twin and no other", () => {
    expect(atomSchema.safeParse(atom).success).toBe(true);
    expect(atomSchema.safeParse([TWIN_PREFIX + op, ["x"], operandOf(op)]).success).toBe(row.twin);
  });

  it("is true exactly where its negation is false", () => {
    for (const value of VALUES) {
      const input: Json = value === undefined ? {} : { x: value };
      const truth = judgeAtom(atom, input);
      expect(judgeAtom([row.negation, ["x"], operandOf(row.negation)], input)).toBe(OPPOSITE[truth]);
    }
  });
});
