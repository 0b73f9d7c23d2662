import type { Match, Names } from "../../program.ts";
import type { MatchSource } from "../schemas/policy-file.ts";
import type { Spot } from "../spot.ts";
import { readHosts, readMethods, readProtocols, readTools } from "./read-dimensions.ts";
import { readModels, readNames } from "./read-names.ts";
import { readPaths } from "./read-paths.ts";

/** A match and the names that its paths bind, with the place of those that all of them bind at one place. */
export type LoweredMatch = {
  readonly match: Match;
  readonly ownBindings: ReadonlySet<string>;
  readonly segments: ReadonlyMap<string, number>;
};

export type MatchContext = {
  /** Names of the tools that names and patterns may mean. */
  readonly tools: readonly string[];
  /** Names that `unknown` covers: itself, and of a guardrail the tools that others put on the hosts of its own. */
  readonly unknown: readonly string[];
  /** Further names that `*` covers. */
  readonly beyond: readonly string[];
  /** Whether the rule restricts or adds: only then does `*` cover calls whose tool is unknown. */
  readonly restricts: boolean;
};

export const FITS_ALL: LoweredMatch = { match: {}, ownBindings: new Set(), segments: new Map() };

/** One `match` in the engine's form. A dimension that fits every call is left out. */
export function lowerMatch(source: MatchSource, spot: Spot, context: MatchContext): LoweredMatch | null {
  const named = {
    agent: dimension(source.agents, spot.in("agents"), (list, at) => readNames(list, at, "an agent")),
    role: dimension(source.roles, spot.in("roles"), (list, at) => readNames(list, at, "a role")),
    group: dimension(source.groups, spot.in("groups"), (list, at) => readNames(list, at, "a group")),
    host: dimension(source.hosts, spot.in("hosts"), readHosts),
    method: dimension(source.methods, spot.in("methods"), readMethods),
    protocol: dimension(source.protocols, spot.in("protocols"), readProtocols),
    operation: dimension(source.operations, spot.in("operations"), (list, at) => readNames(list, at, "an operation")),
    tool: dimension(source.tools, spot.in("tools"), (list, at) => readTools(list, at, context)),
    model: dimension(source.models, spot.in("models"), readModels),
  } satisfies { [key in Exclude<keyof Match, "path">]: Names | typeof ANY | null };
  const paths = dimension(source.paths, spot.in("paths"), readPaths);
  if (paths === null || Object.values(named).includes(null)) return null;
  const present = Object.entries(named).filter(([key, names]) => names !== ANY && !(key === "agent" && isUniversal(names)));
  return {
    // The entries are those of `named`, whose keys are dimensions of a match.
    match: { ...(Object.fromEntries(present) as Match), ...(paths === ANY ? {} : { path: paths.globs }) },
    ownBindings: paths === ANY ? new Set() : paths.bindings,
    segments: paths === ANY ? new Map() : paths.segments,
  };
}

const ANY = "any";

function dimension<T>(
  list: readonly string[] | undefined,
  spot: Spot,
  read: (list: readonly string[], spot: Spot) => T | null,
): T | typeof ANY | null {
  if (list === undefined) return ANY;
  if (list.length > 0) return read(list, spot);
  return spot.problem({ code: "wrong_value", message: "an empty list fits no call", fix: "leave the key out to fit every call" });
}

/** Every call has an agent; roles, groups, operations and models it may lack, and then not even `*` fits. */
function isUniversal(names: Names | typeof ANY | null): boolean {
  return names !== null && names !== ANY && names.starts.includes("");
}
