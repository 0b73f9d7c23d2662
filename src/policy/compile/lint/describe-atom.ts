import type { Json } from "../../../core/intent.ts";
import { OPERATORS } from "../operators.ts";
import { clausesOf } from "./solver/clauses-of.ts";
import { type ReadAtom, readAtom } from "./solver/read-atom.ts";

/** What an atom says of a value, for a message: `is more than 5 usd`. */
export function describeAtom({ op, operand }: ReadAtom): string {
  const { says, operand: form } = OPERATORS[op];
  switch (form) {
    case "nothing":
      return says;
    case "number":
      return `${says} ${op.startsWith("time_") ? new Date(Number(operand)).toISOString() : JSON.stringify(operand)}`;
    case "scalar":
    case "text":
      return `${says} ${JSON.stringify(operand)}`;
    case "text_set":
      return `${says} ${listOf(Object.keys(operand ?? {}))}`;
    case "scalar_list":
      return `${says} ${listOf(Array.isArray(operand) ? operand : [])}`;
    case "money":
      return `${says} ${describeMoney(operand)}`;
    case "path":
      return `${says} ${Array.isArray(operand) ? operand.join(".") : ""}`;
    case "clauses":
      return `${says} it ${describeClauses(operand)}`;
  }
}

const SHOWN_MAX = 4;
const MICROS_A_UNIT = 1_000_000;

function listOf(values: readonly Json[]): string {
  const shown = values.slice(0, SHOWN_MAX).map((value) => JSON.stringify(value));
  return [...shown, ...(values.length > SHOWN_MAX ? ["…"] : [])].join(", ");
}

function describeMoney(operand: Json): string {
  if (typeof operand !== "object" || operand === null || !("micros" in operand)) return "";
  return `${Number(operand.micros) / MICROS_A_UNIT} ${operand.currency}`;
}

function describeClauses(operand: Json): string {
  const described = clausesOf(operand).map((clause) =>
    clause
      .map(readAtom)
      .map((atom) => `${atom.path.length === 0 ? "" : `${atom.path.join(".")} `}${describeAtom(atom)}`)
      .join(" and "),
  );
  return described.join(" or ");
}
