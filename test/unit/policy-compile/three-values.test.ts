import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clause } from "../../../src/policy/program.ts";
import { SOAK_FACTOR } from "../../tools/soak-factor.ts";
import { compileFiles, findRule } from "./compile-one.ts";

type Truth = boolean | "unknown";
type Value = string | number | boolean | null | undefined | readonly (string | number)[];
type Input = { readonly a: Value; readonly b: Value; readonly list: Value };
/** An expression in source form beside its meaning, written down independently of the compiler. */
type Spoken = { readonly text: string; readonly judge: (input: Input) => Truth };

const not = (truth: Truth): Truth => (truth === "unknown" ? truth : !truth);
const and = (x: Truth, y: Truth): Truth => (x === false || y === false ? false : x === true && y === true ? true : "unknown");
const or = (x: Truth, y: Truth): Truth => not(and(not(x), not(y)));

const compare = (value: unknown, constant: string | number, test: (value: string | number) => boolean): Truth =>
  typeof value === typeof constant ? test(value as string | number) : "unknown";

const texts = (name: "a" | "b"): readonly fc.Arbitrary<Spoken>[] => {
  const test = (text: string, judge: (value: string) => boolean) =>
    fc.constant({ text, judge: (i: Input) => compare(i[name], "", (v) => judge(String(v))) });
  return [
    test(`args.${name}.startsWith("x")`, (v) => v.startsWith("x")),
    test(`args.${name}.endsWith("z")`, (v) => v.endsWith("z")),
    test(`args.${name}.contains("z")`, (v) => v.includes("z")),
    test(`args.${name}.matches("^x|z$")`, (v) => /^x|z$/.test(v)),
  ];
};

const lengthOf = (value: Value): number | undefined => (typeof value === "string" || Array.isArray(value) ? value.length : undefined);
const isOne = (value: Value): boolean => ["string", "number", "boolean"].includes(typeof value);
const isIn = (value: Value, list: Value): Truth => {
  if (!Array.isArray(list) || !isOne(value)) return "unknown";
  return list.map((e): Truth => compare(e, value as string, (v) => v === value)).reduce(or, false);
};

/** Sizes, and fields with fields. */
const measures = (name: "a" | "b"): readonly fc.Arbitrary<Spoken>[] => {
  const spoken = (text: string, judge: (input: Input) => Truth) => fc.constant({ text, judge });
  const other = name === "a" ? "b" : "a";
  return [
    spoken(`size(args.${name}) < 2`, (i) => compare(lengthOf(i[name]), 0, (v) => Number(v) < 2)),
    spoken("args.list.size() == 2", (i) => compare(lengthOf(i.list), 0, (v) => v === 2)),
    spoken(`args.${name} == args.${other}`, (i) =>
      isOne(i[name]) ? compare(i[other], i[name] as string, (v) => v === i[name]) : "unknown",
    ),
    spoken(`args.${name} < args.${other}`, (i) =>
      isOne(i[name]) ? compare(i[other], i[name] as string, (v) => (i[name] as string) < v) : "unknown",
    ),
    spoken(`args.${name} in args.list`, (i) => isIn(i[name], i.list)),
    spoken('args.list.all(e, e != "x")', ({ list }) =>
      Array.isArray(list) ? list.map((e) => compare(e, "", (v) => v !== "x")).reduce(and, true as Truth) : "unknown",
    ),
  ];
};

const leaf = (name: "a" | "b"): fc.Arbitrary<Spoken> =>
  fc.oneof(
    fc.constantFrom("x", "y").map((c) => ({ text: `args.${name} == "${c}"`, judge: (i: Input) => compare(i[name], c, (v) => v === c) })),
    fc.constantFrom("x", "y").map((c) => ({ text: `args.${name} != "${c}"`, judge: (i: Input) => compare(i[name], c, (v) => v !== c) })),
    fc.constantFrom(1, 2).map((c) => ({ text: `args.${name} < ${c}`, judge: (i: Input) => compare(i[name], c, (v) => Number(v) < c) })),
    fc.constantFrom(1, 2).map((c) => ({ text: `${c} <= args.${name}`, judge: (i: Input) => compare(i[name], c, (v) => c <= Number(v)) })),
    fc.constant({ text: `args.${name} in ["x", "z"]`, judge: (i: Input) => compare(i[name], "", (v) => v === "x" || v === "z") }),
    fc.constant({ text: `args.${name} in [1, 3]`, judge: (i: Input) => compare(i[name], 0, (v) => v === 1 || v === 3) }),
    fc.constant({ text: `has(args.${name})`, judge: (i: Input) => i[name] !== undefined }),
    fc.constant({ text: `args.${name}`, judge: (i: Input): Truth => (typeof i[name] === "boolean" ? i[name] : "unknown") }),
    ...texts(name),
    ...measures(name),
  );

const exists: fc.Arbitrary<Spoken> = fc.constantFrom("x", "y").map((c) => ({
  text: `args.list.exists(e, e == "${c}" || !(e < 2))`,
  judge: ({ list }: Input) =>
    Array.isArray(list)
      ? list
          .map((e) =>
            or(
              compare(e, c, (v) => v === c),
              not(compare(e, 2, (v) => Number(v) < 2)),
            ),
          )
          .reduce(or, false as Truth)
      : "unknown",
}));

