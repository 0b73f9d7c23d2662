import type { PathSegment } from "../../../core/catalogue.ts";

/**
 * A path that both patterns cover while neither is the more specific one, or null. One is more specific where at every
 * place in which they differ it is the narrower: a literal or the path's end before `*`, and that before `**`.
 */
export function findClash(a: readonly PathSegment[], b: readonly PathSegment[]): string | null {
  if (areApart(a, b)) return null;
  const shared = findSharedPath(a, b);
  return shared === null || narrows(a, b) || narrows(b, a) ? null : shared;
}

/** Whether two literals differ: what nearly every pair of a catalogue is apart by. */
function areApart(a: readonly PathSegment[], b: readonly PathSegment[]): boolean {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (part.kind === "literal" && other?.kind === "literal" && part.text !== other.text) return true;
  }
  return false;
}

/** A path that both patterns cover, or null. */
function findSharedPath(a: readonly PathSegment[], b: readonly PathSegment[]): string | null {
  const length = Math.max(fixedLength(a), fixedLength(b));
  const segments: string[] = [];
  for (let at = 0; at < length; at++) {
    const segment = meet(partAt(a, at), partAt(b, at));
    if (segment === null) return null;
    segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

type Part = PathSegment | { readonly kind: "end" };

const END: Part = { kind: "end" };

function fixedLength(path: readonly PathSegment[]): number {
  return path.at(-1)?.kind === "rest" ? path.length - 1 : path.length;
}

/** `**` stands at its place and at all behind it. */
function partAt(path: readonly PathSegment[], at: number): Part {
  const last = path.at(-1);
  return path[at] ?? (last?.kind === "rest" ? last : END);
}

const ANYTHING = "x";

/** A segment that both take; a trailing slash leaves an empty one, which `*` does not take. */
function meet(a: Part, b: Part): string | null {
  if (a.kind === "end" || b.kind === "end") return null;
  const literal = a.kind === "literal" ? a.text : b.kind === "literal" ? b.text : ANYTHING;
  return takes(a, literal) && takes(b, literal) ? literal : null;
}

function takes(part: PathSegment, text: string): boolean {
  return part.kind === "literal" ? part.text === text : part.kind === "rest" || text !== "";
}

/** Of two patterns that share a path: whether the first is nowhere the wider one, and somewhere the narrower. */
function narrows(a: readonly PathSegment[], b: readonly PathSegment[]): boolean {
  const places = Array.from({ length: Math.max(a.length, b.length) }, (_, at) => rank(partAt(a, at)) - rank(partAt(b, at)));
  return places.every((difference) => difference >= 0) && places.some((difference) => difference > 0);
}

const RANKS = { literal: 3, end: 3, bind: 2, any: 2, rest: 1 } as const satisfies Record<Part["kind"], number>;

function rank(part: Part): number {
  return RANKS[part.kind];
}
