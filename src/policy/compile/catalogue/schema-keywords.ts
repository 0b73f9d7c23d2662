import { z } from "zod";

/** What stands under a keyword: schemas in one of three shapes, a value that is compared, or a remark that checks nothing. */
export type KeywordRow =
  | { readonly holds: "schema" | "schemas" | "schemas_by_name" | "remark" }
  | { readonly holds: "value"; readonly form: z.ZodType; readonly says: string };

/** An enumeration is walked for every element of a list. */
export const ENUM_MAX = 1000;

const TYPES = z.enum(["null", "boolean", "object", "array", "number", "integer", "string"]);

const SCHEMA = { holds: "schema" } as const;
const SCHEMAS = { holds: "schemas" } as const;
const SCHEMAS_BY_NAME = { holds: "schemas_by_name" } as const;
const REMARK = { holds: "remark" } as const;
const COUNT = value(z.int().min(0), "a whole number of 0 or more");
const NUMBER = value(z.number(), "a number");
const TEXT = value(z.string(), "a text");
const NAMES = value(z.array(z.string()), "a list of names");

/** The keywords of JSON Schema 2020-12 that are read. */
export const SCHEMA_KEYWORDS: Readonly<Record<string, KeywordRow>> = {
  $comment: REMARK,
  $ref: TEXT,
  additionalProperties: SCHEMA,
  allOf: SCHEMAS,
  anyOf: SCHEMAS,
  const: value(z.json(), "a value"),
  contains: SCHEMA,
  contentEncoding: REMARK,
  contentMediaType: REMARK,
  contentSchema: REMARK,
  default: REMARK,
  dependentRequired: value(z.record(z.string(), z.array(z.string())), "lists of names by name"),
  dependentSchemas: SCHEMAS_BY_NAME,
  deprecated: REMARK,
  description: REMARK,
  else: SCHEMA,
  enum: value(z.array(z.json()).min(1).max(ENUM_MAX), `a list of 1 to ${ENUM_MAX} values`),
  examples: REMARK,
  exclusiveMaximum: NUMBER,
  exclusiveMinimum: NUMBER,
  format: REMARK,
  if: SCHEMA,
  items: SCHEMA,
  maxContains: COUNT,
  maximum: NUMBER,
  maxItems: COUNT,
  maxLength: COUNT,
  maxProperties: COUNT,
  minContains: COUNT,
  minimum: NUMBER,
  minItems: COUNT,
  minLength: COUNT,
  minProperties: COUNT,
  multipleOf: value(z.number().positive(), "a number above 0"),
  not: SCHEMA,
  oneOf: SCHEMAS,
  pattern: TEXT,
  patternProperties: SCHEMAS_BY_NAME,
  prefixItems: SCHEMAS,
  properties: SCHEMAS_BY_NAME,
  propertyNames: SCHEMA,
  readOnly: REMARK,
  required: NAMES,
  // biome-ignore lint/suspicious/noThenProperty: `then` is the keyword's name; the row is no promise.
  then: SCHEMA,
  title: REMARK,
  type: value(z.union([TYPES, z.array(TYPES).min(1)]), `one or more of ${TYPES.options.join(", ")}`),
  unevaluatedItems: SCHEMA,
  unevaluatedProperties: SCHEMA,
  uniqueItems: value(z.boolean(), "true or false"),
  writeOnly: REMARK,
};

/** Keywords of the dialects that are not read, each with what to write instead. */
export const KEYWORDS_NOT_READ: Readonly<Record<string, string>> = {
  $anchor: "point to #/$defs/NAME",
  $defs: "only the outermost schema may have them",
  $dynamicAnchor: "point to #/$defs/NAME",
  $dynamicRef: "write `$ref` to #/$defs/NAME",
  $id: "only the outermost schema may have one",
  $recursiveAnchor: "point to #/$defs/NAME",
  $recursiveRef: "write `$ref` to #/$defs/NAME",
  $schema: "only the outermost schema may have one",
  $vocabulary: "leave it out",
  definitions: "only the outermost schema may have them",
  dependencies: "write `dependentRequired` or `dependentSchemas`",
  nullable: 'write `"type": ["string", "null"]`',
};

function value(form: z.ZodType, says: string) {
  return { holds: "value", form, says } as const;
}
