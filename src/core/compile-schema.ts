import { Ajv2020 } from "ajv/dist/2020.js";
import { RE2JS } from "re2js";
import type { Json } from "./intent.ts";

/** The place in the schema that refuses the value, for example `#/properties/amount/maximum`; null where it takes it. */
export type SchemaCheck = (value: Json) => string | null;

const compiled = new WeakMap<object, SchemaCheck>();

/**
 * A JSON Schema (2020-12) as a check that converts nothing, fills in nothing and fetches nothing; formats are not checked.
 * Compiled once for each schema object. Throws where it is no schema.
 */
export function compileSchema(schema: Json): SchemaCheck {
  if (typeof schema !== "object" || schema === null) throw new Error("a JSON Schema is an object");
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validate = createCompiler().compile(schema);
  const check: SchemaCheck = (value) => (validate(value) ? null : (validate.errors?.[0]?.schemaPath ?? "#"));
  compiled.set(schema, check);
  return check;
}

// One for each schema: a shared one would keep every schema that was ever compiled.
function createCompiler(): Ajv2020 {
  return new Ajv2020({
    allErrors: false,
    code: { regExp },
    logger: false,
    messages: false,
    meta: false,
    // A member that an object only inherits, such as `constructor`, is none.
    ownProperties: true,
    strict: false,
    strictNumbers: true,
    validateFormats: false,
    validateSchema: false,
  });
}

/** A pattern of a JSON Schema, matched in time linear in the text. Throws where RE2 has no such pattern. */
export function compilePattern(pattern: string): { readonly test: (text: string) => boolean } {
  const re2 = RE2JS.compile(RE2JS.translateRegExp(pattern));
  return { test: (text) => re2.test(text) };
}

function regExp(pattern: string) {
  // Ajv keeps patterns apart by their text.
  return { ...compilePattern(pattern), toString: () => pattern };
}

// Where Ajv would write its checks out as source, which is never done, it would take this name.
regExp.code = "regExp";
