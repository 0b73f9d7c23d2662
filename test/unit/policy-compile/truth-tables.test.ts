import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import type { Clause } from "../../../src/policy/program.ts";
import { judgeAtom } from "../../../src/policy/wasm/judge-atom.ts";
import { allOf, anyOf, type Truth } from "../../../src/policy/wasm/truth.ts";
import { compileFiles, findRule } from "./compile-one.ts";

type Row = {
  readonly condition: string;
  readonly true: readonly Json[];
  readonly false: readonly Json[];
  /** Beside nothing and null, of which every condition here is unknown. */
  readonly unknown: readonly Json[];
};

const MAP: Json = { a: 1 };
const NO_TEXT: readonly Json[] = [5, true, [], ["a"], MAP];

/** What each condition says of the values of `args.x`; `args.y` is the text "b", `args.n` 5, `args.l` the list ["a", "b"]. */
const ROWS: readonly Row[] = [
  { condition: 'args.x == "a"', true: ["a"], false: ["b", "", "A"], unknown: NO_TEXT },
  { condition: "args.x == 5", true: [5], false: [6, -5, 5.1], unknown: ["5", true, [5], MAP] },
  { condition: "args.x == true", true: [true], false: [false], unknown: ["true", 1, [], MAP] },
  { condition: "args.x < 5", true: [4, -1e21, 4.99], false: [5, 6, 1e21], unknown: ["4", true, [], MAP] },
  { condition: 'args.x in ["a", "b"]', true: ["a", "b"], false: ["c", "constructor", ""], unknown: NO_TEXT },
  { condition: "args.x in [1, 2]", true: [1, 2], false: [3, 1.5], unknown: ["1", true, [1], MAP] },
  { condition: "args.x in [true]", true: [true], false: [false], unknown: ["true", 1, MAP] },
  { condition: 'args.x.startsWith("a")', true: ["a", "ab", "aé"], false: ["", "b", "ba", "A"], unknown: NO_TEXT },
  { condition: 'args.x.endsWith("é")', true: ["é", "aé"], false: ["", "éa", "e\u0301"], unknown: NO_TEXT },
  { condition: 'args.x.contains("bc")', true: ["bc", "abcd"], false: ["", "b", "cb", "b c"], unknown: NO_TEXT },
  { condition: 'args.x.matches("^[ab]+$")', true: ["a", "abba"], false: ["", "abc", "a\n", "A"], unknown: NO_TEXT },
  { condition: 'args.x.matches("é{2}")', true: ["éé", "xééx"], false: ["é", "e"], unknown: NO_TEXT },
  { condition: 'args.x.matches("^.$")', true: ["a", "😀"], false: ["", "ab", "\n"], unknown: NO_TEXT },
  {
    condition: 'inCidr(args.x, "10.0.0.0/8")',
    true: ["10.0.0.0", "10.255.255.255"],
    false: ["11.0.0.0", "9.255.255.255", "::1", "2001:db8::1"],
    unknown: [...NO_TEXT, "", "10.0.0", "10.0.0.01", "10.0.0.0/8", "::ffff:10.0.0.1", "host.example", " 10.0.0.1", 167_772_160],
  },
  {
    condition: 'inCidr(args.x, "2001:db8::/32")',
    true: ["2001:db8::", "2001:DB8:0:0:0:0:0:1", "2001:db8:ffff::1"],
    false: ["2001:db9::1", "::1", "10.0.0.1"],
    unknown: [...NO_TEXT, "2001:db8::1%eth0", "2001:db8", "::ffff:1.2.3.4"],
  },
  {
    condition: "size(args.x) <= 1",
    true: ["", "a", "é", "😀", [], [1], {}, MAP],
    false: ["ab", "e\u0301", [1, 2], [null, null]],
    unknown: [1, true],
  },
  { condition: "size(args.x) == 2", true: ["ab", "😀a", [1, [2]], { a: null, b: 1 }], false: ["", "a", [2], MAP], unknown: [2, false] },
  { condition: 'args.x < duration("90m")', true: [5399, 0, -1], false: [5400, 5400.5], unknown: ["5399", true, "90m"] },
  {
    condition: 'args.x < timestamp("2026-12-24T00:00:00Z")',
    true: ["2026-12-23T23:59:59.999999999Z", "2026-12-24T00:59:59+01:00", 1_798_070_399, 0, -1],
    false: ["2026-12-24T00:00:00Z", "2026-12-24T01:00:00+01:00", "2026-12-24T00:00:00.000000001Z", 1_798_070_400, 1_798_070_400.5],
    unknown: [true, [], MAP, "", "2026-12-24", "2026-12-24T00:00:00", "2026-02-30T00:00:00Z", "1798070399", "yesterday"],
  },
  {
    condition: 'args.x == timestamp("2026-12-24T00:00:00.5Z")',
    true: ["2026-12-24T00:00:00.5Z", "2026-12-24T00:00:00.500000Z", "2026-12-23T19:00:00.5-05:00", 1_798_070_400.5],
    false: ["2026-12-24T00:00:00.5000001Z", 1_798_070_400],
    unknown: [true, [], "2026-12-24 00:00:00.5Z"],
  },
  { condition: "args.x == args.y", true: ["b"], false: ["a", ""], unknown: NO_TEXT },
  { condition: "args.x == caller.agent", true: ["a"], false: ["b", ""], unknown: NO_TEXT },
  { condition: "args.x <= args.n", true: [5, 4, -1], false: [5.1, 6], unknown: ["5", true, [5], MAP] },
  { condition: "args.x < args.y", true: ["a", ""], false: ["b", "c", "😀"], unknown: NO_TEXT },
  { condition: "http.port > args.x", true: [442, -1], false: [443, 1e9], unknown: ["442", true, []] },
  { condition: "args.x >= time.date", true: ["2026-12-24", "2027-01-01"], false: ["2026-12-23", ""], unknown: NO_TEXT },
  { condition: "args.x in args.l", true: ["a", "b"], false: ["c", ""], unknown: NO_TEXT },
  { condition: "args.x in caller.roles", true: ["r"], false: ["c", ""], unknown: NO_TEXT },
  {
    condition: "args.y in args.x",
    true: [["b"], ["a", "b"], ["b", 1, null]],
    false: [[], ["a"]],
    unknown: ["b", 5, true, MAP, ["a", 1], [null]],
  },
  { condition: '"a" in args.x', true: [["a"], [1, "a"]], false: [[], ["b"]], unknown: ["a", 5, MAP, ["b", 1], [["a"]]] },
  {
    condition: 'args.x.exists(e, e == "a")',
    true: [["a"], ["b", "a"], [1, "a"]],
    false: [[], ["b"]],
    unknown: ["a", 5, MAP, [1], ["b", null]],
  },
  {
    condition: 'args.x.all(e, e == "a")',
    true: [[], ["a"], ["a", "a"]],
    false: [["b"], ["a", "b"], [1, "b"]],
    unknown: ["a", 5, MAP, [1], ["a", null]],
  },
  {
    condition: "args.x.all(e, e.n > 1)",
    true: [[], [{ n: 2 }]],
    false: [[{ n: 1 }], [{ n: 2 }, { n: 0 }]],
    unknown: [[{}], [{ n: "2" }], [2], [{ n: 2 }, {}]],
  },
  { condition: "args.x.all(e, has(e.n))", true: [[], [{ n: null }]], false: [[{}], [5], [{ n: 1 }, {}]], unknown: ["a", 5, MAP] },
  {
    condition: 'args.x.exists(e, e.matches("^a") && size(e) == 2)',
    true: [["ab"], [1, "ab"]],
    false: [[], ["a"], ["bb"]],
    unknown: [[1], ["a", 2]],
  },
  { condition: "args.x", true: [true], false: [false], unknown: ["true", 1, [], MAP] },
];

