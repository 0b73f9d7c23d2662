import { compileSchema } from "../../../core/compile-schema.ts";
import type { Json } from "../../../core/intent.ts";
import type { Spot } from "../spot.ts";
import { measureSchema } from "./measure-schema.ts";
import { inside, isSchemaObject, refuse, type SchemaAt, type SchemaObject, walkSchema } from "./walk-schema.ts";

const CHARS_MAX = 65_536;

const DIALECT_DEFAULT = "https://json-schema.org/draft/2020-12/schema";
const DIALECTS: Readonly<Record<string, "2020-12" | "draft-07">> = {
  [DIALECT_DEFAULT]: "2020-12",
  "http://json-schema.org/draft-07/schema": "draft-07",
};

/**
 * A JSON Schema of arguments as it is checked at run time: 2020-12, without remarks, every `$ref` to `#/$defs/NAME`. Null
 * after its mistakes were noted. What would not be checked, has no bound or leads elsewhere is a mistake.
 */
export function lowerSchema(data: Json, spot: Spot): SchemaObject | null {
  if (!isSchemaObject(data)) return spot.problem({ code: "wrong_type", message: "the JSON Schema of a tool's arguments is an object" });
  if (JSON.stringify(data).length > CHARS_MAX) {
    return spot.problem({ code: "too_large", message: `the schema has more than ${CHARS_MAX} characters` });
  }
  const { $schema = DIALECT_DEFAULT, $id: _, $defs = {}, definitions = {}, ...rest } = data;
  const dialect = typeof $schema === "string" ? DIALECTS[$schema.replace(/#$/, "")] : undefined;
  if (dialect === undefined) {
    const message = `\`${String($schema)}\` is no dialect that is read`;
    return spot.in("$schema").problem({ code: "wrong_value", message, fix: Object.keys(DIALECTS).join(" or ") });
  }
  const names = new Set([...namesOf($defs), ...namesOf(definitions)]);
  const at: SchemaAt = { spot, depth: 0, file: { isDraft07: dialect === "draft-07", names, broken: false } };
  const root = walkSchema(rest, at);
  const defs = walkDefinitions({ $defs, definitions }, at);
  if (at.file.broken || !isSchemaObject(root) || !takesObjects(root, spot)) return null;
  const schema = Object.keys(defs).length === 0 ? root : { ...root, $defs: defs };
  return measureSchema(schema, spot) ? compiled(schema, spot) : null;
}

function namesOf(schemas: Json): readonly string[] {
  return isSchemaObject(schemas) ? Object.keys(schemas) : [];
}

function walkDefinitions(groups: Readonly<Record<"$defs" | "definitions", Json>>, at: SchemaAt): SchemaObject {
  const defs = new Map<string, Json>();
  for (const [group, schemas] of Object.entries(groups)) {
    const here = inside(at, group);
    if (!isSchemaObject(schemas)) refuse(here, { message: `expected schemas by name under \`${group}\`` });
    for (const [name, schema] of isSchemaObject(schemas) ? Object.entries(schemas) : []) {
      const place = inside(here, name);
      if (defs.has(name)) refuse(place, { message: `\`${name}\` stands in \`$defs\` and in \`definitions\``, code: "duplicate" });
      defs.set(name, walkSchema(schema, place));
    }
  }
  return Object.fromEntries(defs);
}

function takesObjects({ type }: SchemaObject, spot: Spot): boolean {
  if (type === undefined || type === "object" || (Array.isArray(type) && type.includes("object"))) return true;
  spot.in("type").problem({ code: "contradiction", message: "the arguments are one object, and this schema takes none" });
  return false;
}

function compiled(schema: SchemaObject, spot: Spot): SchemaObject | null {
  try {
    compileSchema(schema);
    return schema;
  } catch (error) {
    const message = `this is no JSON Schema: ${error instanceof Error ? error.message : "it does not compile"}`;
    return spot.problem({ code: "wrong_value", message });
  }
}
