import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Match } from "../../program.ts";

/** The tools that a match names; null where it names none, or covers calls of tools that are not known. */
export function toolsOf({ tool }: Match, catalogue: readonly CatalogueEntry[]): readonly CatalogueEntry[] | null {
  if (tool === undefined || tool.starts.length + tool.ends.length > 0) return null;
  const entries = catalogue.filter((entry) => Object.hasOwn(tool.is, entry.tool));
  return entries.length === Object.keys(tool.is).length ? entries : null;
}