const CALL = {
  caller: { agent: "a", roles: ["r", "s"] },
  http: { port: 443 },
  time: { UTC: { date: "2026-12-24" } },
};
const inputWith = (x: Json | undefined): Json => ({
  ...CALL,
  args: { y: "b", n: 5, l: ["a", "b"], ...(x !== undefined && { x }) },
});

function judge(clauses: readonly Clause[], input: Json): Truth {
  return anyOf(clauses.map((clause) => allOf(clause.map((atom) => judgeAtom(atom, input)))));
}

/** The condition and its negation, as they stand in a rule that permits and in one that restricts. */
function readingsOf(condition: string): Readonly<Record<"sure" | "maybe" | "not_sure" | "not_maybe", readonly Clause[]>> {
  const rule = (id: string, then: string, text: string) => `  - id: ${id}\n    then: ${then}\n    if: |\n      ${text}\n`;
  const program = compileFiles(
    `policy: p\nrules:\n${rule("a", "allow", condition)}${rule("b", "deny", condition)}${rule("c", "allow", `!(${condition})`)}${rule("d", "deny", `!(${condition})`)}`,
  );
  return {
    sure: findRule(program, "p/a").sure ?? [],
    maybe: findRule(program, "p/b").maybe ?? [],
    not_sure: findRule(program, "p/c").sure ?? [],
    not_maybe: findRule(program, "p/d").maybe ?? [],
  };
}

describe.each(ROWS)("$condition", (row) => {
  const { sure, maybe, not_sure, not_maybe } = readingsOf(row.condition);

  it.each([
    { truth: "true", opposite: "false", values: row.true },
    { truth: "false", opposite: "true", values: row.false },
    { truth: "unknown", opposite: "unknown", values: [undefined, null, ...row.unknown] },
  ])("is $truth of $values, and its negation $opposite", ({ truth, opposite, values }) => {
    for (const value of values) {
      const input = inputWith(value);
      expect({ value, sure: judge(sure, input), maybe: judge(maybe, input) }).toEqual({ value, sure: truth, maybe: truth });
      expect({ value, sure: judge(not_sure, input), maybe: judge(not_maybe, input) }).toEqual({ value, sure: opposite, maybe: opposite });
    }
  });
});

it.each([
  ["size(args.x) > 5", [1, 2], "unknown"],
  ['"a" in args.x', ["b"], "unknown"],
  ['"a" in args.x', ["a"], "true"],
  ["args.y in args.x", ["a"], "unknown"],
  ['args.x.exists(e, e == "a")', ["b"], "unknown"],
  ['args.x.all(e, e == "a")', ["a"], "unknown"],
  ['args.x.all(e, e == "a")', ["b"], "false"],
] as const)("%s says of a list that was cut to %j: %s", (condition, list, truth) => {
  const { sure, maybe } = readingsOf(condition);
  // A literal type of the table, spread into plain JSON.
  const input: Json = { args: { x: [...list], y: "b" }, cut: [["args", "x"]] };
  expect({ sure: judge(sure, input), maybe: judge(maybe, input) }).toEqual({ sure: truth, maybe: truth });
});
