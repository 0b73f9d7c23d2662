import type { PathGlob } from "../../program.ts";
import type { Spot } from "../spot.ts";
import { bindingsOf, parsePathPattern, placesOf, toGlob } from "./path-patterns.ts";

export type ReadPaths = {
  readonly globs: readonly PathGlob[];
  readonly bindings: ReadonlySet<string>;
  /** Of the bindings, those that every pattern binds at one place, with that place. */
  readonly segments: ReadonlyMap<string, number>;
};

export function readPaths(list: readonly string[], spot: Spot): ReadPaths | null {
  const patterns = list.map((text, at) => parsePathPattern(text, spot.in(at)));
  const good = patterns.filter((pattern) => pattern !== null);
  if (good.length < patterns.length) return null;
  return { globs: good.map(toGlob), bindings: new Set(good.flatMap(bindingsOf)), segments: placesOf(good) };
}
