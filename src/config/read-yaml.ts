import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { Path } from "./problem.ts";

export type Place = { readonly line: number; readonly column: number };

export type YamlFile =
  | {
      readonly kind: "file";
      readonly input: unknown;
      /** Where a path stands, or the nearest thing around it. */
      readonly findPlace: (path: Path, atKey: boolean) => Place;
    }
  | { readonly kind: "broken"; readonly problems: readonly (Place & { readonly message: string })[] };

const TEXT_CHARS_MAX = 1_048_576;
const ALIASES_MAX = 100;

/** Reads YAML 1.2 strictly: no duplicate keys, no tags of its own, no merge keys, a bounded number of aliases. */
export function readYaml(text: string): YamlFile {
  if (text.length > TEXT_CHARS_MAX) return { kind: "broken", problems: [{ line: 1, column: 1, message: "the file is larger than 1 MiB" }] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    version: "1.2",
    schema: "core",
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const problems = [...document.errors, ...document.warnings].map((error) => ({ ...placeOf(lines, error.pos[0]), message: error.message }));
  problems.push(...findForbiddenKeys(document, lines));
  if (problems.length > 0) return { kind: "broken", problems };
  try {
    const input: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { kind: "file", input, findPlace: (path, atKey) => findPlace(document, lines, { path, atKey }) };
  } catch (error) {
    return { kind: "broken", problems: [{ line: 1, column: 1, message: error instanceof Error ? error.message : "unreadable" }] };
  }
}

// `__proto__` would be dropped on the way instead of being refused as unknown.
function findForbiddenKeys(document: Document, lines: LineCounter) {
  const found: (Place & { message: string })[] = [];
  visit(document, {
    Pair(_, pair) {
      const key = pair.key;
      if (isScalar(key) && key.value !== "__proto__") return;
      const offset = isScalar(key) || isMap(key) || isSeq(key) ? (key.range?.[0] ?? 0) : 0;
      found.push({ ...placeOf(lines, offset), message: "a key must be a plain name other than __proto__" });
    },
  });
  return found;
}

function findPlace(document: Document, lines: LineCounter, wanted: { path: Path; atKey: boolean }): Place {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const [depth, step] of wanted.path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      const last = depth === wanted.path.length - 1;
      offset = (last && wanted.atKey ? offsetOf(pair.key) : offsetOf(pair.value)) ?? offsetOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = offsetOf(node) ?? offset;
    } else break;
  }
  return placeOf(lines, offset);
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
