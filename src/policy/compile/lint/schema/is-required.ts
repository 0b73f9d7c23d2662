import type { Json } from "../../../../core/intent.ts";
import { isObject, resolveSchema } from "./schema-at.ts";

/** Whether a value that the JSON Schema accepts has a member at the path. True is certain. */
export function isRequired(root: Json, path: readonly string[]): boolean {
  let schema = resolveSchema(root, root);
  for (const [at, name] of path.entries()) {
    if (schema === null || !demands(schema["required"], name)) return false;
    // What arguments are is a map; what is inside of them is one only where the schema says so.
    if (at > 0 && schema["type"] !== "object") return false;
    const properties = schema["properties"];
    const member = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    schema = member === undefined ? null : resolveSchema(member, root);
  }
  return true;
}

function demands(required: Json | undefined, name: string): boolean {
  return Array.isArray(required) && required.includes(name);
}
