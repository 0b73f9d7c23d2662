import type { Where } from "./verify-report.ts";

type SeqHole = { readonly first: number; readonly last: number; readonly where: Where };

/** Numbers of a stream that were passed over. */
export type SeqHoles = {
  readonly add: (first: number, last: number, where: Where) => void;
  /** Whether the number was missing; it no longer is. */
  readonly fill: (seq: number) => boolean;
  /** The record itself says that these were lost. */
  readonly excuse: (first: number, last: number) => void;
  readonly unexcused: () => readonly SeqHole[];
  readonly excused: () => readonly SeqHole[];
};

/** Beyond so many, a file is torn to shreds; the rest is reported as one hole. */
const HOLES_MAX = 10_000;

export function createSeqHoles(): SeqHoles {
  const holes: { first: number; last: number; where: Where }[] = [];
  const excuses: { first: number; last: number }[] = [];
  return {
    add: function addHole(first, last, where) {
      const newest = holes.at(-1);
      if (holes.length >= HOLES_MAX && newest !== undefined) newest.last = last;
      else holes.push({ first, last, where });
    },
    fill: function fillHole(seq) {
      const at = holes.findIndex((hole) => hole.first <= seq && seq <= hole.last);
      const hole = holes[at];
      if (hole === undefined) return false;
      holes.splice(at, 1, ...split(hole, seq, seq).outside);
      return true;
    },
    excuse: function excuseHole(first, last) {
      if (excuses.length < HOLES_MAX) excuses.push({ first, last });
    },
    unexcused: () => excuses.reduce<SeqHole[]>((rest, { first, last }) => rest.flatMap((hole) => split(hole, first, last).outside), holes),
    excused: () => excuses.flatMap(({ first, last }) => holes.flatMap((hole) => split(hole, first, last).inside)),
  };
}

function split(hole: SeqHole, first: number, last: number): { readonly inside: readonly SeqHole[]; readonly outside: readonly SeqHole[] } {
  const from = Math.max(hole.first, first);
  const to = Math.min(hole.last, last);
  if (from > to) return { inside: [], outside: [hole] };
  const outside = [
    { ...hole, last: from - 1 },
    { ...hole, first: to + 1 },
  ];
  return { inside: [{ ...hole, first: from, last: to }], outside: outside.filter((part) => part.first <= part.last) };
}
