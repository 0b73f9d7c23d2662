import type { Json } from "../../core/intent.ts";

export const STRING_BYTES_MAX = 16 * 1024;
export const LIST_LENGTH_MAX = 1_000;
export const NESTING_MAX = 64;

/**
 * The value in the size that the engine takes. What is left out is never absent: a text, number or depth that cannot be
 * carried becomes null, which conditions see as unknown, and a shortened list is named in `cut`. A list inside a list
 * has no path to be named by, so it becomes null as a whole.
 */
export function trimValue(value: Json, path: readonly string[], cut: (readonly string[])[]): Json {
  return trim(value, path, { cut, depth: 0 });
}

export function isCarried(text: string): boolean {
  // At most three bytes of UTF-8 a unit: a short text needs no counting. The engine throws at a lone surrogate.
  return (text.length * 3 <= STRING_BYTES_MAX || Buffer.byteLength(text) <= STRING_BYTES_MAX) && text.isWellFormed();
}

type Trimming = { readonly cut: (readonly string[])[]; readonly depth: number };

function trim(value: Json, path: readonly string[] | null, at: Trimming): Json {
  if (typeof value === "string") return isCarried(value) ? value : null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  if (at.depth >= NESTING_MAX) return null;
  const inside = { cut: at.cut, depth: at.depth + 1 };
  if (isList(value)) return trimList(value, path, inside);
  const trimmed: [string, Json][] = Object.entries(value).map(([key, member]) => [
    key.toWellFormed(),
    trim(member, path === null ? null : [...path, key], inside),
  ]);
  // fromEntries defines, where an assignment to `__proto__` would not.
  return Object.fromEntries(trimmed);
}

function trimList(list: readonly Json[], path: readonly string[] | null, inside: Trimming): Json {
  if (list.length <= LIST_LENGTH_MAX) return list.map((member) => trim(member, null, inside));
  if (path === null) return null;
  inside.cut.push(path);
  return list.slice(0, LIST_LENGTH_MAX).map((member) => trim(member, null, inside));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
