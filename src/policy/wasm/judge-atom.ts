import { RE2JS } from "re2js";
import type { Json } from "../../core/intent.ts";
import { OPERATORS, type OperatorName, TWIN_PREFIX } from "../compile/operators.ts";
import type { Atom, Clause } from "../program.ts";
import { parseRfc3339Ns } from "./builtins/time-parse-rfc3339-ns.ts";
import { judgeAddress } from "./judge-address.ts";
import { allOf, anyOf, not, type Truth, truthOf } from "./truth.ts";

/** What an atom says of the input, the same for an operator and its strict twin: they differ in what unknown counts as. */
export function judgeAtom(atom: Atom, input: Json): Truth {
  return judge(atom, input, { input, cut: cutLists(input) });
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

type Call = { readonly input: Json; readonly cut: ReadonlySet<string> };
type Judged = { readonly value: Json | undefined; readonly path: readonly string[]; readonly operand: Json; readonly call: Call };
type Judge = (judged: Judged) => Truth;
type Compare<T> = (a: T, b: T) => boolean;

/** The relations that are positive; `ne`, `ge` and `gt` negate them. */
const RELATIONS = ["eq", "lt", "le"] as const;
type Relation = (typeof RELATIONS)[number];

// Of each pair of an operator and its negation, one stands here.
const JUDGES: Readonly<Partial<Record<OperatorName, Judge>>> = {
  eq: ({ value, operand }) => compareScalars("eq", value, operand),
  lt: ({ value, operand }) => compareNumbers("lt", value, operand),
  le: ({ value, operand }) => compareNumbers("le", value, operand),
  in: ({ value, operand }) => (typeof value === "string" ? truthOf(isMap(operand) && Object.hasOwn(operand, value)) : "unknown"),
  in_list: judgeListed,
  prefix: texts((value, operand) => value.startsWith(operand)),
  suffix: texts((value, operand) => value.endsWith(operand)),
  substring: texts((value, operand) => value.includes(operand)),
  matches: texts((value, operand) => RE2JS.compile(operand).matcher(value).find()),
  cidr: ({ value, operand }) => (typeof value === "string" && typeof operand === "string" ? judgeAddress(value, operand) : "unknown"),
  truthy: ({ value }) => (typeof value === "boolean" ? truthOf(value) : "unknown"),
  has: ({ value }) => truthOf(value !== undefined),
  text_lt: texts((value, operand) => compareTexts(value, operand) < 0),
  text_le: texts((value, operand) => compareTexts(value, operand) <= 0),
  time_eq: ({ value, operand }) => compareInstants("eq", value, operand),
  time_lt: ({ value, operand }) => compareInstants("lt", value, operand),
  time_le: ({ value, operand }) => compareInstants("le", value, operand),
  money_eq: ({ value, operand }) => compareMoney("eq", value, operand),
  money_lt: ({ value, operand }) => compareMoney("lt", value, operand),
  money_le: ({ value, operand }) => compareMoney("le", value, operand),
  size_eq: (judged) => compareNumbers("eq", sizeOf(judged), judged.operand),
  size_lt: (judged) => compareNumbers("lt", sizeOf(judged), judged.operand),
  size_le: (judged) => compareNumbers("le", sizeOf(judged), judged.operand),
  contains_elem: (judged) => judgeElement(judged.operand, judged),
  eq_f: (judged) => compareScalars("eq", judged.value, otherOf(judged)),
  lt_f: (judged) => compareScalars("lt", judged.value, otherOf(judged)),
  le_f: (judged) => compareScalars("le", judged.value, otherOf(judged)),
  money_eq_f: (judged) => compareMoney("eq", judged.value, otherOf(judged)),
  money_lt_f: (judged) => compareMoney("lt", judged.value, otherOf(judged)),
  money_le_f: (judged) => compareMoney("le", judged.value, otherOf(judged)),
  in_f: (judged) => judgeElement(judged.value, { ...judged, value: otherOf(judged), path: pathOf(judged.operand) }),
  some: (judged) => overElements(judged, anyOf),
  every: (judged) => overElements(judged, allOf),
};

function judge([operator, path, operand]: Atom, base: Json, call: Call): Truth {
  // The program was checked when it was admitted: its operators are those of the table.
  const name = operator.replace(TWIN_PREFIX, "") as OperatorName;
  const judged = { value: valueAt(base, path), path, operand, call };
  const row = JUDGES[name];
  if (row !== undefined) return row(judged);
  const opposite = JUDGES[OPERATORS[name].negation];
  if (opposite === undefined) throw new Error(`no such operator: ${operator}`);
  return not(opposite(judged));
}

function compareScalars(relation: Relation, value: Json | undefined, other: Json | undefined): Truth {
  if (typeof value === "string" && typeof other === "string") return truthOf(holds(relation, compareTexts(value, other), 0));
  if (typeof value === "boolean" && typeof other === "boolean") return truthOf(holds(relation, Number(value), Number(other)));
  return compareNumbers(relation, value, other);
}

function compareNumbers(relation: Relation, value: Json | undefined, other: Json | undefined): Truth {
  return typeof value === "number" && typeof other === "number" ? truthOf(holds(relation, value, other)) : "unknown";
}

function compareMoney(relation: Relation, value: Json | undefined, other: Json | undefined): Truth {
  if (!isMap(value) || !isMap(other) || value["currency"] === undefined || value["currency"] !== other["currency"]) return "unknown";
  return compareNumbers(relation, value["micros"], other["micros"]);
}

/** A number is of seconds; the operand is of milliseconds. */
function compareInstants(relation: Relation, value: Json | undefined, operand: Json): Truth {
  if (typeof operand !== "number") return "unknown";
  if (typeof value === "number") return compareNumbers(relation, value, operand / 1000);
  const nanos = parseRfc3339Ns([value]);
  return nanos === undefined ? "unknown" : truthOf(holds(relation, BigInt(nanos), BigInt(operand) * 1_000_000n));
}

function holds<T extends number | bigint>(relation: Relation, a: T, b: T): boolean {
  switch (relation) {
    case "eq":
      return a === b;
    case "lt":
      return a < b;
    case "le":
      return a <= b;
  }
}

function texts(compare: Compare<string>): Judge {
  return ({ value, operand }) => (typeof value === "string" && typeof operand === "string" ? truthOf(compare(value, operand)) : "unknown");
}

/** By code point, where JavaScript's own order is by UTF-16 unit. */
function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function judgeListed({ value, operand }: Judged): Truth {
  const list = isList(operand) ? operand : [];
  return value !== undefined && typeof value === typeof list[0] ? truthOf(list.includes(value)) : "unknown";
}

/** Unknown where a list was shortened. */
function sizeOf({ value, path, call }: Judged): Json | undefined {
  if (typeof value === "string") return [...value].length;
  if (isList(value)) return isCut(path, call) ? undefined : value.length;
  return isMap(value) ? Object.keys(value).length : undefined;
}

/** Whether one is an element of the list that is judged. */
function judgeElement(one: Json | undefined, { value: list, path, call }: Judged): Truth {
  if (!isList(list) || !isScalar(one)) return "unknown";
  if (list.includes(one)) return "true";
  return isCut(path, call) || list.some((element) => typeof element !== typeof one) ? "unknown" : "false";
}

function overElements({ value, path, operand, call }: Judged, join: (truths: readonly Truth[]) => Truth): Truth {
  if (!isList(value)) return "unknown";
  // The program was checked when it was admitted: the operand is any of all of atoms.
  const clauses = operand as unknown as readonly Clause[];
  const truths = value.map((element) => anyOf(clauses.map((clause) => allOf(clause.map((atom) => judge(atom, element, call))))));
  return join(isCut(path, call) ? [...truths, "unknown"] : truths);
}

function otherOf({ operand, call }: Judged): Json | undefined {
  return valueAt(call.input, pathOf(operand));
}

function pathOf(operand: Json): readonly string[] {
  // The program was checked when it was admitted: the operand is a list of texts.
  return operand as readonly string[];
}

function cutLists(input: Json): ReadonlySet<string> {
  const cut = valueAt(input, ["cut"]);
  return new Set(isList(cut) ? cut.map((path) => JSON.stringify(path)) : []);
}

function isCut(path: readonly string[], { cut }: Call): boolean {
  return cut.has(JSON.stringify(path));
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
