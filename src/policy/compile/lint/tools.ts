import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Match } from "../../program.ts";

/** The catalogue, looked up by name and host. */
export type Tools = {
  readonly entries: readonly CatalogueEntry[];
  readonly find: (tool: string) => CatalogueEntry | null;
  readonly hasHost: (host: string) => boolean;
  /** Those that the match names, `unknown` left out. */
  readonly named: (match: Match) => readonly CatalogueEntry[];
};

export function createTools(entries: readonly CatalogueEntry[]): Tools {
  const byName = new Map(entries.map((entry) => [entry.tool, entry]));
  const hosts = new Set(entries.map(({ host }) => host));
  return {
    entries,
    find: (tool) => byName.get(tool) ?? null,
    hasHost: (host) => hosts.has(host),
    named: ({ tool }) => Object.keys(tool?.is ?? {}).flatMap((name) => byName.get(name) ?? []),
  };
}

/** The tools that a match names; null where it names none, or covers calls of tools that are not known. */
export function toolsOf(match: Match, tools: Tools): readonly CatalogueEntry[] | null {
  const { tool } = match;
  if (tool === undefined || tool.starts.length + tool.ends.length > 0) return null;
  const entries = tools.named(match);
  return entries.length === Object.keys(tool.is).length ? entries : null;
}
