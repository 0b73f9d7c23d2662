import type { CatalogueEntry } from "../../../core/catalogue.ts";
import type { Match, Names } from "../../program.ts";
import { covers } from "../match/names.ts";

/** The catalogue, looked up by name and host. */
export type Tools = {
  readonly entries: readonly CatalogueEntry[];
  readonly find: (tool: string) => CatalogueEntry | null;
  readonly hasHost: (host: string) => boolean;
  /** Those that the match names, `unknown` left out. */
  readonly named: (match: Match) => readonly CatalogueEntry[];
  /** Those on the hosts; of all where none are given. */
  readonly onHosts: (hosts: Names | undefined) => readonly CatalogueEntry[];
};

export function createTools(entries: readonly CatalogueEntry[]): Tools {
  const byName = new Map(entries.map((entry) => [entry.tool, entry]));
  const byHost = Map.groupBy(entries, ({ host }) => host);
  return {
    entries,
    find: (tool) => byName.get(tool) ?? null,
    hasHost: (host) => byHost.has(host),
    onHosts(hosts) {
      if (hosts === undefined) return entries;
      if (hosts.ends.length > 0) return entries.filter(({ host }) => covers(hosts, host));
      return Object.keys(hosts.is).flatMap((host) => byHost.get(host) ?? []);
    },
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
