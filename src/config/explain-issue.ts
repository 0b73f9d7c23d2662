import type { z } from "zod";
import { findSchemaAt, listKeys, type SchemaNode } from "./json-schema.ts";
import { findNearestName } from "./nearest-name.ts";
import { type Complaint, findValueAt, isMapping } from "./problem.ts";

type Issue = z.core.$ZodIssue;

// Only values of these types are quoted; anything else could be a secret that was written in place of its reference.
const QUOTED_TITLES = new Set(["duration", "address"]);

/** Says what was found, what is allowed and which known name is nearest. */
export function explainIssue(issue: Issue, input: unknown, schema: SchemaNode): readonly Complaint[] {
  const complain = (message: string): readonly Complaint[] => [{ path: issue.path, message, atKey: false, other: null }];
  if (issue.code === "unrecognized_keys") {
    const known = listKeys(findSchemaAt(schema, issue.path));
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: explainKey(key, known), atKey: true, other: null }));
  }
  const value = findValueAt(input, issue.path);
  const expected = describeExpected(issue, findSchemaAt(schema, issue.path));
  if (value === undefined) return complain(`is required${expected === null ? "" : `; expected: ${expected}`}`);
  if (issue.code === "invalid_key")
    return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message, atKey: true, other: null }];
  if (issue.code === "invalid_value") return complain(explainValue(value, issue.values.map(String)));
  if (issue.code === "invalid_type") return complain(`found ${describeFound(value)}; expected: ${expected ?? issue.expected}`);
  const title = findSchemaAt(schema, issue.path)?.title ?? "";
  return complain(QUOTED_TITLES.has(title) ? `found ${JSON.stringify(value)}; ${issue.message}` : issue.message);
}

function explainKey(key: string, known: readonly string[]): string {
  const nearest = findNearestName(key, known);
  return `unknown key${nearest === null ? "" : `; the nearest is "${nearest}"`}; allowed: ${known.join(", ")}`;
}

function explainValue(value: unknown, allowed: readonly string[]): string {
  const isText = typeof value === "string";
  const nearest = isText ? findNearestName(value, allowed) : null;
  const hint = nearest === null || allowed.length < 2 ? "" : `; the nearest is "${nearest}"`;
  return `found ${isText ? JSON.stringify(value) : describeFound(value)}; allowed: ${allowed.join(", ")}${hint}`;
}

function describeFound(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isMapping(value)) return "a mapping";
  return typeof value === "string" ? "text" : `${typeof value} ${String(value)}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  boolean: "true or false",
  number: "a number",
};

function describeExpected(issue: Issue, schema: SchemaNode | null): string | null {
  if (schema?.title === "duration") return "a duration such as 150ms, 5s, 30m or 1h";
  if (schema?.title === "address") return "host:port, [v6]:port or unix:PATH";
  if (schema?.type === "integer") return "a whole number";
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  if (issue.code !== "invalid_type") return null;
  return TYPE_WORDS[issue.expected] ?? issue.expected;
}