const { expression } = fc.letrec<{ expression: Spoken }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf("a"),
    leaf("b"),
    exists,
    tie("expression").map((e) => ({ text: `!(${e.text})`, judge: (i: Input) => not(e.judge(i)) })),
    fc
      .tuple(tie("expression"), tie("expression"))
      .map(([x, y]) => ({ text: `(${x.text} && ${y.text})`, judge: (i: Input) => and(x.judge(i), y.judge(i)) })),
    fc
      .tuple(tie("expression"), tie("expression"))
      .map(([x, y]) => ({ text: `(${x.text} || ${y.text})`, judge: (i: Input) => or(x.judge(i), y.judge(i)) })),
  ),
}));

const value = fc.constantFrom<Value[]>(undefined, null, "x", "y", "zz", 0, 1, 2, 3, true, false);
const input: fc.Arbitrary<Input> = fc.record({
  a: value,
  b: value,
  list: fc.oneof(value, fc.array(fc.constantFrom<(string | number)[]>("x", "y", 1, 3), { maxLength: 3 })),
});

type Read = (path: readonly string[]) => unknown;

/** The meaning of a plain atom, as `operators.ts` words it. */
function judgePlain(operator: string, found: unknown, operand: unknown, read: Read): Truth {
  const typed = (test: (v: never) => boolean): Truth => (typeof found === typeof operand ? test(found as never) : "unknown");
  switch (operator) {
    case "eq":
      return typed((v) => v === operand);
    case "ne":
      return typed((v) => v !== operand);
    case "lt":
      return typed((v) => v < (operand as number));
    case "ge":
      return typed((v) => v >= (operand as number));
    case "in":
    case "nin":
      return typeof found !== "string" ? "unknown" : Object.hasOwn(operand as object, found) === (operator === "in");
    case "in_list":
    case "nin_list":
      return typeof found !== "number" ? "unknown" : (operand as number[]).includes(found) === (operator === "in_list");
    case "prefix":
    case "nprefix":
      return typeof found !== "string" ? "unknown" : found.startsWith(String(operand)) === (operator === "prefix");
    case "suffix":
    case "nsuffix":
      return typeof found !== "string" ? "unknown" : found.endsWith(String(operand)) === (operator === "suffix");
    case "substring":
    case "nsubstring":
      return typeof found !== "string" ? "unknown" : found.includes(String(operand)) === (operator === "substring");
    case "matches":
    case "nmatches":
      return typeof found !== "string" ? "unknown" : new RegExp(String(operand)).test(found) === (operator === "matches");
    case "size_lt":
    case "size_ge":
    case "size_eq":
    case "size_ne":
      return judgePlain(operator.slice("size_".length), lengthOf(found as Value), operand, read);
    case "eq_f":
    case "ne_f":
    case "lt_f":
    case "ge_f": {
      const other = read(operand as string[]);
      if (!isOne(found as Value) || typeof found !== typeof other) return "unknown";
      const ordered = { eq_f: found === other, ne_f: found !== other, lt_f: (found as string) < (other as string) };
      return operator === "ge_f" ? !ordered.lt_f : ordered[operator];
    }
    case "in_f":
    case "nin_f": {
      const truth = isIn(found as Value, read(operand as string[]) as Value);
      return operator === "in_f" ? truth : not(truth);
    }
    case "truthy":
    case "falsy":
      return typeof found !== "boolean" ? "unknown" : found === (operator === "truthy");
    case "has":
    case "hasnt":
      return (found !== undefined) === (operator === "has");
    case "some":
    case "every": {
      if (!Array.isArray(found)) return "unknown";
      const truths = found.map((e) => judgeClauses(operand as Clause[], (path) => (path.length === 0 ? e : undefined)));
      return operator === "some" ? truths.reduce(or, false as Truth) : truths.reduce(and, true as Truth);
    }
    default:
      throw new Error(`no meaning for ${operator}`);
  }
}

function judgeClauses(clauses: readonly Clause[], read: Read): Truth {
  const truths = clauses.map((clause) =>
    clause.map(([operator, path, operand]) => judgePlain(operator.replace("?", ""), read(path), operand, read)).reduce(and, true as Truth),
  );
  return truths.reduce(or, false as Truth);
}

const operatorsOf = (clauses: readonly Clause[]): readonly string[] =>
  clauses.flat().flatMap(([operator, , operand]) => [operator, ...(/some|every/.test(operator) ? operatorsOf(operand as Clause[]) : [])]);

describe("a compiled condition", () => {
  it("means what was written, for true, false and unknown", { timeout: 60_000 * SOAK_FACTOR }, () => {
    let judged = 0;
    fc.assert(
      fc.property(expression, input, (spoken, call) => {
        const block = `    if: |\n      ${spoken.text}\n`;
        let rules: ReturnType<typeof compileFiles>;
        try {
          rules = compileFiles(`policy: p\nrules:\n  - id: allow\n    then: allow\n${block}  - id: deny\n    then: deny\n${block}`);
        } catch (error) {
          // Only the bound on alternatives may refuse what the grammar allows.
          expect(String(error)).toContain("64 alternatives");
          return;
        }
        judged++;
        const sure = findRule(rules, "p/allow").sure ?? [];
        const maybe = findRule(rules, "p/deny").maybe ?? [];
        const read = ([, name = ""]: readonly string[]) => new Map<string, unknown>(Object.entries(call)).get(name);
        const truth = spoken.judge(call);
        expect(judgeClauses(sure, read)).toBe(truth);
        expect(judgeClauses(maybe, read)).toBe(truth);
        expect(operatorsOf(sure).filter((operator) => operator.startsWith("?"))).toEqual([]);
        expect(operatorsOf(maybe).filter((operator) => !/^\?|^has(nt)?$/.test(operator))).toEqual([]);
      }),
      { numRuns: 1500 * SOAK_FACTOR },
    );
    expect(judged).toBeGreaterThan(1000 * SOAK_FACTOR);
  });
});
