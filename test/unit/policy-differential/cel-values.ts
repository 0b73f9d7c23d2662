import { isIP } from "node:net";
import type { Json } from "../../../src/core/intent.ts";
import { type Fact, isMap } from "./cel-facts.ts";

/** What CEL sees of a fact; undefined where the three-valued rule calls it unknown, so that reading it fails. */
export type Seen = CelSeen | undefined;
export type CelSeen = string | number | boolean | Uint8Array | readonly CelSeen[] | { readonly [name: string]: CelSeen };
/** A place in an expression takes values of one kind only. */
export type See = (fact: Fact) => Seen;

export const seeText: See = ({ value }) => (typeof value === "string" ? value : undefined);
export const seeNumber: See = ({ value }) => (typeof value === "number" ? value : undefined);
export const seeTruth: See = ({ value }) => (typeof value === "boolean" ? value : undefined);
export const seeOf = (constant: unknown): See =>
  typeof constant === "string" ? seeText : typeof constant === "boolean" ? seeTruth : seeNumber;

/** Micros, of money in this currency. */
export const seeMoney = (currency: string): See => {
  return ({ value }) =>
    isMap(value) && value["currency"] === currency && typeof value["micros"] === "number" ? value["micros"] : undefined;
};

/** What has a size, as far as it is whole. */
export const seeSized: See = ({ value, isCut }) => {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return isCut ? undefined : value.map(() => 0);
  return isMap(value) ? Object.fromEntries(Object.keys(value).map((key) => [key, 0])) : undefined;
};

const SECONDS = { min: Date.parse("0001-01-01T00:00:00Z") / 1000, max: Date.parse("9999-12-31T23:59:59Z") / 1000 };
// The engine's moments are nanoseconds in 64 bits.
const TEXT_YEARS = { min: 1678, max: 2261 };

/** The text of a moment for CEL's timestamp(): a number is of seconds, and one past CEL's years is its first or last one. */
export const seeMoment: See = ({ value }) => {
  if (typeof value === "number") return new Date(Math.min(SECONDS.max, Math.max(SECONDS.min, value)) * 1000).toISOString();
  if (typeof value !== "string") return undefined;
  const year = Number(value.slice(0, 4));
  return year >= TEXT_YEARS.min && year <= TEXT_YEARS.max ? value : undefined;
};

/** An address that the language judges: no zone, no IPv4 inside IPv6. */
export const seeAddress: See = ({ value }) => {
  if (typeof value !== "string" || isIP(value) === 0 || value.includes("%")) return undefined;
  return /^[0:]*ffff:/i.test(value) ? undefined : value;
};

/** Both sides of a comparison of fields, unknown unless they have one type. Texts in order are bytes: CEL orders by code point. */
export function seePair(left: Fact, right: Fact, isOrdered: boolean): readonly [Seen, Seen] {
  const [a, b] = [left.value, right.value];
  if (isMap(a) && isMap(b)) {
    const currency = a["currency"];
    return typeof currency === "string" ? [seeMoney(currency)(left), seeMoney(currency)(right)] : [undefined, undefined];
  }
  if (!isScalar(a) || typeof a !== typeof b || !isScalar(b)) return [undefined, undefined];
  return isOrdered && typeof a === "string" ? [Buffer.from(a), Buffer.from(String(b))] : [a, b];
}

/** Elements behind `.v`, where they have the type of what is looked for; one more, of which nothing is known, where the list was cut. */
export function seeElements({ value, isCut }: Fact, wanted: Json | undefined): Seen {
  if (!Array.isArray(value) || !isScalar(wanted)) return undefined;
  const elements = value.map((element) => (typeof element === typeof wanted ? { v: element } : {}));
  return isCut ? [...elements, {}] : elements;
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
