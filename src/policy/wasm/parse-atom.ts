import { z } from "zod";
import { OPERATORS, type OperandKind, type OperatorName, TWIN_PREFIX } from "../compile/operators.ts";
import { parseNetwork } from "../compile/values/parse-network.ts";
import { parsePattern } from "../compile/values/parse-pattern.ts";
import type { Atom } from "../program.ts";

const NOT_KNOWN = "not an atom that this engine knows";

/**
 * An atom that the engine can judge: a known operator with an operand of its form, element clauses included. Where
 * unknown counts as true it is a strict twin, where it counts as false it is none: else it would widen.
 */
export const sureAtomSchema = z.custom<Atom>((atom) => isAtom(atom, { of: "call", mode: "sure" }), NOT_KNOWN);
export const maybeAtomSchema = z.custom<Atom>((atom) => isAtom(atom, { of: "call", mode: "maybe" }), NOT_KNOWN);

/** The other path of the input that the atom reads, where it compares two. */
export function otherPathOf([operator, , operand]: Atom): readonly string[] | null {
  // The program was checked when it was admitted: this kind of operand is a list of texts.
  return rowOf(operator)?.operand === "path" ? (operand as readonly string[]) : null;
}

type Row = (typeof OPERATORS)[OperatorName];

/** The row of an operator or of its strict twin. */
function rowOf(operator: string): Row | null {
  const isTwin = operator.startsWith(TWIN_PREFIX);
  const name = isTwin ? operator.slice(TWIN_PREFIX.length) : operator;
  const row = isOperatorName(name) ? OPERATORS[name] : null;
  return row === null || (isTwin && !row.twin) ? null : row;
}

function isOperatorName(name: string): name is OperatorName {
  return Object.hasOwn(OPERATORS, name);
}

type OperandCheck = (operand: unknown) => boolean;

const OPERANDS: Readonly<Record<Exclude<OperandKind, "clauses">, OperandCheck>> = {
  scalar: isScalar,
  number: isNumber,
  text: isText,
  text_set: isTextSet,
  scalar_list: isScalarList,
  money: isMoney,
  path: isPath,
  nothing: (operand) => operand === null,
};

/** Operands that are of the right type, and yet unknown in every call or judged differently by another host. */
const FORMS: Readonly<Partial<Record<OperatorName, OperandCheck>>> = {
  matches: isPattern,
  nmatches: isPattern,
  cidr: isNetwork,
  ncidr: isNetwork,
  time_eq: Number.isSafeInteger,
  time_ne: Number.isSafeInteger,
  time_lt: Number.isSafeInteger,
  time_le: Number.isSafeInteger,
  time_gt: Number.isSafeInteger,
  time_ge: Number.isSafeInteger,
};

type Place = { readonly of: "call" | "element"; readonly mode: "sure" | "maybe" };

/** Inside an element there are no further elements, and no other path of the call. */
function isAtom(atom: unknown, { of, mode }: Place): boolean {
  if (!Array.isArray(atom) || atom.length !== 3) return false;
  const [operator, path, operand] = atom;
  const row = typeof operator === "string" ? rowOf(operator) : null;
  if (row === null || !isPath(path)) return false;
  if (row.twin && operator.startsWith(TWIN_PREFIX) !== (mode === "maybe")) return false;
  if (row.operand === "clauses") return of === "call" && isElementClauses(operand, mode);
  if (row.operand === "path" && of === "element") return false;
  return OPERANDS[row.operand](operand) && hasForm(operator, operand);
}

function hasForm(operator: string, operand: unknown): boolean {
  const name = operator.replace(TWIN_PREFIX, "");
  return isOperatorName(name) && (FORMS[name]?.(operand) ?? true);
}

function isElementClauses(operand: unknown, mode: Place["mode"]): boolean {
  const isClause = (clause: unknown) => Array.isArray(clause) && clause.every((atom) => isAtom(atom, { of: "element", mode }));
  return Array.isArray(operand) && operand.every(isClause);
}

function isPath(path: unknown): boolean {
  return Array.isArray(path) && path.every(isText);
}

function isPattern(operand: unknown): boolean {
  return typeof operand === "string" && parsePattern(operand).kind === "pattern";
}

function isNetwork(operand: unknown): boolean {
  return typeof operand === "string" && parseNetwork(operand).kind === "network";
}

function isText(operand: unknown): boolean {
  return typeof operand === "string";
}

function isNumber(operand: unknown): boolean {
  return typeof operand === "number" && Number.isFinite(operand);
}

function isScalar(operand: unknown): boolean {
  return isText(operand) || isNumber(operand) || typeof operand === "boolean";
}

function isTextSet(operand: unknown): boolean {
  return isObject(operand) && Object.values(operand).every((member) => member === true);
}

/** Of one type, and not empty: the type is what tells a value that is none of them from one that cannot be compared. */
function isScalarList(operand: unknown): boolean {
  if (!Array.isArray(operand) || operand.length === 0) return false;
  const type = typeof operand[0];
  return operand.every((member) => isScalar(member) && typeof member === type);
}

function isMoney(operand: unknown): boolean {
  return isObject(operand) && isText(operand["currency"]) && isNumber(operand["micros"]) && Object.keys(operand).length === 2;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
