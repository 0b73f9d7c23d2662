import { z } from "zod";
import type { Atom } from "../program.ts";

/** An atom that the engine can judge: a known operator with an operand of its form, element clauses included. */
export const atomSchema = z.custom<Atom>(isAtom, "not an atom that this engine knows");

type OperandCheck = (operand: unknown) => boolean;

/** The engine's operators; each but `has` and `hasnt` has a strict twin with `?` in front. */
const OPERANDS: Readonly<Record<string, OperandCheck>> = {
  eq: isScalar,
  ne: isScalar,
  lt: isNumber,
  le: isNumber,
  gt: isNumber,
  ge: isNumber,
  in: isTextSet,
  nin: isTextSet,
  in_list: isScalarList,
  nin_list: isScalarList,
  prefix: isText,
  nprefix: isText,
  truthy: isNull,
  falsy: isNull,
  money_eq: isMoney,
  money_ne: isMoney,
  money_lt: isMoney,
  money_le: isMoney,
  money_gt: isMoney,
  money_ge: isMoney,
  contains_elem: isScalar,
  lacks_elem: isScalar,
};
const UNTWINNED = new Set(["has", "hasnt"]);
const QUANTIFIERS = new Set(["some", "every"]);

function isAtom(atom: unknown): boolean {
  if (!Array.isArray(atom) || atom.length !== 3) return false;
  const [operator, , operand] = atom;
  const plain = plainName(operator);
  if (plain === null || !QUANTIFIERS.has(plain)) return isElementAtom(atom);
  return isPath(atom[1]) && isElementClauses(operand);
}

function isElementAtom(atom: unknown): boolean {
  if (!Array.isArray(atom) || atom.length !== 3) return false;
  const [operator, path, operand] = atom;
  if (!isPath(path)) return false;
  if (UNTWINNED.has(operator)) return operand === null;
  const plain = plainName(operator);
  const check = plain !== null && Object.hasOwn(OPERANDS, plain) ? OPERANDS[plain] : undefined;
  return check?.(operand) ?? false;
}

function isElementClauses(operand: unknown): boolean {
  return Array.isArray(operand) && operand.every((clause) => Array.isArray(clause) && clause.every(isElementAtom));
}

function plainName(operator: unknown): string | null {
  if (typeof operator !== "string") return null;
  return operator.startsWith("?") ? operator.slice(1) : operator;
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

function isNull(operand: unknown): boolean {
  return operand === null;
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
