import type { Json } from "../../core/intent.ts";
import { OPERATORS, TWIN_PREFIX } from "../compile/operators.ts";
import { canonicalText } from "../digest-policy.ts";
import type { Atom, Clause } from "../program.ts";
import { type Relation, relationOf } from "./relation.ts";

type Clauses = readonly Clause[] | null;

/** What the second condition holds for beside the first, as far as their tests show it. The order of tests means nothing. */
export function compareConditions(a: Clauses, b: Clauses): Relation {
  if (a === null || b === null) return a === b ? "same" : "other";
  return relationOf(impliesAny(b, a), impliesAny(a, b));
}

/** Whether whenever one of the first holds, one of the others does. */
function impliesAny(clauses: readonly Clause[], others: readonly Clause[]): boolean {
  return clauses.every((clause) => others.some((other) => other.every((atom) => clause.some((one) => implies(one, atom)))));
}

/** The same test, or one of the same field that is stricter. Both are unknown for the same values. */
function implies(one: Atom, other: Atom): boolean {
  const [operator, path, operand] = one;
  const [otherOperator, otherPath, otherOperand] = other;
  if (operator !== otherOperator || canonicalText(path) !== canonicalText(otherPath)) return false;
  if (canonicalText(normalize(operator, operand)) === canonicalText(normalize(operator, otherOperand))) return true;
  return STRICTER[kindOf(operator)]?.(operand, otherOperand) ?? false;
}

type Stricter = (operand: Json, other: Json) => boolean;

const lower: Stricter = (operand, other) => sizesOf(operand, other, (a, b) => a <= b);
const higher: Stricter = (operand, other) => sizesOf(operand, other, (a, b) => a >= b);
const fewer: Stricter = (operand, other) => membersOf(operand).every((member) => membersOf(other).includes(member));
const more: Stricter = (operand, other) => fewer(other, operand);

const STRICTER: Readonly<Record<string, Stricter>> = { lt: lower, le: lower, gt: higher, ge: higher, in: fewer, nin: more };

/** `?money_le` is `le`, as far as which of two operands is stricter. */
function kindOf(operator: string): string {
  return plain(operator).replace(/^(?:money|size|time)_/, "");
}

function plain(operator: string): string {
  return operator.startsWith(TWIN_PREFIX) ? operator.slice(TWIN_PREFIX.length) : operator;
}

function sizesOf(operand: Json, other: Json, compare: (a: number, b: number) => boolean): boolean {
  if (typeof operand === "number" && typeof other === "number") return compare(operand, other);
  const [one, two] = [moneyOf(operand), moneyOf(other)];
  return one !== null && two !== null && one.currency === two.currency && compare(one.micros, two.micros);
}

function moneyOf(operand: Json): { readonly currency: string; readonly micros: number } | null {
  if (typeof operand !== "object" || operand === null) return null;
  const fields = new Map(Object.entries(operand));
  const [currency, micros] = [fields.get("currency"), fields.get("micros")];
  return typeof currency === "string" && typeof micros === "number" ? { currency, micros } : null;
}

/** Of a set of texts; of anything else nothing is known. */
function membersOf(operand: Json): readonly string[] {
  return typeof operand === "object" && operand !== null && !Array.isArray(operand) ? Object.keys(operand) : [];
}

/** The operand with what has no order in one order. */
function normalize(operator: string, operand: Json): Json {
  if (!Array.isArray(operand)) return operand;
  const name = plain(operator);
  const kind = isOperator(name) ? OPERATORS[name].operand : null;
  if (kind === "scalar_list") return operand.toSorted(byText);
  if (kind !== "clauses") return operand;
  // The compiler wrote it, or the program was checked when it was read: any of all of atoms.
  return operand
    .map((clause: Clause) => clause.map(([inner, path, inside]) => [inner, path, normalize(inner, inside)]).toSorted(byText))
    .toSorted(byText);
}

function isOperator(name: string): name is keyof typeof OPERATORS {
  return Object.hasOwn(OPERATORS, name);
}

function byText(a: unknown, b: unknown): number {
  const [one, other] = [canonicalText(a), canonicalText(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
