import type { z } from "zod";
import { cureType } from "./cure-type.ts";
import { readKeys } from "./schemas/object.ts";
import type { Key, Spot } from "./spot.ts";
import { suggestMeant } from "./suggest-meant.ts";

/** Nobody reads more at once, and each is looked up in the file. */
const ISSUES_MAX = 50;

/** The data as its schema types it, or null after every mistake of form was noted at its place. */
export function checkShape<Schema extends z.ZodType>(schema: Schema, data: unknown, spot: Spot): z.output<Schema> | null {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues.slice(0, ISSUES_MAX)) noteIssue(issue, data, spot);
  return null;
}

type Issue = z.core.$ZodIssue;

function noteIssue(issue: Issue, data: unknown, spot: Spot): void {
  const path = issue.path.map((key): Key => (typeof key === "number" ? key : String(key)));
  const here = spot.in(...path);
  const found = valueAt(data, path);
  const wanted = wantedBy(issue);
  if (found === undefined && wanted !== null) {
    spot.in(...path.slice(0, -1)).problem({ code: "missing_key", message: `the key \`${path.at(-1)}\` is missing: ${wanted}` });
    return;
  }
  switch (issue.code) {
    case "unrecognized_keys":
      for (const key of issue.keys.slice(0, ISSUES_MAX)) noteKey(key, issue.message, here);
      return;
    case "invalid_union": {
      const inside = issue.errors.find((issues) => issues.some((inner) => inner.path.length > 0));
      const branch = inside ?? issue.errors.find((issues) => issues.some((inner) => inner.code === "invalid_value"));
      for (const inner of branch ?? []) noteIssue(rooted(inner, issue.path), data, spot);
      if (branch === undefined) {
        here.problem({ code: "wrong_type", message: `this cannot be ${describeValue(found)}`, fix: cureType("string", found, path) });
      }
      return;
    }
    case "invalid_value": {
      const allowed = issue.values.map(String);
      here.problem({ code: "wrong_value", message: `found ${describeValue(found)}`, fix: suggestMeant(String(found), allowed) });
      return;
    }
    case "invalid_type":
      noteType(issue, found, path, spot);
      return;
    case "invalid_format":
      here.problem({ code: "wrong_value", message: `found ${describeValue(found)}, expected ${issue.message}` });
      return;
    default:
      break;
  }
  here.problem({ code: "wrong_value", message: issue.message });
}

function noteKey(key: string, message: string, spot: Spot): void {
  const { allowed, later } = readKeys(message);
  const here = spot.in(key);
  if (later.includes(key)) here.problem({ code: "not_built_yet", message: `\`${key}\` is not built yet`, atKey: true });
  else here.problem({ code: "unknown_key", message: `unknown key \`${key}\``, fix: suggestMeant(key, allowed), atKey: true });
}

function noteType(issue: Issue & { readonly code: "invalid_type" }, found: unknown, path: readonly Key[], spot: Spot): void {
  const expected = TYPE_NAMES[issue.expected] ?? issue.expected;
  const fix = cureType(issue.expected, found, path);
  spot.in(...path).problem({ code: "wrong_type", message: `expected ${expected}, found ${describeValue(found)}`, fix });
}

/** What should stand where an issue found nothing; null where an issue is not about absence. */
function wantedBy(issue: Issue): string | null {
  if (issue.code === "invalid_type") return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  return issue.code === "invalid_union" ? "a text or a map" : null;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

const SHOWN_CHARS_MAX = 60;

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const shown = String(value);
  return `${typeof value === "string" ? "the text" : `the ${typeof value}`} \`${shown.slice(0, SHOWN_CHARS_MAX)}\``;
}

function rooted(issue: Issue, path: readonly PropertyKey[]): Issue {
  return { ...issue, path: [...path, ...issue.path] };
}

function valueAt(data: unknown, path: readonly Key[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}
