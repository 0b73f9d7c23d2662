import { z } from "zod";
import { settingsSchema } from "./settings.ts";

/** The part of JSON Schema that our own schema comes out as. */
export type SchemaNode = {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
};

const TITLE = "Sluice configuration";

/** What a configuration file may hold, for editors and for our own messages. */
export function createJsonSchema(): SchemaNode {
  // What `toJSONSchema` gives for our schema is of this shape; `input` is the file's form, before any transform.
  const schema = z.toJSONSchema(settingsSchema, { io: "input" }) as SchemaNode;
  return { ...schema, title: TITLE };
}

/** The text of `sluice.schema.json`. */
export function renderJsonSchema(): string {
  const text = JSON.stringify(createJsonSchema(), null, 2);
  // Short lists on one line, as the formatter would have them.
  const lists = /\[\s*("[^"\n]*"(?:,\s*"[^"\n]*")*)\s*\]/g;
  return `${text.replace(lists, (_, items: string) => `[${items.replace(/,\s+/g, ", ")}]`)}\n`;
}

/** The schema of what stands at a path; null where nothing may stand. */
export function findSchemaAt(root: SchemaNode, path: readonly PropertyKey[]): SchemaNode | null {
  let node: SchemaNode | null = root;
  for (const step of path) node = node === null ? null : childOf(node, step);
  return node;
}

/** Names that may stand in a mapping; empty where any may, or none. */
export function listKeys(node: SchemaNode | null): readonly string[] {
  return node === null ? [] : branchesOf(node).flatMap((branch) => Object.keys(branch.properties ?? {}));
}

export function branchesOf(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(branchesOf);
}

function childOf(node: SchemaNode, step: PropertyKey): SchemaNode | null {
  for (const branch of branchesOf(node)) {
    if (typeof step === "number") {
      if (branch.items !== undefined) return branch.items;
      continue;
    }
    const named = branch.properties !== undefined && Object.hasOwn(branch.properties, step) ? branch.properties[String(step)] : undefined;
    if (named !== undefined) return named;
    if (typeof branch.additionalProperties === "object" && branch.properties === undefined) return branch.additionalProperties;
  }
  return null;
}
