import type { Json } from "../../../../core/intent.ts";
import type { Atom } from "../../../program.ts";
import { OPERATORS, type OperatorName, TWIN_PREFIX } from "../../operators.ts";

/** An atom taken apart. `isSure`: it holds only where it is definitely true; otherwise also where it is unknown. */
export type ReadAtom = {
  readonly op: OperatorName;
  readonly isSure: boolean;
  readonly path: readonly string[];
  readonly operand: Json;
  readonly atom: Atom;
};

export function readAtom(atom: Atom): ReadAtom {
  const [written, path, operand] = atom;
  const isSure = !written.startsWith(TWIN_PREFIX);
  const op = isSure ? written : written.slice(TWIN_PREFIX.length);
  if (!isOperator(op)) throw new Error(`no such operator: ${written}`);
  return { op, isSure, path, operand, atom };
}

/** The atom that holds exactly where this one does not. */
export function dualOf(atom: Atom): Atom {
  const { op, isSure, path, operand } = readAtom(atom);
  const negation = OPERATORS[op].negation;
  return [isSure && OPERATORS[op].twin ? TWIN_PREFIX + negation : negation, path, operand];
}

/** Of an operator and its negation always the same one, so that two atoms can be told to say the opposite. */
export function positiveOf(op: OperatorName): OperatorName {
  const { negation } = OPERATORS[op];
  return op < negation ? op : negation;
}

function isOperator(op: string): op is OperatorName {
  return Object.hasOwn(OPERATORS, op);
}
