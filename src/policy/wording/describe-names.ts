import type { Match, Names, PathGlob } from "../program.ts";

/** What one dimension of a match covers, as `match` writes it. */
export function listCovered(match: Match, dimension: keyof Match): readonly string[] {
  if (dimension === "path") return (match.path ?? []).map(describeGlob);
  const names = match[dimension];
  return names === undefined ? [] : listNames(names);
}

export function listNames({ is, starts, ends }: Names): readonly string[] {
  return [...Object.keys(is), ...starts.map((text) => `${text}*`), ...ends.map((text) => (text.startsWith(".") ? text : `*${text}`))];
}

function describeGlob({ open, n, fixed }: PathGlob): string {
  const texts = new Map(fixed);
  const segments = Array.from({ length: n }, (_, at) => texts.get(at) ?? "*");
  return `/${[...segments, ...(open ? ["**"] : [])].join("/")}`;
}
