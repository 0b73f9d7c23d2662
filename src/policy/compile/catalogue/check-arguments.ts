import type { ArgumentSource } from "../../../core/catalogue.ts";
import { compilePattern } from "../../../core/compile-schema.ts";
import type { Json } from "../../../core/intent.ts";
import type { Spot } from "../spot.ts";
import { isSchemaObject, type SchemaObject } from "./walk-schema.ts";

export type ArgumentSpots = { readonly args: Spot; readonly schema: Spot };

/** Holds the arguments of a tool against their schema: what can never pass is an error, what is never checked a warning. */
export function checkArguments(args: readonly ArgumentSource[], schema: SchemaObject, spots: ArgumentSpots): void {
  const views = viewsOf(schema, schema);
  const branches = branchesOf(schema, schema);
  for (const argument of args) checkArgument(argument, { schema, views, branches }, spots.args.in(argument.name));
  const names = new Set(args.map(({ name }) => name));
  for (const name of new Set(views.flatMap(({ required }) => (Array.isArray(required) ? required.map(String) : [])))) {
    if (names.has(name)) continue;
    const message = `the schema requires \`${name}\`, which is no argument of the tool: every call would be refused`;
    spots.schema.problem({ code: "schema_mismatch", message, fix: `write \`${name}\` into \`args\`` });
    names.add(name);
  }
  for (const name of new Set(branches.flatMap(({ properties }) => Object.keys(asSchema(properties))))) {
    if (names.has(name)) continue;
    const message = `the schema's \`${name}\` is no argument of the tool, so it is not checked`;
    spots.schema.warning({ code: "schema_mismatch", message, fix: `write \`${name}\` into \`args\`` });
  }
}

type Whole = { readonly schema: SchemaObject; readonly views: readonly SchemaObject[]; readonly branches: readonly SchemaObject[] };

function checkArgument(argument: ArgumentSource, { schema, views, branches }: Whole, spot: Spot): void {
  const { name } = argument;
  const isNamed = branches.some((branch) => valueIn(branch["properties"], name) !== undefined || matchesPattern(branch, name));
  const isClosed = !isNamed && views.some((view) => view["unevaluatedProperties"] === false);
  if (isClosed || views.some((view) => refuses(view, name))) {
    const message = `the schema takes no argument \`${name}\`: every call that has it would be refused`;
    spot.problem({ code: "schema_mismatch", message, atKey: true });
    return;
  }
  const own = views.flatMap(({ properties }) => valueIn(properties, name) ?? []);
  if (!isNamed) {
    spot.warning({ code: "schema_mismatch", message: `the schema says nothing of \`${name}\``, atKey: true });
  }
  for (const view of own.flatMap((one) => viewsOf(one, schema))) {
    const taken = typesOf(view);
    if (taken === null || typesFrom(argument).some((type) => taken.has(type))) continue;
    const message = `\`${name}\` is read as ${describeRead(argument)}, and the schema takes only ${[...taken].join(", ")}`;
    spot.problem({ code: "schema_mismatch", message, fix: fixOf(argument, taken), atKey: true });
    return;
  }
}

/** The schema and all that apply to the same value with it. References have no loops. */
function viewsOf(schema: Json, root: SchemaObject): readonly SchemaObject[] {
  if (!isSchemaObject(schema)) return [];
  const { $ref, allOf } = schema;
  const target = typeof $ref === "string" ? valueIn(root["$defs"], $ref.slice("#/$defs/".length)) : undefined;
  const parts = Array.isArray(allOf) ? allOf : [];
  return [schema, ...viewsOf(target ?? null, root), ...parts.flatMap((part) => viewsOf(part, root))];
}

const BRANCHES = ["anyOf", "oneOf", "if", "then", "else"] as const;

/** These, and all that apply to the same value in some case. */
function branchesOf(schema: Json, root: SchemaObject): readonly SchemaObject[] {
  return viewsOf(schema, root).flatMap((view) => {
    const cases = [...BRANCHES.flatMap((keyword) => view[keyword] ?? []), ...Object.values(asSchema(view["dependentSchemas"]))];
    return [view, ...cases.flatMap((one) => branchesOf(one, root))];
  });
}

function refuses(view: SchemaObject, name: string): boolean {
  if (valueIn(view["properties"], name) !== undefined) return valueIn(view["properties"], name) === false;
  return view["additionalProperties"] === false && !matchesPattern(view, name);
}

function matchesPattern(view: SchemaObject, name: string): boolean {
  return Object.keys(asSchema(view["patternProperties"])).some((pattern) => compilePattern(pattern).test(name));
}

/** The types that a value may have, or null where nothing says so. */
function typesOf({ type, enum: values, const: value }: SchemaObject): ReadonlySet<string> | null {
  if (type !== undefined) return new Set((Array.isArray(type) ? type : [type]).map(String));
  if (Array.isArray(values)) return new Set(values.map(typeOf));
  return value === undefined ? null : new Set([typeOf(value)]);
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

const EVERY_TYPE = ["null", "boolean", "object", "array", "number", "integer", "string"];

/** The types that the argument may come to have; what is no number where one is declared stays text, and is no use. */
function typesFrom({ type, from }: ArgumentSource): readonly string[] {
  switch (type) {
    case "integer":
    case "number":
      return ["integer", "number"];
    case "string":
      return ["string"];
    case "any":
      return from.kind === "json" ? EVERY_TYPE : ["string"];
  }
}

function describeRead({ type, from }: ArgumentSource): string {
  if (type === "any") return `the text of a ${from.kind}`;
  return type === "integer" ? "an integer" : type === "number" ? "a number" : "a text";
}

function fixOf({ type, from }: ArgumentSource, taken: ReadonlySet<string>): string | null {
  const wanted = taken.has("integer") ? "integer" : taken.has("number") ? "number" : taken.has("string") ? "string" : "any";
  return wanted === type || (wanted === "any" && from.kind !== "json") ? null : `write \`type: ${wanted}\``;
}

function valueIn(object: Json | undefined, name: string): Json | undefined {
  return isSchemaObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

function asSchema(value: Json | undefined): SchemaObject {
  return isSchemaObject(value) ? value : {};
}
