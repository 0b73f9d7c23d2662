import type { Names } from "../../program.ts";
import { compareText } from "../problem.ts";

/** Names as a set, canonical: no member twice, none that another covers, in one order. */
export function makeNames(parts: {
  readonly is?: Iterable<string>;
  readonly starts?: Iterable<string>;
  readonly ends?: Iterable<string>;
}): Names {
  const starts = shortest([...(parts.starts ?? [])], (text, other) => text.startsWith(other));
  const ends = shortest([...(parts.ends ?? [])], (text, other) => text.endsWith(other));
  const loose: Names = { is: {}, starts, ends };
  const is = [...new Set(parts.is ?? [])].filter((name) => !covers(loose, name)).sort(compareText);
  // `fromEntries` defines members; assigning one called __proto__ would be lost.
  return { is: Object.fromEntries(is.map((name) => [name, true])), starts, ends };
}

export function covers(names: Names, name: string): boolean {
  return (
    Object.hasOwn(names.is, name) || names.starts.some((text) => name.startsWith(text)) || names.ends.some((text) => name.endsWith(text))
  );
}

export function isEmpty(names: Names): boolean {
  return Object.keys(names.is).length === 0 && names.starts.length === 0 && names.ends.length === 0;
}

/** Whether every name of one is certainly a name of the other. */
export function isWithin(inner: Names, outer: Names): boolean {
  return (
    Object.keys(inner.is).every((name) => covers(outer, name)) &&
    inner.starts.every((text) => outer.starts.some((other) => text.startsWith(other))) &&
    inner.ends.every((text) => outer.ends.some((other) => text.endsWith(other)))
  );
}

/** What both cover. Exact because one dimension knows beginnings or ends, never both. */
export function intersectNames(a: Names, b: Names): Names {
  return makeNames({
    is: [...Object.keys(a.is).filter((name) => covers(b, name)), ...Object.keys(b.is).filter((name) => covers(a, name))],
    starts: pairs(a.starts, b.starts, (text, other) => text.startsWith(other)),
    ends: pairs(a.ends, b.ends, (text, other) => text.endsWith(other)),
  });
}

function pairs(a: readonly string[], b: readonly string[], within: (text: string, other: string) => boolean): readonly string[] {
  return a.flatMap((text) => b.flatMap((other) => (within(text, other) ? [text] : within(other, text) ? [other] : [])));
}

function shortest(texts: readonly string[], within: (text: string, other: string) => boolean): readonly string[] {
  if (texts.length < 2) return texts;
  const distinct = [...new Set(texts)];
  return distinct.filter((text) => !distinct.some((other) => other !== text && within(text, other))).sort(compareText);
}
