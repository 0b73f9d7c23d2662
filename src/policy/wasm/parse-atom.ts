import { z } from "zod";
import { OPERATORS, type OperandKind, TWIN_PREFIX } from "../compile/operators.ts";
import { parseNetwork } from "../compile/values/parse-network.ts";
import { parsePattern } from "../compile/values/parse-pattern.ts";
import type { Atom } from "../program.ts";

/** An atom that the engine can judge: a known operator with an operand of its form, element clauses included. */
export const atomSchema = z.custom<Atom>((atom) => isAtom(atom, "call"), "not an atom that this engine knows");

/** The other path of the input that the atom reads, where it compares two. */
export function otherPathOf([operator, , operand]: Atom): readonly string[] | null {
  // The program was checked when it was admitted: this kind of operand is a list of texts.
  return operandKindOf(operator) === "path" ? (operand as readonly string[]) : null;
}

function operandKindOf(operator: string): OperandKind | null {
  const row = rowOf(operator);
  return row === null ? null : row.operand;
}

type Row = (typeof OPERATORS)[keyof typeof OPERATORS];

/** The row of an operator or of its strict twin. */
function rowOf(operator: string): Row | null {
  const isTwin = operator.startsWith(TWIN_PREFIX);
  const name = isTwin ? operator.slice(TWIN_PREFIX.length) : operator;
  const row = isOperatorName(name) ? OPERATORS[name] : null;
  return row === null || (isTwin && !row.twin) ? null : row;
}

function isOperatorName(name: string): name is keyof typeof OPERATORS {
  return Object.hasOwn(OPERATORS, name);
}

type OperandCheck = (operand: unknown) => boolean;

const OPERANDS: Readonly<Record<OperandKind, OperandCheck>> = {
  scalar: isScalar,
  number: isNumber,
  text: isText,
  text_set: isTextSet,
  scalar_list: isScalarList,
  money: isMoney,
  path: isPath,
  clauses: isElementClauses,
  nothing: (operand) => operand === null,
};

/** What the engine would take for unknown in every call. */
const FORMS: Readonly<Record<string, (operand: string) => boolean>> = {
  matches: (operand) => parsePattern(operand).kind === "pattern",
  nmatches: (operand) => parsePattern(operand).kind === "pattern",
  cidr: (operand) => parseNetwork(operand).kind === "network",
  ncidr: (operand) => parseNetwork(operand).kind === "network",
};

/** Inside an element there are no further elements, and no other path of the call. */
function isAtom(atom: unknown, of: "call" | "element"): boolean {
  if (!Array.isArray(atom) || atom.length !== 3) return false;
  const [operator, path, operand] = atom;
  if (typeof operator !== "string" || !isPath(path)) return false;
  const kind = operandKindOf(operator);
  if (kind === null || (of === "element" && (kind === "clauses" || kind === "path"))) return false;
  return OPERANDS[kind](operand) && hasForm(operator, operand);
}

function hasForm(operator: string, operand: unknown): boolean {
  const name = operator.replace(TWIN_PREFIX, "");
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  return form === undefined || (typeof operand === "string" && form(operand));
}

function isElementClauses(operand: unknown): boolean {
  return Array.isArray(operand) && operand.every((clause) => Array.isArray(clause) && clause.every((atom) => isAtom(atom, "element")));
}

function isPath(path: unknown): boolean {
  return Array.isArray(path) && path.every(isText);
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
