import { compilePattern } from "../../../core/compile-schema.ts";
import type { Json } from "../../../core/intent.ts";
import { nearestName, suggestName } from "../nearest-name.ts";
import type { Spot } from "../spot.ts";
import { KEYWORDS_NOT_READ, SCHEMA_KEYWORDS } from "./schema-keywords.ts";

export type SchemaObject = { readonly [keyword: string]: Json };

/** A place in a schema file, how deep it is nested, and what is known of the whole file. */
export type SchemaAt = { readonly spot: Spot; readonly depth: number; readonly file: SchemaFile };
export type SchemaFile = { readonly isDraft07: boolean; readonly names: ReadonlySet<string>; broken: boolean };

const DEPTH_MAX = 32;
/** Elements that are all compared with each other. */
const UNIQUE_ITEMS_MAX = 128;

/** One schema in 2020-12 without remarks. What is wrong is noted, makes the file `broken` and stands as null. */
export function walkSchema(data: Json, at: SchemaAt): Json {
  if (typeof data === "boolean") return data;
  if (!isSchemaObject(data)) return refuse(at, { message: "expected a schema: a map, true or false" });
  if (at.depth >= DEPTH_MAX) return refuse(at, { message: `schemas stand more than ${DEPTH_MAX} deep`, code: "too_large" });
  const below = { ...at, depth: at.depth + 1 };
  const walked = Object.entries(data).flatMap(([keyword, value]) => walkKeyword(keyword, value, below));
  if (data["uniqueItems"] === true && !(Number(data["maxItems"] ?? Number.NaN) <= UNIQUE_ITEMS_MAX)) {
    const fix = `write \`maxItems\`, at most ${UNIQUE_ITEMS_MAX}`;
    refuse(inside(at, "uniqueItems"), { message: "`uniqueItems` compares every element with every other", code: "too_large", fix });
  }
  return Object.fromEntries(walked);
}

type Walked = readonly (readonly [string, Json])[];

function walkKeyword(given: string, value: Json, at: SchemaAt): Walked {
  const here = inside(at, given);
  const keyword = at.file.isDraft07 ? modernName(given, value) : given;
  const row = Object.hasOwn(SCHEMA_KEYWORDS, keyword) ? SCHEMA_KEYWORDS[keyword] : undefined;
  // Tools keep remarks of their own under names that begin so.
  if (row === undefined) return keyword.startsWith("x-") ? [] : refuseKeyword(keyword, here);
  switch (row.holds) {
    case "remark":
      if (keyword === "format") {
        here.spot.warning({ code: "does_nothing", message: "`format` is not checked", fix: "write `pattern`", atKey: true });
      }
      return [];
    case "schema":
      return [[keyword, walkSchema(value, here)]];
    case "schemas":
      if (!Array.isArray(value) || value.length === 0) return [[keyword, refuse(here, { message: "expected a list of schemas" })]];
      return [[keyword, value.map((one, i) => walkSchema(one, inside(here, i)))]];
    case "schemas_by_name":
      return [[keyword, walkNamed(keyword, value, here)]];
    case "value":
      if (!row.form.safeParse(value).success) return [[keyword, refuse(here, { message: `\`${keyword}\` is ${row.says}` })]];
      return [[keyword, walkValue(keyword, value, here)]];
  }
}

/** Draft-07 calls a list of schemas `items`, and what stands behind it `additionalItems`. */
function modernName(keyword: string, value: Json): string {
  if (keyword === "items" && Array.isArray(value)) return "prefixItems";
  return keyword === "additionalItems" ? "items" : keyword;
}

function refuseKeyword(keyword: string, here: SchemaAt): Walked {
  const instead = Object.hasOwn(KEYWORDS_NOT_READ, keyword) ? KEYWORDS_NOT_READ[keyword] : undefined;
  const near = nearestName(keyword, Object.keys(SCHEMA_KEYWORDS));
  const fix = instead ?? (near === null ? "leave it out" : `did you mean ${near}?`);
  refuse(here, { message: `\`${keyword}\` is no keyword that is read here`, code: "unknown_key", fix });
  return [];
}

function walkNamed(keyword: string, value: Json, here: SchemaAt): Json {
  if (!isSchemaObject(value)) return refuse(here, { message: `expected schemas by name under \`${keyword}\`` });
  const walked = Object.entries(value).map(([name, schema]): readonly [string, Json] => {
    const at = inside(here, name);
    if (keyword === "patternProperties") checkPattern(name, at);
    return [name, walkSchema(schema, at)];
  });
  return Object.fromEntries(walked);
}

function walkValue(keyword: string, value: Json, here: SchemaAt): Json {
  if (keyword === "pattern") checkPattern(String(value), here);
  return keyword === "$ref" ? walkReference(String(value), here) : value;
}

function checkPattern(pattern: string, at: SchemaAt): void {
  try {
    compilePattern(pattern);
  } catch {
    const fix = "RE2 has no look-around and no back-references";
    refuse(at, { message: `\`${pattern}\` is no pattern of RE2`, code: "wrong_value", fix });
  }
}

function walkReference(text: string, at: SchemaAt): Json {
  const name = /^#\/(?:\$defs|definitions)\/([^/~%]+)$/.exec(text)?.[1];
  if (name === undefined) {
    const message = text.startsWith("#") ? `\`${text}\` is no definition` : `\`${text}\` leads out of the file, and nothing is fetched`;
    return refuse(at, { message, code: "wrong_value", fix: "write #/$defs/NAME" });
  }
  const { names } = at.file;
  if (names.has(name)) return `#/$defs/${name}`;
  return refuse(at, { message: `there is no definition \`${name}\``, code: "wrong_value", fix: suggestName(name, [...names]) });
}

type Refusal = {
  readonly message: string;
  readonly code?: "wrong_type" | "wrong_value" | "unknown_key" | "too_large" | "duplicate";
  readonly fix?: string | null;
};

export function refuse(at: SchemaAt, { message, code = "wrong_type", fix = null }: Refusal): null {
  at.file.broken = true;
  return at.spot.problem({ code, message, fix, atKey: code === "unknown_key" || code === "duplicate" });
}

export function inside(at: SchemaAt, key: string | number): SchemaAt {
  return { ...at, spot: at.spot.in(key) };
}

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
