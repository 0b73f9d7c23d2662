import type { Match, Names, PathGlob } from "../../program.ts";
import type { Spot } from "../spot.ts";
import type { LoweredMatch } from "./lower-match.ts";
import { intersectNames, isEmpty, isWithin } from "./names.ts";
import { intersectGlobs } from "./path-patterns.ts";

const SINGLE = ["agent", "host", "method", "tool", "protocol", "operation", "model"] as const;
/** A caller has many of these, so that two lists may both fit without a name in common. */
const PLURAL = ["role", "group"] as const;

/** What both matches cover; null after it was noted that nothing is. `spot` is the inner one's. */
export function intersectMatches(outer: LoweredMatch, inner: LoweredMatch, spot: Spot): LoweredMatch | null {
  const joined: Record<string, Names | readonly PathGlob[]> = {};
  for (const key of SINGLE) {
    const names = joinNames(outer.match[key], inner.match[key], intersectNames);
    if (names === undefined) continue;
    if (isEmpty(names)) return nothingInCommon(key, spot);
    joined[key] = names;
  }
  for (const key of PLURAL) {
    const names = joinNames(outer.match[key], inner.match[key], narrower);
    if (names === null) return cannotJoin(key, spot);
    if (names !== undefined) joined[key] = names;
  }
  const path = joinPaths(outer.match.path, inner.match.path);
  if (path?.length === 0) return nothingInCommon("path", spot);
  // Every key was a dimension of both matches, with that dimension's type.
  const match = { ...joined, ...(path === undefined ? {} : { path }) } as Match;
  return { match, ownBindings: new Set([...outer.ownBindings, ...inner.ownBindings]), segments: joinSegments(outer, inner) };
}

function joinNames<T>(a: Names | undefined, b: Names | undefined, join: (a: Names, b: Names) => T): Names | T | undefined {
  return a === undefined || b === undefined ? (a ?? b) : join(a, b);
}

/** Whoever fits the narrower list fits the wider one too; otherwise one list cannot say that both must fit. */
function narrower(outer: Names, inner: Names): Names | null {
  if (isWithin(inner, outer)) return inner;
  return isWithin(outer, inner) ? outer : null;
}

function joinPaths(a: readonly PathGlob[] | undefined, b: readonly PathGlob[] | undefined): readonly PathGlob[] | undefined {
  return a === undefined || b === undefined ? (a ?? b) : intersectGlobs(a, b);
}

/** A name is kept where everything that binds it does so at one place. */
function joinSegments(outer: LoweredMatch, inner: LoweredMatch): ReadonlyMap<string, number> {
  const agree = (name: string, at: number) =>
    [outer, inner].every(({ ownBindings, segments }) => !ownBindings.has(name) || segments.get(name) === at);
  return new Map([...outer.segments, ...inner.segments].filter(([name, at]) => agree(name, at)));
}

function nothingInCommon(key: string, spot: Spot): null {
  const message = `the ${key}s of the policy's match and of this one have nothing in common, so this never applies`;
  return spot.problem({ code: "contradiction", message });
}

function cannotJoin(key: string, spot: Spot): null {
  const message = `the ${key}s of this match are not among those of the policy's match, and a caller may have some of both`;
  const fix = `name ${key}s in one of the two, and the other in the condition: "NAME" in caller.${key}s`;
  return spot.in(`${key}s`).problem({ code: "contradiction", message, fix, atKey: true });
}
