import type { Json } from "../core/intent.ts";

/** Members and elements of one argument, all levels together. */
export const ARGUMENT_VALUES_MAX = 10_000;

/** The arguments without the content of those that hold more than can be judged: null is there, and unknown. */
export function boundArguments(args: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  let bounded: Record<string, Json> | null = null;
  for (const name in args) {
    const value = args[name];
    if (typeof value !== "object" || value === null || leftAfter(value, ARGUMENT_VALUES_MAX) >= 0) continue;
    bounded ??= Object.assign(Object.create(null), args);
    if (bounded !== null) bounded[name] = null;
  }
  return bounded ?? args;
}

/** What is left of so many values; counting ends below zero, and the nesting was limited before. */
function leftAfter(value: Json, left: number): number {
  if (typeof value !== "object" || value === null) return left;
  const members: readonly Json[] = Array.isArray(value) ? value : Object.values(value);
  let rest = left - members.length;
  for (const member of members) {
    if (rest < 0) break;
    rest = leftAfter(member, rest);
  }
  return rest;
}
