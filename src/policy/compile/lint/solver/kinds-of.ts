import type { Json } from "../../../../core/intent.ts";
import type { OperandKind, OperatorName } from "../../operators.ts";
import { OPERATORS } from "../../operators.ts";
import type { ReadAtom } from "./read-atom.ts";

/** What may stand at a path of the input. Money of each currency is a kind of its own, for only like compares with like. */
export type ValueKind = "absent" | "null" | "boolean" | "number" | "text" | "list" | "map" | `money:${string}`;

const PLAIN_KINDS: readonly ValueKind[] = ["absent", "null", "boolean", "number", "text", "list", "map"];

/** Every kind that the atoms can tell apart. */
export function kindsFor(atoms: readonly ReadAtom[]): readonly ValueKind[] {
  const money = atoms.flatMap(({ op, operand }) => (OPERATORS[op].operand === "money" ? [moneyKind(operand)] : []));
  return money.length === 0 ? PLAIN_KINDS : [...PLAIN_KINDS, ...new Set(money)];
}

/** Whether the operator can say true or false of some value of the kind; of all others it says unknown. */
export function judges({ op, operand }: ReadAtom, kind: ValueKind): boolean {
  const own = OWN_KINDS[op] ?? kindsByOperand(OPERATORS[op].operand, operand);
  if (own === "all") return kind !== "absent" && kind !== "null";
  // Money is a map too.
  return own.includes(kind.startsWith("money:") && own.includes("map") ? "map" : kind);
}

const OF_TEXT: readonly ValueKind[] = ["text"];
const OF_LIST: readonly ValueKind[] = ["list"];
const OF_SIZE: readonly ValueKind[] = ["text", "list", "map"];
const OF_MOMENT: readonly ValueKind[] = ["text", "number"];

/** Where the operand does not tell. */
const OWN_KINDS: { readonly [op in OperatorName]?: readonly ValueKind[] } = {
  truthy: ["boolean"],
  falsy: ["boolean"],
  contains_elem: OF_LIST,
  lacks_elem: OF_LIST,
  time_eq: OF_MOMENT,
  time_ne: OF_MOMENT,
  time_lt: OF_MOMENT,
  time_le: OF_MOMENT,
  time_gt: OF_MOMENT,
  time_ge: OF_MOMENT,
  size_eq: OF_SIZE,
  size_ne: OF_SIZE,
  size_lt: OF_SIZE,
  size_le: OF_SIZE,
  size_gt: OF_SIZE,
  size_ge: OF_SIZE,
};

function kindsByOperand(form: OperandKind, operand: Json): readonly ValueKind[] | "all" {
  switch (form) {
    case "scalar":
      return [scalarKind(operand)];
    case "scalar_list":
      return [scalarKind(Array.isArray(operand) ? (operand[0] ?? null) : null)];
    case "number":
      return ["number"];
    case "text":
    case "text_set":
      return OF_TEXT;
    case "money":
      return [moneyKind(operand)];
    case "clauses":
      return OF_LIST;
    case "path":
    case "nothing":
      return "all";
  }
}

function scalarKind(value: Json): ValueKind {
  return typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean";
}

function moneyKind(operand: Json): ValueKind {
  const currency = typeof operand === "object" && operand !== null && "currency" in operand ? operand.currency : "";
  return `money:${String(currency)}`;
}
