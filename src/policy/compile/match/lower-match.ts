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
  readonly tools: ReadonlySet<string>;
  /** Names that `unknown` covers: itself, and of a guardrail the tools that others put on the hosts of its own. */
  readonly unknown: readonly string[];
  /** Further names that `*` covers. */
  readonly beyond: readonly string[];
  /** Whether the rule restricts or adds: only then does `*` cover calls whose tool is unknown. */
  readonly restricts: boolean;
  /** Whether it is of a guardrail, whose tools stand beside it. */
  readonly guard: boolean;
  /** Names of tools that have mistakes of their own; `*` is any name. */
  readonly lost: readonly string[];
};

export const FITS_ALL: LoweredMatch = { match: {}, ownBindings: new Set(), segments: new Map() };

/** One `match` in the engine's form. A dimension that fits every call is left out. */
export function lowerMatch(source: MatchSource, spot: Spot, context: MatchContext): LoweredMatch | null {
  const dimension = readerOf(source, spot);
  const named = {
    agent: dimension("agents", (list, at) => readNames(list, at, "an agent")),
    role: dimension("roles", (list, at) => readNames(list, at, "a role")),
    group: dimension("groups", (list, at) => readNames(list, at, "a group")),
    host: dimension("hosts", readHosts),
    method: dimension("methods", readMethods),
    protocol: dimension("protocols", readProtocols),
    operation: dimension("operations", (list, at) => readNames(list, at, "an operation")),
    tool: dimension("tools", (list, at) => readTools(list, at, context)),
    model: dimension("models", readModels),
  } satisfies { [key in Exclude<keyof Match, "path">]: Names | typeof ANY | null };
  const paths = dimension("paths", readPaths);
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

/** Reads the dimensions of one match; one that it does not name fits any call. */
function readerOf(source: MatchSource, spot: Spot) {
  return function dimension<T>(key: keyof MatchSource, read: (list: readonly string[], spot: Spot) => T | null): T | typeof ANY | null {
    const list = source[key];
    if (list === undefined) return ANY;
    if (list.length > 0) return read(list, spot.in(key));
    return spot.in(key).problem({ code: "wrong_value", message: "an empty list fits no call", fix: "leave the key out to fit every call" });
  };
}

/** Every call has an agent; roles, groups, operations and models it may lack, and then not even `*` fits. */
function isUniversal(names: Names | typeof ANY | null): boolean {
  return names !== null && names !== ANY && names.starts.includes("");
}
