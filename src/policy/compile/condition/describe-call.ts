import { nearestName } from "../nearest-name.ts";
import type { Fault } from "./reading.ts";

const SIGNS: Readonly<Record<string, string>> = { "_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "-_": "-" };

/** Macros that the parser leaves as calls where they are not written as they must be. */
const MACROS: Readonly<Record<string, string>> = {
  has: 'has(args.x), or "key" in map',
  exists: "list.exists(x, …)",
  all: "list.all(x, …)",
};

const TYPED = "a number has `type: integer` or `type: number` in the catalogue";
const FOLDED = 'write x.matches("(?i)^abc$") to compare without regard to case';
const SIZED = "write size(x)";
const LISTED = "write list.exists(x, …) or list.all(x, …)";
const CLOCK = 'write time.hour, time.weekday or time.date, or timestamp("…") for a moment';

/** What is written in conditions instead of functions that CEL, its extensions and other languages have. */
const INSTEAD: Readonly<Record<string, string>> = {
  int: TYPED,
  uint: TYPED,
  double: TYPED,
  float: TYPED,
  number: TYPED,
  lowerAscii: FOLDED,
  upperAscii: FOLDED,
  lower: FOLDED,
  upper: FOLDED,
  toLowerCase: FOLDED,
  toUpperCase: FOLDED,
  len: SIZED,
  length: SIZED,
  count: SIZED,
  map: LISTED,
  filter: LISTED,
  exists_one: LISTED,
  any: LISTED,
  now: CLOCK,
  getHours: CLOCK,
  getDayOfWeek: CLOCK,
  includes: 'write x.contains("a") for texts, "a" in list for lists',
};

/** Why a call is not part of conditions, and what is written instead where there is something. */
export function describeCall(name: string, functions: readonly string[]): Fault {
  if (name === "_?_:_") return bad("`? :` is not part of conditions", "write it with && and ||");
  const sign = rowOf(SIGNS, name);
  if (sign !== null) {
    return bad(`arithmetic (${sign}) is not part of conditions`, "compare a field with a constant, or with another field as it is");
  }
  const macro = rowOf(MACROS, name);
  if (macro !== null) return bad(`\`${name}\` is written ${macro}`);
  const instead = rowOf(INSTEAD, name);
  if (instead !== null) return bad(`\`${name}\` is not part of conditions`, instead);
  const near = nearestName(name, functions);
  const fix = near === null ? `allowed: ${functions.join(", ")}` : `did you mean ${near}?`;
  return bad(`there is no function \`${name}\` in conditions`, fix);
}

function bad(message: string, fix: string | null = null): Fault {
  return { code: "bad_expression", message, fix };
}

function rowOf(table: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
