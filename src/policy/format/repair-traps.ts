import { isScalar, parseDocument, visit } from "yaml";
import { readYaml } from "../compile/read-yaml.ts";
import type { Notes } from "../compile/spot.ts";
import { isOpenAtEnd, lineEnd } from "./expression-pieces.ts";
import { findConditions } from "./find-conditions.ts";
import { quoteText } from "./quote-text.ts";
import { writeAsBlock, writeInQuotes } from "./rewrite-condition.ts";

const ROUNDS_MAX = 1000;
/** How far above the place where YAML stumbles its reason may stand. */
const LINES_ABOVE_MAX = 20;

/**
 * The text with every plain expression that YAML misreads written as a block, or quoted inside brackets, and every other
 * plain text at which YAML stumbles quoted. What YAML reads as it is meant is left alone; so is what stays broken.
 */
export function repairTraps(file: { readonly name: string; readonly text: string }): string {
  let { text } = file;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const stumble = findStumble({ ...file, text });
    if (stumble === null) return text;
    const repaired = quoteText(text, stumble) ?? repairAbove(text, stumble);
    if (repaired === null) return text;
    text = repaired;
  }
  return text;
}

/** Where YAML stumbles, or cuts a condition short without a word. */
function findStumble(file: { readonly name: string; readonly text: string }): number | null {
  const notes: Notes = { problems: [], warnings: [] };
  readYaml(file, notes);
  const [problem] = notes.problems;
  if (problem === undefined) return findCut(file.text);
  const lines = file.text.split("\n");
  const before = lines.slice(0, problem.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  return Math.min(file.text.length, before + problem.column - 1);
}

/** Inside brackets a comma ends a plain text, and a comment ends any: a condition that stays open there was cut. */
function findCut(text: string): number | null {
  let cut: number | null = null;
  visit(parseDocument(text), {
    Map: (_key, map) => {
      for (const { key, value } of map.items) {
        if (!isScalar(key) || key.value !== "if" || !isScalar(value) || value.type !== "PLAIN") continue;
        const couldBeCut = map.flow === true || Boolean(value.comment);
        if (!couldBeCut || typeof value.value !== "string" || !isOpenAtEnd(value.value)) continue;
        cut = value.range?.[0] ?? null;
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return cut;
}

function repairAbove(text: string, stumble: number): string | null {
  const end = lineEnd(text, stumble);
  const nearest = findConditions(text).filter(({ from }) => from <= end);
  for (const key of nearest.toReversed()) {
    if (text.slice(key.from, stumble).split("\n").length > LINES_ABOVE_MAX) return null;
    const repaired = key.isFlow ? writeInQuotes(text, key) : writeAsBlock(text, key);
    if (repaired !== null) return repaired;
  }
  return null;
}
