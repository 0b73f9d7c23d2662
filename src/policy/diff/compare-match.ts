import type { Match, Names, PathGlob } from "../program.ts";
import { joinRelations, type Relation, relationOf } from "./relation.ts";

export const DIMENSIONS = ["agent", "host", "method", "tool", "protocol", "operation", "model", "role", "group", "path"] as const;

const UNKNOWN_TOOL = "unknown";
const HTTP_ALONE: Names = { is: { http: true }, starts: [], ends: [] };

/**
 * What the second match covers beside the first. In a rule that permits, no `protocols` means http alone, and no `tools`
 * means every tool but `unknown`.
 */
export function compareMatches(a: Match, b: Match, permits: boolean): Relation {
  return joinRelations(DIMENSIONS.map((dimension) => compareDimension(a, b, { dimension, permits })));
}

type Asked = { readonly dimension: (typeof DIMENSIONS)[number]; readonly permits: boolean };

function compareDimension(a: Match, b: Match, { dimension, permits }: Asked): Relation {
  if (dimension === "path") return comparePaths(a.path, b.path);
  const byDefault = dimension === "protocol" && permits ? HTTP_ALONE : undefined;
  const [one, other] = [a[dimension] ?? byDefault, b[dimension] ?? byDefault];
  const relation = compareNames(one, other);
  const isUnknownNamed = (names: Names | undefined) => names !== undefined && Object.hasOwn(names.is, UNKNOWN_TOOL);
  return dimension === "tool" && permits && one === undefined && isUnknownNamed(other) ? "other" : relation;
}

/** Absent names are all there are. */
export function compareNames(a: Names | undefined, b: Names | undefined): Relation {
  return relationOf(a === undefined || (b !== undefined && holdsNames(a, b)), b === undefined || (a !== undefined && holdsNames(b, a)));
}

export function holdsName({ is, starts, ends }: Names, name: string): boolean {
  return Object.hasOwn(is, name) || starts.some((text) => name.startsWith(text)) || ends.some((text) => name.endsWith(text));
}

function holdsNames(names: Names, { is, starts, ends }: Names): boolean {
  return (
    Object.keys(is).every((name) => holdsName(names, name)) &&
    starts.every((text) => names.starts.some((start) => text.startsWith(start))) &&
    ends.every((text) => names.ends.some((end) => text.endsWith(end)))
  );
}

type Globs = readonly PathGlob[] | undefined;

function comparePaths(a: Globs, b: Globs): Relation {
  const holds = (globs: Globs, others: Globs) =>
    globs === undefined || others?.every((other) => globs.some((glob) => holdsGlob(glob, other))) === true;
  return relationOf(holds(a, b), holds(b, a));
}

function holdsGlob(glob: PathGlob, other: PathGlob): boolean {
  const fitsLength = glob.open ? other.n >= glob.n : !other.open && other.n === glob.n;
  const texts = new Map(other.fixed);
  return fitsLength && glob.fixed.every(([at, text]) => texts.get(at) === text);
}
