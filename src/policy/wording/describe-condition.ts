import type { Json } from "../../core/intent.ts";
import { OPERATORS, type OperatorName, TWIN_PREFIX } from "../compile/operators.ts";
import type { Atom, Clause } from "../program.ts";
import { describePath } from "./describe-path.ts";
import { cutText, describeValue } from "./describe-value.ts";

/** A condition in words: any of all of its tests. */
export function describeCondition(clauses: readonly Clause[]): string {
  if (clauses.length === 0) return "never";
  const texts = clauses.map((clause) => clause.map(describeAtom).join(" and ") || "always");
  const [only = "always"] = texts;
  return texts.length === 1 ? only : clauses.map((clause, at) => (clause.length > 1 ? `(${texts[at]})` : texts[at])).join(" or ");
}

/** One test in words, the same for an operator and its strict twin. */
export function describeAtom([operator, path, operand]: Atom): string {
  const row = rowOf(operator);
  if (row === null) return `${describePath(path)} ${operator}`;
  const right = describeOperand(row.name, operand);
  return [describePath(path), row.says, right].filter((part) => part !== "").join(" ");
}

type Row = { readonly name: OperatorName; readonly says: string };

function rowOf(operator: string): Row | null {
  const name = operator.startsWith(TWIN_PREFIX) ? operator.slice(TWIN_PREFIX.length) : operator;
  return isOperator(name) ? { name, says: OPERATORS[name].says } : null;
}

function isOperator(name: string): name is OperatorName {
  return Object.hasOwn(OPERATORS, name);
}

function describeOperand(name: OperatorName, operand: Json): string {
  switch (OPERATORS[name].operand) {
    case "nothing":
      return "";
    case "text_set":
      return cutText(
        Object.keys(Object(operand))
          .map((text) => JSON.stringify(text))
          .join(", "),
      );
    case "scalar_list":
      return cutText((Array.isArray(operand) ? operand : [operand]).map((one) => describeValue(one)).join(", "));
    case "path":
      return describePath(Array.isArray(operand) ? operand.map(String) : []);
    case "clauses":
      return describeCondition(clausesOf(operand));
    case "number":
      return name.startsWith("time_") ? momentText(operand) : describeValue(operand);
    case "scalar":
    case "text":
    case "money":
      return describeValue(operand);
  }
}

function momentText(operand: Json): string {
  const moment = new Date(typeof operand === "number" ? operand : Number.NaN);
  return Number.isNaN(moment.getTime()) ? describeValue(operand) : moment.toISOString();
}

function clausesOf(operand: Json): readonly Clause[] {
  // The compiler wrote it, or the program was checked when it was read: any of all of atoms.
  return operand as unknown as readonly Clause[];
}
