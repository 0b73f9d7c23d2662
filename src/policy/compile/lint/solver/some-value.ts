import type { Json } from "../../../../core/intent.ts";
import { judgeAtom } from "../../../wasm/judge-atom.ts";
import type { OperatorName } from "../../operators.ts";
import { type Bounds, hasNoWhole, isEmpty, narrow, type Ordering, UNBOUNDED, wholes, within } from "./bounds.ts";
import type { Facts } from "./facts-at.ts";
import type { ValueKind } from "./kinds-of.ts";
import type { ReadAtom } from "./read-atom.ts";
import { someText } from "./some-text.ts";

/** Whether a value of the kind may meet all atoms, each of which judges that kind. */
export function someValue(kind: ValueKind, atoms: readonly ReadAtom[], facts: Facts): boolean {
  switch (kind) {
    case "absent":
    case "null":
      return true;
    case "boolean":
      return [true, false].some((value) => meets(value, atoms));
    case "number":
      return someNumber(atoms, facts) && someMoment(atoms);
    case "text":
      return someTextOf(atoms, facts) && someMoment(atoms);
    case "list":
      return someSize(atoms, atoms.some(needsElement) ? 1 : 0);
    case "map":
      return someSize(atoms, 0);
    default:
      return someMoney(atoms) && someSize(atoms, 0);
  }
}

/** Whether the value meets all atoms that can be judged by it alone. */
export function meets(value: Json, atoms: readonly ReadAtom[]): boolean {
  return atoms.every(({ op, isSure, operand }) => {
    if (op.endsWith("_f")) return true;
    const truth = judgeAtom([op, [], operand], value);
    return isSure ? truth === "true" : truth !== "false";
  });
}

function someNumber(atoms: readonly ReadAtom[], facts: Facts): boolean {
  const listed = candidates(atoms, "number") ?? countedOut(facts);
  if (listed !== null) return listed.some((value) => meets(value, atoms) && isIn(facts.range, value));
  const bounds = narrowAll(atoms, NUMBER_ORDERS, { bounds: facts.range ?? UNBOUNDED, numberOf: Number });
  const except = atoms.flatMap(({ op, operand }) => (op === "ne" ? [Number(operand)] : op === "nin_list" ? numbersIn(operand) : []));
  return facts.isWhole ? !hasNoWhole(bounds, except) : !isEmpty(bounds, except);
}

function someTextOf(atoms: readonly ReadAtom[], facts: Facts): boolean {
  const listed = candidates(atoms, "string") ?? facts.values;
  if (listed !== null) return listed.some((value) => meets(value, atoms) && (facts.values?.includes(String(value)) ?? true));
  return someText(atoms) && someSize(atoms, 0);
}

const COUNTED_MAX = 64;

/** All numbers of the field where they are few. */
function countedOut({ range, isWhole }: Facts): readonly number[] | null {
  if (range === null || !isWhole) return null;
  const { low, high } = wholes(range);
  return high - low >= COUNTED_MAX ? null : Array.from({ length: high - low + 1 }, (_, at) => low + at);
}

function isIn(range: Bounds | null, value: Json): boolean {
  return range === null || (Number(value) >= range.low && Number(value) <= range.high);
}

/** The only values that one of the atoms leaves; null where none lists them. */
function candidates(atoms: readonly ReadAtom[], type: "string" | "number"): readonly Json[] | null {
  for (const { op, operand } of atoms) {
    if (op === "eq" && typeof operand === type) return [operand];
    if (op === "in" && typeof operand === "object" && operand !== null) return Object.keys(operand);
    if (op === "in_list" && Array.isArray(operand)) return operand.filter((value) => typeof value === type);
  }
  return null;
}

function numbersIn(operand: Json): readonly number[] {
  return Array.isArray(operand) ? operand.filter((value) => typeof value === "number") : [];
}

type Orders = { readonly [op in OperatorName]?: Ordering };

const NUMBER_ORDERS: Orders = { lt: "lt", le: "le", gt: "gt", ge: "ge", eq: "eq" };
const MONEY_ORDERS: Orders = {
  money_lt: "lt",
  money_le: "le",
  money_gt: "gt",
  money_ge: "ge",
  money_eq: "eq",
  money_ne: "ne",
};
const SIZE_ORDERS: Orders = { size_lt: "lt", size_le: "le", size_gt: "gt", size_ge: "ge", size_eq: "eq", size_ne: "ne" };
const TIME_ORDERS: Orders = { time_lt: "lt", time_le: "le", time_gt: "gt", time_ge: "ge", time_eq: "eq", time_ne: "ne" };

type From = { readonly bounds: Bounds; readonly numberOf: (operand: Json) => number };

function narrowAll(atoms: readonly ReadAtom[], orders: Orders, { bounds, numberOf }: From): Bounds {
  return atoms.reduce((left, { op, operand }) => {
    const order = orders[op];
    return order === undefined ? left : narrow(left, order, numberOf(operand));
  }, bounds);
}

function exceptIn(atoms: readonly ReadAtom[], negation: OperatorName, numberOf: (operand: Json) => number): readonly number[] {
  return atoms.flatMap(({ op, operand }) => (op === negation ? [numberOf(operand)] : []));
}

function someMoney(atoms: readonly ReadAtom[]): boolean {
  const bounds = narrowAll(atoms, MONEY_ORDERS, { bounds: within(0, Number.MAX_SAFE_INTEGER), numberOf: microsOf });
  return !hasNoWhole(bounds, exceptIn(atoms, "money_ne", microsOf));
}

function microsOf(operand: Json): number {
  return typeof operand === "object" && operand !== null && "micros" in operand ? Number(operand.micros) : Number.NaN;
}

/** A text that is no time, and a list that was cut, leave these unknown: only those that must be definite count. */
function someMoment(atoms: readonly ReadAtom[]): boolean {
  const sure = atoms.filter(({ isSure }) => isSure);
  return !isEmpty(narrowAll(sure, TIME_ORDERS, { bounds: UNBOUNDED, numberOf: Number }), exceptIn(sure, "time_ne", Number));
}

function someSize(atoms: readonly ReadAtom[], least: number): boolean {
  const sure = atoms.filter(({ isSure }) => isSure);
  const bounds = narrowAll(sure, SIZE_ORDERS, { bounds: within(least, Number.MAX_SAFE_INTEGER), numberOf: Number });
  return !hasNoWhole(bounds, exceptIn(sure, "size_ne", Number));
}

function needsElement({ op, isSure }: ReadAtom): boolean {
  return isSure && (op === "contains_elem" || op === "some");
}
