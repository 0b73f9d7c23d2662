import type { Json } from "../../../../core/intent.ts";
import { nearestName } from "../../nearest-name.ts";

export type SchemaObject = { readonly [keyword: string]: Json };

export type Stranger = { readonly name: string; readonly known: readonly string[] };

export type Place =
  | { readonly kind: "schema"; readonly schema: SchemaObject }
  /** A name on the way that the schema does not have: it is closed, or the name is nearly one that it has. */
  | { readonly kind: "stranger"; readonly stranger: Stranger }
  | { readonly kind: "open" };

const OPEN: Place = { kind: "open" };

/** What a JSON Schema says of the member at the path. Only what is certain: `open` wherever more than one schema could speak. */
export function schemaAt(root: Json, path: readonly string[]): Place {
  let schema = resolveSchema(root, root);
  for (const name of path) {
    if (schema === null) return OPEN;
    const properties = schema["properties"] ?? {};
    const known = isObject(properties) ? Object.keys(properties) : [];
    const member = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (member === undefined) return isStranger(name, known, schema) ? { kind: "stranger", stranger: { name, known } } : OPEN;
    schema = resolveSchema(member, root);
  }
  return schema === null ? OPEN : { kind: "schema", schema };
}

const ALSO_SPEAKING = ["allOf", "anyOf", "oneOf", "if", "patternProperties", "unevaluatedProperties", "$dynamicRef", "not"];

function isStranger(name: string, known: readonly string[], schema: SchemaObject): boolean {
  if (ALSO_SPEAKING.some((keyword) => Object.hasOwn(schema, keyword))) return false;
  const rest = schema["additionalProperties"];
  if (rest === false) return true;
  return rest === undefined && known.length > 0 && nearestName(name, known) !== null;
}

const HOPS_MAX = 16;

/** A schema with its reference followed inside the document; null for `true`, `false` and what leads elsewhere. */
export function resolveSchema(schema: Json, root: Json): SchemaObject | null {
  let at: Json | undefined = schema;
  for (let hops = 0; hops < HOPS_MAX; hops++) {
    if (!isObject(at)) return null;
    const { $ref: reference, ...own }: SchemaObject = at;
    if (reference === undefined) return at;
    if (typeof reference !== "string" || Object.keys(own).some((keyword) => !isAnnotation(keyword))) return null;
    at = pointedAt(reference, root);
  }
  return null;
}

function isAnnotation(keyword: string): boolean {
  return ["title", "description", "default", "examples", "$comment", "deprecated"].includes(keyword);
}

function pointedAt(reference: string, root: Json): Json | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let at: Json | undefined = root;
  for (const part of reference.slice(2).split("/")) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

export function isObject(value: Json | undefined): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
