import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import type { Match } from "../../../program.ts";
import { makeNames } from "../../match/names.ts";
import { toGlob } from "../../match/path-patterns.ts";

/** The match of a rule that permits with what its tools say of calls of which nothing is hidden: host, method, path, protocol. */
export function impliedMatch(match: Match, catalogue: readonly CatalogueEntry[]): Match {
  const { tool } = match;
  if (tool === undefined || tool.starts.length + tool.ends.length > 0) return match;
  const names = Object.keys(tool.is);
  const entries = catalogue.filter((entry) => Object.hasOwn(tool.is, entry.tool));
  // `unknown` is no entry, and of its calls nothing more is known.
  if (entries.length < names.length) return match;
  return {
    host: makeNames({ is: entries.map((entry) => entry.host) }),
    method: makeNames({ is: entries.map((entry) => entry.method) }),
    path: entries.map((entry) => toGlob(entry.path)),
    protocol: makeNames({ is: ["http"] }),
    ...match,
  };
}
