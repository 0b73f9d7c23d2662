import type { PathSegment } from "../core/catalogue.ts";

/** A pattern's bindings where it covers the decoded segments, or null. */
export function matchPath(pattern: readonly PathSegment[], segments: readonly string[]): Readonly<Record<string, string>> | null {
  const open = pattern.at(-1)?.kind === "rest";
  if (open ? segments.length < pattern.length - 1 : segments.length !== pattern.length) return null;
  let bindings: Record<string, string> | null = null;
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? "";
    switch (part.kind) {
      case "literal":
        if (segment !== part.text) return null;
        break;
      case "any":
      case "bind":
        // A trailing slash leaves an empty last segment, which is no value.
        if (segment === "") return null;
        if (part.kind === "bind") {
          bindings ??= Object.create(null) as Record<string, string>;
          bindings[part.name] = segment;
        }
        break;
      case "rest":
        break;
    }
  }
  return bindings ?? NO_BINDINGS;
}

/** The paths a lenient server could take this one for: but for case, trailing slashes, spaces and dots, and a suffix. */
export function looseForms(segments: readonly string[]): readonly (readonly string[])[] {
  const loose = withoutEmptyEnd(segments.map(foldSegment), (segment) => segment === "");
  const last = loose.at(-1);
  const dot = last?.lastIndexOf(".") ?? -1;
  return last === undefined || dot <= 0 ? [loose] : [loose, [...loose.slice(0, -1), last.slice(0, dot)]];
}

/** The pattern that loose forms are compared with. */
export function loosePattern(pattern: readonly PathSegment[]): readonly PathSegment[] {
  const folded = pattern.map((part): PathSegment => (part.kind === "literal" ? { kind: "literal", text: foldSegment(part.text) } : part));
  return withoutEmptyEnd(folded, (part) => part.kind === "literal" && part.text === "");
}

/**
 * The more parts of a pattern are literal, the earlier it is tried; then the first place where two differ decides. Of two
 * that one path fits the narrower comes first: the catalogue has none of which neither is.
 */
export function compareSpecificity(a: readonly PathSegment[], b: readonly PathSegment[]): number {
  const byCount = literalCount(b) - literalCount(a);
  if (byCount !== 0) return byCount;
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = rankAt(b, at) - rankAt(a, at);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function literalCount(pattern: readonly PathSegment[]): number {
  return pattern.reduce((count, part) => count + (part.kind === "literal" ? 1 : 0), 0);
}

const NO_BINDINGS: Readonly<Record<string, string>> = Object.freeze(Object.create(null));

const RANKS = { literal: 3, bind: 2, any: 2, rest: 1 } as const satisfies Record<PathSegment["kind"], number>;
const END_RANK = 3;

/** `**` stands at its place and at all behind it; where a pattern has ended, only the end fits. */
function rankAt(pattern: readonly PathSegment[], at: number): number {
  const part = pattern[at] ?? pattern.at(-1);
  return part === undefined || (at >= pattern.length && part.kind !== "rest") ? END_RANK : RANKS[part.kind];
}

function foldSegment(segment: string): string {
  return segment.normalize("NFKC").toLowerCase().replace(TRAILING, "");
}

// Windows drops trailing dots and spaces of a name. One character class at the end, so the match is linear per start.
const TRAILING = /(?<![. ])[. ]+$/;

function withoutEmptyEnd<T>(list: readonly T[], isEmpty: (item: T) => boolean): readonly T[] {
  let end = list.length;
  for (let item = list[end - 1]; item !== undefined && isEmpty(item); item = list[end - 1]) end--;
  return list.slice(0, end);
}
