import { isMap, isScalar, isSeq, LineCounter, type Node, type Scalar } from "yaml";
import { mapOffset } from "./map-offset.ts";
import type { Problem, ProblemCode } from "./problem.ts";

export type Key = string | number;

export type SourceFile = { readonly name: string; readonly text: string; readonly root: Node | null; readonly lines: LineCounter };

export type Notes = { readonly problems: Problem[]; readonly warnings: Problem[] };

export type Complaint = {
  readonly code: ProblemCode;
  readonly message: string;
  readonly fix?: string | null;
  /** Points inside the text that stands here, as the text is read (after YAML's quoting and folding). */
  readonly offset?: number;
  /** Points to the key instead of its value. */
  readonly atKey?: boolean;
};

/** A place in a source file, with which whoever reads the value there can complain about it. */
export type Spot = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How a value that is not quoted is written in the file; null where none stands here. */
  readonly written: string | null;
  readonly in: (...keys: readonly Key[]) => Spot;
  readonly problem: (complaint: Complaint) => null;
  readonly warning: (complaint: Complaint) => void;
};

/** Its place is looked up only when somebody asks: most spots are of values without a mistake. */
export function spotOf(source: SourceFile, notes: Notes, path: readonly Key[] = []): Spot {
  const place = (offset: number) => {
    const { line, col } = source.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const write = (list: Problem[], { code, message, fix = null, offset, atKey = false }: Complaint) => {
    list.push({ file: source.name, ...place(offsetOf(source, path, atKey, offset)), message, fix, code });
  };
  return {
    file: source.name,
    get line() {
      return place(offsetOf(source, path, false, undefined)).line;
    },
    get column() {
      return place(offsetOf(source, path, false, undefined)).column;
    },
    get written() {
      return writtenAt(source, path);
    },
    in: (...keys) => spotOf(source, notes, [...path, ...keys]),
    problem: (complaint) => {
      write(notes.problems, complaint);
      return null;
    },
    warning: (complaint) => write(notes.warnings, complaint),
  };
}

/** The beginning of a file that was not read as YAML. */
export function spotOfText(file: { readonly name: string; readonly text: string }, notes: Notes): Spot {
  return spotOf({ ...file, root: null, lines: new LineCounter() }, notes);
}

/** Where the node of the path begins; where the path ends early, where it ends. */
function offsetOf(source: SourceFile, path: readonly Key[], atKey: boolean, inside: number | undefined): number {
  let node: Node | null = source.root;
  let offset = node?.range?.[0] ?? 0;
  for (const key of path) {
    const found: Found | null = step(node, key);
    if (found === null) break;
    node = found.value;
    offset = atKey || node === null ? found.key : (node.range?.[0] ?? found.key);
  }
  if (inside !== undefined && isScalar(node)) return offsetInside(source, node, inside);
  return offset;
}

function writtenAt({ root }: SourceFile, path: readonly Key[]): string | null {
  let node: Node | null = root;
  for (const key of path) node = step(node, key)?.value ?? null;
  return isScalar(node) && node.type === "PLAIN" ? (node.source ?? null) : null;
}

type Found = { readonly key: number; readonly value: Node | null };

function step(node: Node | null, key: Key): Found | null {
  if (isMap<Scalar, Node>(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return pair === undefined ? null : { key: pair.key.range?.[0] ?? 0, value: pair.value ?? null };
  }
  if (isSeq<Node>(node) && typeof key === "number") {
    const item = node.items[key];
    return item === undefined ? null : { key: item.range?.[0] ?? 0, value: item };
  }
  return null;
}

function offsetInside(source: SourceFile, node: Scalar, inside: number): number {
  const [start, end] = node.range ?? [0, 0];
  return typeof node.value === "string" ? start + mapOffset(source.text.slice(start, end), node.value, inside) : start;
}
