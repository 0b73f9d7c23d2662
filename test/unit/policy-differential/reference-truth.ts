import { BlockList, isIP, isIPv4 } from "node:net";
import type { Json } from "../../../src/core/intent.ts";

export type Facts = { readonly call: Json; readonly cut: readonly (readonly string[])[] };
export type Asked = { readonly value: unknown; readonly path: readonly string[]; readonly operand: Json; readonly of: Facts };

/** Stands for the elements that a shortened list lacks. */
export const CUT = Symbol("cut");

/**
 * What an operator says of one value, written once more: 1 true, 0 false, 0.5 unknown. An operator that negates another
 * says 1 minus what that says.
 */
export function referenceTruth(operator: string, asked: Asked): number {
  const { value, operand } = asked;
  const { call } = asked.of;
  if (operator.endsWith("_f")) {
    const path = operand as readonly string[];
    const name = operator.slice(0, -2);
    const other = at(call, path);
    if (name === "in") return elementTruth(value, elementsOf(other, path, asked.of));
    if (name === "nin") return 1 - elementTruth(value, elementsOf(other, path, asked.of));
    return name.startsWith("money_") ? related(name.slice(6), ...moneyOf(value, other)) : related(name, ...scalarsOf(value, other));
  }
  const [family = "", relation = ""] = operator.split("_");
  switch (family) {
    case "money":
      return related(relation, ...moneyOf(value, operand));
    case "size":
      return related(relation, ...numbersOf(sizeOf(asked), operand));
    case "text":
      return related(relation, ...textsOf(value, operand));
    case "time":
      return related(relation, ...instantsOf(value, operand as number));
  }
  return ["lt", "le", "gt", "ge"].includes(operator) ? related(operator, ...numbersOf(value, operand)) : plainTruth(operator, asked);
}

function plainTruth(operator: string, asked: Asked): number {
  const { value, operand, path, of } = asked;
  const text = (test: (text: string) => boolean) => (typeof value === "string" ? Number(test(value)) : 0.5);
  const opposites: Readonly<Record<string, string>> = { ne: "eq", falsy: "truthy", lacks_elem: "contains_elem" };
  const opposite = opposites[operator] ?? (operator.startsWith("n") ? operator.slice(1) : null);
  if (opposite !== null) return 1 - plainTruth(opposite, asked);
  switch (operator) {
    case "eq":
      return related("eq", ...scalarsOf(value, operand));
    case "in":
      return text((one) => Object.keys(operand as object).includes(one));
    case "in_list":
      return Math.max(...(operand as readonly Json[]).map((one) => related("eq", ...scalarsOf(value, one))));
    case "prefix":
      return text((one) => one.indexOf(operand as string) === 0);
    case "suffix":
      return text((one) => one.length >= (operand as string).length && one.slice(one.length - (operand as string).length) === operand);
    case "substring":
      return text((one) => one.split(operand as string).length > 1 || operand === "");
    case "matches":
      return text((one) => new RegExp(operand as string, "u").test(one));
    case "cidr":
      return typeof value === "string" ? addressTruth(value, operand as string) : 0.5;
    case "truthy":
      return typeof value === "boolean" ? Number(value) : 0.5;
    case "contains_elem":
      return elementTruth(operand, elementsOf(value, path, of));
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

export function at(base: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return base;
  if (typeof base !== "object" || base === null || Array.isArray(base)) return undefined;
  return at(new Map(Object.entries(base)).get(name), rest);
}

/** The elements, and `CUT` for those that were left out; nothing where it is no list. */
export function elementsOf(value: unknown, path: readonly string[], { cut }: Facts): readonly (Json | typeof CUT)[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return cut.some((one) => one.join("/") === path.join("/")) ? [...value, CUT] : value;
}

function elementTruth(one: unknown, elements: readonly unknown[] | undefined): number {
  if (elements === undefined) return 0.5;
  return Math.max(
    typeof one === "object" || one === undefined ? 0.5 : 0,
    ...elements.map((element) => related("eq", ...scalarsOf(one, element))),
  );
}

type Pair = readonly [readonly (number | bigint)[], readonly (number | bigint)[]] | readonly [];

/** Compares place by place, as texts compare by code points; nothing to compare is unknown. */
function related(relation: string, a?: readonly (number | bigint)[], b?: readonly (number | bigint)[]): number {
  if (a === undefined || b === undefined) return 0.5;
  const differing = [...a, ...b].findIndex((_, place) => a[place] !== b[place]);
  const [x = -1, y = -1] = differing < 0 || differing >= Math.max(a.length, b.length) ? [0, 0] : [a[differing], b[differing]];
  const order = { eq: x === y, ne: x !== y, lt: x < y, le: x <= y, gt: x > y, ge: x >= y }[relation];
  if (order === undefined) throw new Error(`no such relation: ${relation}`);
  return Number(order);
}

function scalarsOf(a: unknown, b: unknown): Pair {
  if (typeof a === "boolean" && typeof b === "boolean") return [[Number(a)], [Number(b)]];
  return typeof a === "string" ? textsOf(a, b) : numbersOf(a, b);
}

function numbersOf(a: unknown, b: unknown): Pair {
  return typeof a === "number" && typeof b === "number" ? [[a], [b]] : [];
}

function textsOf(a: unknown, b: unknown): Pair {
  const points = (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return typeof a === "string" && typeof b === "string" ? [points(a), points(b)] : [];
}

function moneyOf(a: unknown, b: unknown): Pair {
  const currencies = [at(a, ["currency"]), at(b, ["currency"])];
  if (currencies[0] === undefined || currencies[0] !== currencies[1]) return [];
  return numbersOf(at(a, ["micros"]), at(b, ["micros"]));
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?<fraction>\d{1,9}))?(?:Z|[+-]\d\d:\d\d)$/;

function instantsOf(value: unknown, milliseconds: number): Pair {
  if (typeof value === "number") return [[value], [milliseconds / 1000]];
  const parts = typeof value === "string" ? RFC_3339.exec(value) : null;
  if (parts === null) return [];
  const seconds = Date.parse(String(value).replace(/\.\d+/, "")) / 1000;
  const isInRange = seconds > -9_223_372_036 && seconds < 9_223_372_036;
  const nanos = BigInt((parts.groups?.["fraction"] ?? "").padEnd(9, "0"));
  return isInRange ? [[BigInt(seconds) * 1_000_000_000n + nanos], [BigInt(milliseconds) * 1_000_000n]] : [];
}

function sizeOf({ value, path, of }: Asked): unknown {
  if (typeof value === "string") return value.replaceAll(/./gsu, "x").length;
  const elements = elementsOf(value, path, of);
  if (elements !== undefined) return elements.includes(CUT) ? undefined : elements.length;
  return typeof value === "object" && value !== null ? Object.entries(value).length : undefined;
}

function addressTruth(text: string, network: string): number {
  const family = (address: string) => (isIPv4(address) ? "ipv4" : "ipv6");
  const isMapped = text.toLowerCase().startsWith("::ffff:");
  if (isIP(text) === 0 || text.includes("%") || isMapped) return 0.5;
  const [range = "", bits = ""] = network.split("/");
  const list = new BlockList();
  list.addSubnet(range, Number(bits), family(range));
  return Number(list.check(text, family(text)) && family(text) === family(range));
}
