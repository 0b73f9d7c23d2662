import type { CatalogueEntry } from "../../core/catalogue.ts";
import { lowerTool, type ToolAt } from "./catalogue/lower-tool.ts";
import { compareText } from "./problem.ts";

export type { ToolAt } from "./catalogue/lower-tool.ts";

/** The catalogue in one order; tools with mistakes are left out after they were noted. */
export function lowerCatalogue(tools: readonly ToolAt[]): readonly CatalogueEntry[] {
  const seen = new Map<string, ToolAt>();
  const shapes = new Map<string, string>();
  const entries: CatalogueEntry[] = [];
  for (const tool of tools.toSorted((a, b) => compareText(a.name, b.name))) {
    const twin = seen.get(tool.name);
    if (twin !== undefined) {
      const where = `${twin.spot.file}:${twin.spot.line}`;
      tool.spot.problem({ code: "duplicate", message: `the tool \`${tool.name}\` stands in ${where} too`, atKey: true });
      continue;
    }
    seen.set(tool.name, tool);
    const entry = lowerTool(tool);
    if (entry === null) continue;
    const shape = shapeOf(entry);
    const same = shapes.get(shape);
    if (same !== undefined) {
      const message = `\`${tool.name}\` and \`${same}\` are the same method, host and path: which tool a call is would be a guess`;
      tool.spot.problem({ code: "contradiction", message, atKey: true });
    }
    shapes.set(shape, tool.name);
    entries.push(entry);
  }
  return entries;
}

function shapeOf(entry: CatalogueEntry): string {
  const path = entry.path.map((segment) => (segment.kind === "literal" ? `=${segment.text}` : segment.kind === "rest" ? "**" : "*"));
  return JSON.stringify([entry.method, entry.host, path]);
}
