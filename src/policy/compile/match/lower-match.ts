import { parseName } from "../../../core/name.ts";
import type { Match, Names, PathGlob } from "../../program.ts";
import { suggestName } from "../nearest-name.ts";
import type { MatchSource } from "../schemas/policy-file.ts";
import type { Spot } from "../spot.ts";
import { intersectNames, isEmpty, makeNames } from "./names.ts";
import { parseHost } from "./parse-host.ts";
import { bindingsOf, intersectGlobs, parsePathPattern, placesOf, toGlob } from "./path-patterns.ts";

/** A match and the names that its paths bind, with the place of those that all of them bind at one place. */
export type LoweredMatch = {
  readonly match: Match;
  readonly ownBindings: ReadonlySet<string>;
  readonly segments: ReadonlyMap<string, number>;
};

export type MatchContext = {
  /** Names of all tools of the catalogue. */
  readonly tools: readonly string[];
  /** Whether the rule restricts or adds: only then does `*` cover calls whose tool is unknown. */
  readonly restricts: boolean;
};

/** One `match` in the engine's form. A dimension that fits every call is left out. */
export function lowerMatch(source: MatchSource, spot: Spot, context: MatchContext): LoweredMatch | null {
  const agent = dimension(source.agents, spot.in("agents"), readAgents);
  const host = dimension(source.hosts, spot.in("hosts"), readHosts);
  const method = dimension(source.methods, spot.in("methods"), readMethods);
  const protocol = dimension(source.protocols, spot.in("protocols"), readProtocols);
  const tool = dimension(source.tools, spot.in("tools"), (list, at) => readTools(list, at, context));
  const paths = dimension(source.paths, spot.in("paths"), readPaths);
  if (agent === null || host === null || method === null || protocol === null || tool === null || paths === null) return null;
  const named = { agent, host, method, tool, protocol };
  const present = Object.entries(named).flatMap(([key, names]) => (names === ANY || isUniversal(names) ? [] : [[key, names]]));
  return {
    // The entries are those of `named`, whose keys are dimensions of a match.
    match: { ...(Object.fromEntries(present) as Match), ...(paths === ANY ? {} : { path: paths.globs }) },
    ownBindings: paths === ANY ? new Set() : paths.bindings,
    segments: paths === ANY ? new Map() : paths.segments,
  };
}

/** What both matches cover; null after it was noted that nothing is. */
export function intersectMatches(outer: LoweredMatch, inner: LoweredMatch, spot: Spot): LoweredMatch | null {
  const joined: Record<string, Names | readonly PathGlob[]> = {};
  for (const key of ["agent", "host", "method", "tool", "protocol"] as const) {
    const names = joinNames(outer.match[key], inner.match[key]);
    if (names === undefined) continue;
    if (isEmpty(names)) return nothingInCommon(key, spot);
    joined[key] = names;
  }
  const path = joinPaths(outer.match.path, inner.match.path);
  if (path?.length === 0) return nothingInCommon("path", spot);
  // Every key was a dimension of both matches, with that dimension's type.
  const match = { ...joined, ...(path === undefined ? {} : { path }) } as Match;
  return {
    match,
    ownBindings: new Set([...outer.ownBindings, ...inner.ownBindings]),
    segments: joinSegments(outer.segments, inner.segments),
  };
}

function joinNames(a: Names | undefined, b: Names | undefined): Names | undefined {
  return a === undefined || b === undefined ? (a ?? b) : intersectNames(a, b);
}

function joinPaths(a: readonly PathGlob[] | undefined, b: readonly PathGlob[] | undefined): readonly PathGlob[] | undefined {
  return a === undefined || b === undefined ? (a ?? b) : intersectGlobs(a, b);
}

/** A name that both bind is kept where they agree on its place. */
function joinSegments(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...a, ...b].filter(([name, at]) => (a.get(name) ?? at) === at && (b.get(name) ?? at) === at));
}

