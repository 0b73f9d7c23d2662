import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Field } from "../condition/test-tree.ts";
import { type Stranger, schemaAt } from "./schema/schema-at.ts";

/** The name of an argument, or inside of one, that none of the tools knows; null where one of them may know it. */
export function findStranger({ path }: Field, entries: readonly CatalogueEntry[]): Stranger | null {
  const [root, name, ...parts] = path;
  if (root !== "args" || name === undefined) return null;
  const having = entries.filter((entry) => entry.args.some((argument) => argument.name === name));
  if (having.length === 0) return { name, known: [...new Set(entries.flatMap(namesOf))].sort() };
  if (parts.length === 0) return null;
  const places = having.map(({ schema }) => (schema === null ? null : schemaAt(schema, path.slice(1))));
  const strangers = places.flatMap((place) => (place?.kind === "stranger" ? [place.stranger] : []));
  return strangers.length < having.length ? null : (strangers[0] ?? null);
}

function namesOf(entry: CatalogueEntry): readonly string[] {
  return entry.args.map((argument) => argument.name);
}
