import type { Line } from "./chain.ts";

/** What a stream lost at one sink: every line from `first` to `last`. */
export type Hole = { readonly stream: string; readonly first: number; readonly last: number };

/** Lines that one sink has not taken yet. */
export type Backlog = {
  /** False when the line is dropped. After its first dropped line a stream takes none until it is empty: one hole each. */
  readonly add: (line: Line) => boolean;
  readonly chars: () => number;
  readonly lines: () => number;
  /** Streams with lines, in the order they came. */
  readonly streams: () => readonly string[];
  readonly first: (stream: string, linesMax: number) => readonly Line[];
  readonly remove: (stream: string, lines: readonly Line[]) => void;
  /** Takes the holes of the streams that are empty. */
  readonly takeHoles: () => readonly Hole[];
};

/** One stream may fill so much of it, so that one tenant's unwritable file does not drop the others' records. */
const SHARE_MAX = 0.5;

export function createBacklog(charsMax: number): Backlog {
  const rows = new Map<string, { lines: Line[]; chars: number; hole: { first: number; last: number } | null }>();
  let chars = 0;
  let lines = 0;
  let holes = 0;
  return {
    add: function addLine(line) {
      const row = rows.get(line.stream) ?? { lines: [], chars: 0, hole: null };
      rows.set(line.stream, row);
      const length = line.text.length;
      if (row.hole !== null || chars + length > charsMax || row.chars + length > charsMax * SHARE_MAX) {
        if (row.hole === null) holes++;
        row.hole = { first: row.hole?.first ?? line.seq, last: line.seq };
        return false;
      }
      row.lines.push(line);
      row.chars += length;
      chars += length;
      lines++;
      return true;
    },
    chars: () => chars,
    lines: () => lines,
    streams: () => [...rows].filter(([, row]) => row.lines.length > 0).map(([stream]) => stream),
    first: (stream, linesMax) => rows.get(stream)?.lines.slice(0, linesMax) ?? [],
    remove: function removeLines(stream, written) {
      const row = rows.get(stream);
      if (row === undefined) return;
      row.lines = row.lines.slice(written.length);
      const length = written.reduce((sum, line) => sum + line.text.length, 0);
      row.chars -= length;
      chars -= length;
      lines -= written.length;
      if (row.lines.length === 0 && row.hole === null) rows.delete(stream);
    },
    takeHoles: function takeHoles() {
      const taken: Hole[] = [];
      if (holes === 0) return taken;
      for (const [stream, row] of rows) {
        if (row.hole === null || row.lines.length > 0) continue;
        taken.push({ stream, ...row.hole });
        rows.delete(stream);
      }
      holes -= taken.length;
      return taken;
    },
  };
}
