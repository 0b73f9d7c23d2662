/**
 * The operators of compiled conditions. An atom is [operator, path, operand]; a path leads into the call's input, or
 * inside `some` and `every` into the element, where [] is the element itself.
 *
 * A plain atom is true only if it is definitely true. Its strict twin `?operator` is true or unknown: it stands wherever
 * unknown must count as true. Unknown: the value is absent or null or of another JSON type than the operand needs, or
 * money is of another currency. `has` and `hasnt` are never unknown.
 */
export const OPERATORS = {
  eq: row({ negation: "ne", operand: "a text, number or boolean", says: "is" }),
  ne: row({ negation: "eq", operand: "a text, number or boolean", says: "is not" }),
  lt: row({ negation: "ge", operand: "a number", says: "is less than" }),
  le: row({ negation: "gt", operand: "a number", says: "is at most" }),
  gt: row({ negation: "le", operand: "a number", says: "is more than" }),
  ge: row({ negation: "lt", operand: "a number", says: "is at least" }),
  in: row({ negation: "nin", operand: '{"text": true, …}', says: "is one of" }),
  nin: row({ negation: "in", operand: '{"text": true, …}', says: "is none of" }),
  in_list: row({ negation: "nin_list", operand: "a list of numbers or of booleans", says: "is one of" }),
  nin_list: row({ negation: "in_list", operand: "a list of numbers or of booleans", says: "is none of" }),
  prefix: row({ negation: "nprefix", operand: "a text", says: "begins with" }),
  nprefix: row({ negation: "prefix", operand: "a text", says: "does not begin with" }),
  truthy: row({ negation: "falsy", operand: "null", says: "is true" }),
  falsy: row({ negation: "truthy", operand: "null", says: "is false" }),
  money_eq: row({ negation: "money_ne", operand: '{"currency", "micros"}', says: "is" }),
  money_ne: row({ negation: "money_eq", operand: '{"currency", "micros"}', says: "is not" }),
  money_lt: row({ negation: "money_ge", operand: '{"currency", "micros"}', says: "is less than" }),
  money_le: row({ negation: "money_gt", operand: '{"currency", "micros"}', says: "is at most" }),
  money_gt: row({ negation: "money_le", operand: '{"currency", "micros"}', says: "is more than" }),
  money_ge: row({ negation: "money_lt", operand: '{"currency", "micros"}', says: "is at least" }),
  contains_elem: row({ negation: "lacks_elem", operand: "a text, number or boolean", says: "has the element" }),
  lacks_elem: row({ negation: "contains_elem", operand: "a text, number or boolean", says: "lacks the element" }),
  /** The operand is any of all of atoms over one element, in the mode of the outer atom; its negation negates that too. */
  some: row({ negation: "every", operand: "clauses", says: "has an element where" }),
  every: row({ negation: "some", operand: "clauses", says: "has only elements where" }),
  has: { negation: "hasnt", twin: false, operand: "null", says: "is there" },
  hasnt: { negation: "has", twin: false, operand: "null", says: "is absent" },
} as const satisfies Record<string, OperatorRow>;

export type OperatorName = keyof typeof OPERATORS;

type OperatorRow = {
  readonly negation: string;
  /** Whether `?operator` exists. */
  readonly twin: boolean;
  /** What the third place of the atom holds. */
  readonly operand: string;
  /** How an explanation words it, between the path and the operand. */
  readonly says: string;
};

export const TWIN_PREFIX = "?";

function row<const Negation extends string>(spec: { readonly negation: Negation; readonly operand: string; readonly says: string }) {
  return { ...spec, twin: true } as const;
}
