/**
 * The operators of compiled conditions. An atom is [operator, path, operand]; a path leads into the call's input, or
 * inside `some` and `every` into the element, where [] is the element itself.
 *
 * A plain atom is true only if it is definitely true. Its strict twin `?operator` is true or unknown: it stands wherever
 * unknown must count as true. Unknown: the value is absent or null or of another JSON type than the operand needs, money
 * is of another currency, a list was cut. `has` and `hasnt` are never unknown.
 */
export const OPERATORS = {
  eq: row({ negation: "ne", operand: "scalar", says: "is" }),
  ne: row({ negation: "eq", operand: "scalar", says: "is not" }),
  lt: row({ negation: "ge", operand: "number", says: "is less than" }),
  le: row({ negation: "gt", operand: "number", says: "is at most" }),
  gt: row({ negation: "le", operand: "number", says: "is more than" }),
  ge: row({ negation: "lt", operand: "number", says: "is at least" }),
  in: row({ negation: "nin", operand: "text_set", says: "is one of" }),
  nin: row({ negation: "in", operand: "text_set", says: "is none of" }),
  in_list: row({ negation: "nin_list", operand: "scalar_list", says: "is one of" }),
  nin_list: row({ negation: "in_list", operand: "scalar_list", says: "is none of" }),
  prefix: row({ negation: "nprefix", operand: "text", says: "begins with" }),
  nprefix: row({ negation: "prefix", operand: "text", says: "does not begin with" }),
  suffix: row({ negation: "nsuffix", operand: "text", says: "ends with" }),
  nsuffix: row({ negation: "suffix", operand: "text", says: "does not end with" }),
  substring: row({ negation: "nsubstring", operand: "text", says: "contains" }),
  nsubstring: row({ negation: "substring", operand: "text", says: "does not contain" }),
  /** RE2, found anywhere in the text. */
  matches: row({ negation: "nmatches", operand: "text", says: "matches" }),
  nmatches: row({ negation: "matches", operand: "text", says: "does not match" }),
  /** An IP address in a network; a v4-mapped v6 address is unknown. */
  cidr: row({ negation: "ncidr", operand: "text", says: "is an address in" }),
  ncidr: row({ negation: "cidr", operand: "text", says: "is no address in" }),
  truthy: row({ negation: "falsy", operand: "nothing", says: "is true" }),
  falsy: row({ negation: "truthy", operand: "nothing", says: "is false" }),
  /** Order of texts by code point, for dates. */
  text_lt: row({ negation: "text_ge", operand: "text", says: "is before" }),
  text_le: row({ negation: "text_gt", operand: "text", says: "is not after" }),
  text_gt: row({ negation: "text_le", operand: "text", says: "is after" }),
  text_ge: row({ negation: "text_lt", operand: "text", says: "is not before" }),
  /** A moment: the value is an RFC 3339 text or a number of seconds since 1970, the operand whole milliseconds since 1970. */
  time_eq: row({ negation: "time_ne", operand: "number", says: "is the moment" }),
  time_ne: row({ negation: "time_eq", operand: "number", says: "is not the moment" }),
  time_lt: row({ negation: "time_ge", operand: "number", says: "is before" }),
  time_le: row({ negation: "time_gt", operand: "number", says: "is not after" }),
  time_gt: row({ negation: "time_le", operand: "number", says: "is after" }),
  time_ge: row({ negation: "time_lt", operand: "number", says: "is not before" }),
  money_eq: row({ negation: "money_ne", operand: "money", says: "is" }),
  money_ne: row({ negation: "money_eq", operand: "money", says: "is not" }),
  money_lt: row({ negation: "money_ge", operand: "money", says: "is less than" }),
  money_le: row({ negation: "money_gt", operand: "money", says: "is at most" }),
  money_gt: row({ negation: "money_le", operand: "money", says: "is more than" }),
  money_ge: row({ negation: "money_lt", operand: "money", says: "is at least" }),
  /** Characters (code points) of a text, elements of a list, keys of a map. A cut list has an unknown size. */
  size_eq: row({ negation: "size_ne", operand: "number", says: "has the size" }),
  size_ne: row({ negation: "size_eq", operand: "number", says: "has not the size" }),
  size_lt: row({ negation: "size_ge", operand: "number", says: "has a size less than" }),
  size_le: row({ negation: "size_gt", operand: "number", says: "has a size of at most" }),
  size_gt: row({ negation: "size_le", operand: "number", says: "has a size of more than" }),
  size_ge: row({ negation: "size_lt", operand: "number", says: "has a size of at least" }),
  contains_elem: row({ negation: "lacks_elem", operand: "scalar", says: "has the element" }),
  lacks_elem: row({ negation: "contains_elem", operand: "scalar", says: "lacks the element" }),
  /** The operand is another path of the input. Texts, numbers and booleans compare with their own type only. */
  eq_f: row({ negation: "ne_f", operand: "path", says: "is the same as" }),
  ne_f: row({ negation: "eq_f", operand: "path", says: "is not the same as" }),
  lt_f: row({ negation: "ge_f", operand: "path", says: "is less than" }),
  le_f: row({ negation: "gt_f", operand: "path", says: "is at most" }),
  gt_f: row({ negation: "le_f", operand: "path", says: "is more than" }),
  ge_f: row({ negation: "lt_f", operand: "path", says: "is at least" }),
  money_eq_f: row({ negation: "money_ne_f", operand: "path", says: "is the same as" }),
  money_ne_f: row({ negation: "money_eq_f", operand: "path", says: "is not the same as" }),
  money_lt_f: row({ negation: "money_ge_f", operand: "path", says: "is less than" }),
  money_le_f: row({ negation: "money_gt_f", operand: "path", says: "is at most" }),
  money_gt_f: row({ negation: "money_le_f", operand: "path", says: "is more than" }),
  money_ge_f: row({ negation: "money_lt_f", operand: "path", says: "is at least" }),
  /** The value is an element of the list at the other path. */
  in_f: row({ negation: "nin_f", operand: "path", says: "is an element of" }),
  nin_f: row({ negation: "in_f", operand: "path", says: "is no element of" }),
  /** The operand is any of all of atoms over one element, in the mode of the outer atom; its negation negates that too. */
  some: row({ negation: "every", operand: "clauses", says: "has an element where" }),
  every: row({ negation: "some", operand: "clauses", says: "has only elements where" }),
  has: { negation: "hasnt", twin: false, operand: "nothing", says: "is there" },
  hasnt: { negation: "has", twin: false, operand: "nothing", says: "is absent" },
} as const satisfies Record<string, OperatorRow>;

export type OperatorName = keyof typeof OPERATORS;

/** What the third place of an atom holds; `nothing` is null. */
export type OperandKind = "scalar" | "number" | "text" | "text_set" | "scalar_list" | "money" | "path" | "clauses" | "nothing";

type OperatorRow = {
  readonly negation: string;
  /** Whether `?operator` exists. */
  readonly twin: boolean;
  readonly operand: OperandKind;
  /** How an explanation words it, between the path and the operand. */
  readonly says: string;
};

export const TWIN_PREFIX = "?";

function row<const Negation extends string, const Operand extends OperandKind>(spec: {
  readonly negation: Negation;
  readonly operand: Operand;
  readonly says: string;
}) {
  return { ...spec, twin: true } as const;
}
