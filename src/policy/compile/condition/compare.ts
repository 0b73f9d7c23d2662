import type { OperatorName } from "../operators.ts";
import { adviseFields, adviseOrder, adviseType } from "./advise-comparison.ts";
import { checkConstant } from "./check-constant.ts";
import { adviseOn, describeType } from "./describe-type.ts";
import type { InputType } from "./input-names.ts";
import type { Field } from "./test-tree.ts";
import { type Constant, describeValue, type Misfit, misfit, type Subject, type Truth, truth, type Value } from "./value.ts";

export type Sign = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/** The sign with its sides exchanged. */
const MIRRORED: { readonly [sign in Sign]: Sign } = { eq: "eq", ne: "ne", lt: "gt", le: "ge", gt: "lt", ge: "le" };

/** The operators of one way to compare; without an order only for == and !=. */
type Way = { readonly eq: OperatorName; readonly ne: OperatorName } & { readonly [sign in Sign]?: OperatorName };

const SAME = { eq: "eq", ne: "ne" } as const satisfies Way;
const NUMBERS = { ...SAME, lt: "lt", le: "le", gt: "gt", ge: "ge" } as const satisfies Way;
const DATES = { ...SAME, lt: "text_lt", le: "text_le", gt: "text_gt", ge: "text_ge" } as const satisfies Way;
const MONEY = {
  eq: "money_eq",
  ne: "money_ne",
  lt: "money_lt",
  le: "money_le",
  gt: "money_gt",
  ge: "money_ge",
} as const satisfies Way;
const MOMENTS = { eq: "time_eq", ne: "time_ne", lt: "time_lt", le: "time_le", gt: "time_gt", ge: "time_ge" } as const satisfies Way;
const SIZES = { eq: "size_eq", ne: "size_ne", lt: "size_lt", le: "size_le", gt: "size_gt", ge: "size_ge" } as const satisfies Way;
const SAME_FIELDS = { eq: "eq_f", ne: "ne_f" } as const satisfies Way;
const ORDERED_FIELDS = { ...SAME_FIELDS, lt: "lt_f", le: "le_f", gt: "gt_f", ge: "ge_f" } as const satisfies Way;
const MONEY_FIELDS = {
  eq: "money_eq_f",
  ne: "money_ne_f",
  lt: "money_lt_f",
  le: "money_le_f",
  gt: "money_gt_f",
  ge: "money_ge_f",
} as const satisfies Way;

type ConstantType = "text" | "number" | "boolean" | "money" | "moment";

/** Which constants each type compares with, and how. */
const WITH_CONSTANT: { readonly [type in InputType | "size"]?: { readonly [constant in ConstantType]?: Way } } = {
  text: { text: SAME, moment: MOMENTS },
  number: { number: NUMBERS },
  date: { text: DATES },
  money: { money: MONEY },
  any: { text: SAME, number: NUMBERS, boolean: SAME, moment: MOMENTS },
  untyped: { text: SAME, moment: MOMENTS },
  size: { number: SIZES },
};

/** Which types compare with each other, and how. The engine orders what has one type: numbers, and texts by code point. */
const WITH_FIELD: { readonly [type in InputType]?: { readonly [other in InputType]?: Way } } = {
  text: { text: SAME_FIELDS, date: ORDERED_FIELDS, any: SAME_FIELDS, untyped: SAME_FIELDS },
  number: { number: ORDERED_FIELDS, any: ORDERED_FIELDS },
  date: { text: ORDERED_FIELDS, date: ORDERED_FIELDS, any: ORDERED_FIELDS, untyped: ORDERED_FIELDS },
  money: { money: MONEY_FIELDS },
  any: { text: SAME_FIELDS, number: ORDERED_FIELDS, date: ORDERED_FIELDS, any: ORDERED_FIELDS, untyped: ORDERED_FIELDS },
  untyped: { text: SAME_FIELDS, date: ORDERED_FIELDS, any: ORDERED_FIELDS, untyped: ORDERED_FIELDS },
};

