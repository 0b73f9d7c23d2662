import type { Json } from "../../core/intent.ts";
import type { Atom, Clause } from "../program.ts";
import { allOf, anyOf, not, type Truth, truthOf } from "./truth.ts";

/** What an atom says of the input, the same for an operator and its strict twin: they differ in what unknown counts as. */
export function judgeAtom(atom: Atom, input: Json): Truth {
  return judge(atom, input, cutLists(input));
}

/** What stands at the path; undefined where nothing does. Only maps are walked through. */
export function valueAt(base: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = base;
  for (const name of path) {
    if (!isMap(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

type Judged = { readonly value: Json | undefined; readonly operand: Json; readonly isCut: boolean; readonly cut: ReadonlySet<string> };
type Judge = (judged: Judged) => Truth;

const JUDGES: Readonly<Record<string, Judge>> = {
  eq: ({ value, operand }) => (typeof value === typeof operand ? truthOf(value === operand) : "unknown"),
  lt: numbers((value, operand) => value < operand),
  le: numbers((value, operand) => value <= operand),
  in: ({ value, operand }) => (typeof value === "string" ? truthOf(isMap(operand) && Object.hasOwn(operand, value)) : "unknown"),
  in_list: ({ value, operand }) => {
    const list = isList(operand) ? operand : [];
    return typeof value === typeof list[0] ? truthOf(value !== undefined && list.includes(value)) : "unknown";
  },
  prefix: ({ value, operand }) =>
    typeof value === "string" && typeof operand === "string" ? truthOf(value.startsWith(operand)) : "unknown",
  truthy: ({ value }) => (typeof value === "boolean" ? truthOf(value) : "unknown"),
  has: ({ value }) => truthOf(value !== undefined),
  money_eq: money((value, operand) => value === operand),
  money_lt: money((value, operand) => value < operand),
  money_le: money((value, operand) => value <= operand),
  contains_elem: (judged) => someElement(judged, [[["eq", [], judged.operand]]]),
  some: (judged) => someElement(judged, clausesOf(judged.operand)),
  every: (judged) => everyElement(judged, clausesOf(judged.operand)),
};

/** Operators that say the opposite of another one. */
const NEGATIONS: Readonly<Record<string, string>> = {
  ne: "eq",
  ge: "lt",
  gt: "le",
  nin: "in",
  nin_list: "in_list",
  nprefix: "prefix",
  falsy: "truthy",
  hasnt: "has",
  money_ne: "money_eq",
  money_ge: "money_lt",
  money_gt: "money_le",
  lacks_elem: "contains_elem",
};

function judge([operator, path, operand]: Atom, base: Json, cut: ReadonlySet<string>): Truth {
  const plain = operator.replace(/^\?/, "");
  const positive = NEGATIONS[plain] ?? plain;
  const row = JUDGES[positive];
  if (row === undefined) throw new Error(`no such operator: ${operator}`);
  const truth = row({ value: valueAt(base, path), operand, isCut: cut.has(JSON.stringify(path)), cut });
  return positive === plain ? truth : not(truth);
}

function someElement({ value, isCut, cut }: Judged, clauses: readonly Clause[]): Truth {
  if (!isList(value)) return "unknown";
  const truths = value.map((element) => judgeClauses(clauses, element, cut));
  return anyOf(isCut ? [...truths, "unknown"] : truths);
}

function everyElement({ value, isCut, cut }: Judged, clauses: readonly Clause[]): Truth {
  if (!isList(value)) return "unknown";
  const truths = value.map((element) => judgeClauses(clauses, element, cut));
  return allOf(isCut ? [...truths, "unknown"] : truths);
}

function judgeClauses(clauses: readonly Clause[], element: Json, cut: ReadonlySet<string>): Truth {
  return anyOf(clauses.map((clause) => allOf(clause.map((atom) => judge(atom, element, cut)))));
}

function numbers(compare: (value: number, operand: number) => boolean): Judge {
  return ({ value, operand }) => (typeof value === "number" && typeof operand === "number" ? truthOf(compare(value, operand)) : "unknown");
}

function money(compare: (value: number, operand: number) => boolean): Judge {
  return ({ value, operand }) => {
    if (!isMap(value) || !isMap(operand) || value["currency"] !== operand["currency"]) return "unknown";
    const { micros } = value;
    const { micros: bound } = operand;
    return typeof micros === "number" && typeof bound === "number" ? truthOf(compare(micros, bound)) : "unknown";
  };
}

function cutLists(input: Json): ReadonlySet<string> {
  const cut = valueAt(input, ["cut"]);
  return new Set(isList(cut) ? cut.map((path) => JSON.stringify(path)) : []);
}

function clausesOf(operand: Json): readonly Clause[] {
  // The program was checked when it was admitted: the operand of `some` and `every` is any of all of atoms.
  return operand as unknown as readonly Clause[];
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
