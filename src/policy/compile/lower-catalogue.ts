import type { CatalogueEntry } from "../../core/catalogue.ts";
import type { Json } from "../../core/intent.ts";
import { findClash } from "./catalogue/find-clash.ts";
import { lowerSchema } from "./catalogue/lower-schema.ts";
import { lowerTool, type SchemaOf, type ToolAt } from "./catalogue/lower-tool.ts";
import { suggestName } from "./nearest-name.ts";
import { compareText } from "./problem.ts";
import type { Spot } from "./spot.ts";

export type { ToolAt } from "./catalogue/lower-tool.ts";

/** JSON Schemas by the names of their files. */
export type SchemaFiles = ReadonlyMap<string, { readonly schema: Json; readonly spot: Spot }>;

/** What one folder has for the catalogue. Schemas are found in the tool's own folder alone. */
export type CatalogueFolder = {
  readonly tools: readonly ToolAt[];
  readonly schemas: SchemaFiles;
  readonly lost: { readonly schemas: readonly string[] };
};

/** The catalogue of all folders in one order; tools with mistakes are left out after they were noted. */
export function lowerCatalogue(folders: readonly CatalogueFolder[]): readonly CatalogueEntry[] {
  const seen = new Map<string, { readonly tool: ToolAt; readonly shelf: Shelf }>();
  const neighbours = new Map<string, CatalogueEntry[]>();
  const entries: CatalogueEntry[] = [];
  const shelves = folders.map(({ tools, schemas, lost }) => ({ tools, shelf: createShelf(schemas, lost.schemas) }));
  const tools = shelves.flatMap((folder) => folder.tools.map((tool) => ({ tool, shelf: folder.shelf })));
  for (const { tool, shelf } of tools.toSorted((a, b) => compareText(a.tool.name, b.tool.name))) {
    const twin = seen.get(tool.name);
    if (twin !== undefined) {
      noteTwin(tool, twin.tool, twin.shelf === shelf);
      continue;
    }
    seen.set(tool.name, { tool, shelf });
    const entry = lowerTool(tool, shelf.schemaOf);
    if (entry === null) continue;
    const key = `${entry.method} ${entry.host}`;
    const near = neighbours.get(key) ?? [];
    noteClash(entry, near, tool.spot);
    neighbours.set(key, near);
    near.push(entry);
    entries.push(entry);
  }
  for (const { shelf } of shelves) shelf.noteUnused();
  return entries;
}

function noteTwin({ name, spot }: ToolAt, twin: ToolAt, isOfOneFolder: boolean): void {
  const message = `the tool \`${name}\` stands in ${twin.spot.file}:${twin.spot.line} too`;
  const fix = isOfOneFolder ? null : "one catalogue for all: leave it in the guardrails' folder and delete it here";
  spot.problem({ code: "duplicate", message, fix, atKey: true });
}

/** `near` are the entries of the same method and host. */
function noteClash(entry: CatalogueEntry, near: readonly CatalogueEntry[], spot: Spot): void {
  for (const other of near) {
    const path = findClash(entry.path, other.path);
    if (path === null) continue;
    const call = `${entry.method} ${entry.host}${path}`;
    const message = `\`${other.tool}\` and \`${entry.tool}\` both fit ${call}, and neither is the more specific`;
    spot.problem({ code: "tools_overlap", message, fix: "make one path narrower at every place where they differ", atKey: true });
    return;
  }
}

type Shelf = { readonly schemaOf: SchemaOf; readonly noteUnused: () => void };

/** The schema files of the folder: each is read once, however many tools name it. */
function createShelf(files: SchemaFiles, lost: readonly string[]): Shelf {
  const read = new Map<string, ReturnType<typeof lowerSchema>>();

  function schemaOf(name: string, spot: Spot): ReturnType<typeof lowerSchema> {
    const path = spot.file.slice(0, spot.file.lastIndexOf("/") + 1) + name;
    const known = read.get(path);
    if (known !== undefined) return known;
    const file = files.get(path);
    if (file === undefined && lost.includes(path)) return null;
    if (file === undefined) {
      const fix = suggestName(path, [...files.keys()]);
      return spot.problem({ code: "wrong_value", message: `there is no file \`${path}\``, fix });
    }
    const schema = lowerSchema(file.schema, file.spot);
    read.set(path, schema);
    return schema;
  }

  return {
    schemaOf,
    noteUnused() {
      for (const [path, { spot }] of files) {
        if (!read.has(path))
          spot.warning({ code: "schema_unused", message: "no tool names this schema", fix: "write `schema` into a tool" });
      }
    },
  };
}