export function compare(sign: Sign, left: Value, right: Value): Truth | Misfit {
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (side.kind === "truth") return misfit("a test cannot be compared with something", adviseOnTest(sign, other));
    if (side.kind === "list") return misfit("a list cannot be compared", "write x in [ … ]");
  }
  if (isSubject(left)) return isSubject(right) ? compareFields(sign, left, right) : compareWith(sign, left, right);
  if (isSubject(right)) return compareWith(MIRRORED[sign], right, left);
  return misfit("this compares two constants", "write true or false");
}

function compareWith(sign: Sign, subject: Subject, constant: Value): Truth | Misfit {
  if (constant.kind !== "literal" && constant.kind !== "money" && constant.kind !== "moment") return misfit("this cannot be compared");
  const way = wayOf(subject, constant);
  const against = { constant, isOrder: isOrder(sign) };
  if (way === null) {
    const fix = subject.kind === "size" ? adviseOn("size") : adviseType(subject, against);
    return misfit(`${nameOf(subject)} cannot be compared with ${describeValue(constant)}`, fix);
  }
  const op = way[sign];
  if (op === undefined) return noOrder(describeValue(constant), subject.kind === "size" ? null : adviseOrder(subject, against));
  const operand = constant.kind === "money" ? { ...constant.money } : constant.kind === "moment" ? constant.ms : constant.value;
  if (subject.kind === "size") {
    if (typeof operand !== "number" || !Number.isInteger(operand) || operand < 0) return misfit("a size is a whole number of 0 or more");
    return truth({ kind: "atom", op, field: subject.of, operand });
  }
  const never = constant.kind === "literal" ? checkConstant(subject, constant.value) : null;
  return never ?? truth({ kind: "atom", op, field: subject, operand });
}

function wayOf(subject: Subject, constant: Constant): Way | null {
  if (subject.kind === "size") return WITH_CONSTANT.size?.[typeOf(constant)] ?? null;
  if (constant.kind === "moment") {
    if (subject.values !== null) return null;
    // An argument may say a moment in seconds; no other number does.
    if (subject.type === "number" && subject.declaredBy !== null) return MOMENTS;
  }
  return WITH_CONSTANT[subject.type]?.[typeOf(constant)] ?? null;
}

function compareFields(sign: Sign, left: Subject, right: Subject): Truth | Misfit {
  if (left.kind === "size" || right.kind === "size") return misfit("a size compares with a whole number only", "for example size(x) > 2");
  const mixed = pairFault(left, right);
  if (mixed !== null) return mixed;
  const way = WITH_FIELD[left.type]?.[right.type];
  const fix = adviseFields(left, right);
  if (way === undefined)
    return misfit(`${describeValue(left)}, cannot be compared with ${describeValue(right)}`, fix ?? adviseOn(left.type));
  const op = way[sign];
  return op === undefined ? noOrder(`\`${left.text}\``, fix) : truth({ kind: "pair", op, field: left, other: right });
}

/** The engine finds the other field in the input, not in an element. */
export function pairFault(left: Field, right: Field): Misfit | null {
  if (left.of === "input" && right.of === "input") return null;
  return misfit("inside exists and all, elements compare with constants only", 'for example list.exists(e, e.kind == "x")');
}

function isOrder(sign: Sign): boolean {
  return sign !== "eq" && sign !== "ne";
}

function adviseOnTest(sign: Sign, other: Value): string {
  if (isOrder(sign) || other.kind !== "literal" || typeof other.value !== "boolean") return "join tests with && and ||";
  const written = `${sign === "eq" ? "==" : "!="} ${other.value}`;
  return other.value === (sign === "eq") ? `write it without \`${written}\`` : `write !(…) around it, without \`${written}\``;
}

function isSubject(value: Value): value is Subject {
  return value.kind === "field" || value.kind === "size";
}

function typeOf(constant: Constant): ConstantType {
  if (constant.kind !== "literal") return constant.kind;
  return typeof constant.value === "string" ? "text" : typeof constant.value === "number" ? "number" : "boolean";
}

function nameOf(subject: Subject): string {
  return subject.kind === "size" ? `the size of \`${subject.of.text}\`` : `\`${subject.text}\` is ${describeType(subject)} and`;
}

function noOrder(what: string, fix: string | null): Misfit {
  return misfit(`${what} has no order: < <= > >= are for numbers, money, dates and timestamps`, fix);
}
