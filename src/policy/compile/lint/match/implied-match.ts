import type { CatalogueEntry } from "../../../../core/catalogue.ts";
import type { Match } from "../../../program.ts";
import { makeNames } from "../../match/names.ts";
import { toGlob } from "../../match/path-patterns.ts";

/**
 * The match of a rule with what its tools say of calls of which nothing is hidden: host, method, path, protocol. Null
 * tools: it names none, or not only known ones, of whose calls nothing more is known.
 */
export function impliedMatch(match: Match, tools: readonly CatalogueEntry[] | null): Match {
  if (tools === null) return match;
  return {
    host: makeNames({ is: tools.map((entry) => entry.host) }),
    method: makeNames({ is: tools.map((entry) => entry.method) }),
    path: tools.map((entry) => toGlob(entry.path)),
    protocol: makeNames({ is: ["http"] }),
    ...match,
  };
}