function nothingInCommon(key: string, spot: Spot): null {
  const message = `the ${key}s of the policy's match and of this one have nothing in common, so this never applies`;
  return spot.problem({ code: "contradiction", message });
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

function isUniversal(names: Names): boolean {
  return names.starts.includes("");
}

function readAgents(list: readonly string[], spot: Spot): Names | null {
  const is: string[] = [];
  const starts: string[] = [];
  const bad = list.filter((text, at) => {
    const star = text.endsWith("*");
    const name = star ? text.slice(0, -1) : text;
    if (name !== "__proto__" && (name === "" ? star : parseName(name) !== null)) {
      (star ? starts : is).push(name);
      return false;
    }
    spot.in(at).problem({ code: "wrong_value", message: `\`${text}\` is no name of an agent`, fix: "one `*` may stand at the end" });
    return true;
  });
  return bad.length > 0 ? null : makeNames({ is, starts });
}

function readHosts(list: readonly string[], spot: Spot): Names | null {
  const hosts = list.map((text, at) => parseHost(text, spot.in(at)));
  const good = hosts.filter((host) => host !== null);
  if (good.length < hosts.length) return null;
  return makeNames({
    is: good.filter((host) => !host.startsWith(".")),
    ends: good.filter((host) => host.startsWith(".")),
  });
}

function readMethods(list: readonly string[], spot: Spot): Names | null {
  const bad = list.filter((text, at) => {
    if (/^[A-Z][A-Z-]{0,31}$/.test(text)) return false;
    const fix = /^[a-z-]+$/i.test(text) ? `write ${text.toUpperCase()}` : null;
    spot.in(at).problem({ code: "wrong_value", message: `\`${text}\` is no method: methods are in upper case`, fix });
    return true;
  });
  return bad.length > 0 ? null : makeNames({ is: list });
}

const PROTOCOLS = ["http", "tunnel", "upgrade", "stream"];
const PROTOCOLS_LATER = ["mcp", "llm", "sql", "a2a"];

function readProtocols(list: readonly string[], spot: Spot): Names | null {
  const bad = list.filter((text, at) => {
    if (PROTOCOLS.includes(text)) return false;
    if (PROTOCOLS_LATER.includes(text)) spot.in(at).problem({ code: "not_built_yet", message: `protocol \`${text}\` is not built yet` });
    else spot.in(at).problem({ code: "wrong_value", message: `\`${text}\` is no protocol`, fix: suggestName(text, PROTOCOLS) });
    return true;
  });
  return bad.length > 0 ? null : makeNames({ is: list });
}

/** The call's tool when the host is catalogued and no entry fits. */
const UNKNOWN = "unknown";

/** Patterns become the names they cover now: a tool that joins the catalogue later is covered by the next build. */
function readTools(list: readonly string[], spot: Spot, context: MatchContext): Names | null {
  const found = list.map((text, at) => {
    if (text === UNKNOWN) return [UNKNOWN];
    const fits = text.endsWith("*")
      ? context.tools.filter((name) => name.startsWith(text.slice(0, -1)))
      : context.tools.filter((name) => name === text);
    const more = text === "*" && context.restricts ? [UNKNOWN] : [];
    if (fits.length + more.length > 0) return [...fits, ...more];
    const fix = context.tools.length === 0 ? "write a file with the key `tools`" : suggestName(text, context.tools);
    return spot.in(at).problem({ code: "no_such_tool", message: `no tool of the catalogue is \`${text}\``, fix });
  });
  const good = found.filter((names) => names !== null);
  return good.length < found.length ? null : makeNames({ is: good.flat() });
}

type ReadPaths = {
  readonly globs: readonly PathGlob[];
  readonly bindings: ReadonlySet<string>;
  readonly segments: ReadonlyMap<string, number>;
};

function readPaths(list: readonly string[], spot: Spot): ReadPaths | null {
  const patterns = list.map((text, at) => parsePathPattern(text, spot.in(at)));
  const good = patterns.filter((pattern) => pattern !== null);
  if (good.length < patterns.length) return null;
  return { globs: good.map(toGlob), bindings: new Set(good.flatMap(bindingsOf)), segments: placesOf(good) };
}
