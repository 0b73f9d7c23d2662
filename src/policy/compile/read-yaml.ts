import { LineCounter, parseDocument } from "yaml";
import { type Notes, type SourceFile, type Spot, spotOf } from "./spot.ts";
import { nearTextTrap } from "./text-traps.ts";
import { type Trouble, toData } from "./to-data.ts";
import { nearTrap } from "./yaml-traps.ts";

const FILE_CHARS_MAX = 1_048_576;
/** Nobody writes so many; the parser goes down one call a bracket. */
const BRACKETS_MAX = 512;

export type ReadFile = { readonly data: unknown; readonly spot: Spot };

/**
 * One file as plain data with its places: YAML 1.2 core (JSON is a part of it), strict. No duplicate keys, no tags, no
 * merge keys, no directives, one document, a bound on aliases, nesting and size. Null after a problem was noted.
 */
export function readYaml(file: { readonly name: string; readonly text: string }, notes: Notes): ReadFile | null {
  const lines = new LineCounter();
  const bare: SourceFile = { name: file.name, text: file.text, root: null, lines };
  const start = spotOf(bare, notes);
  if (file.text.length > FILE_CHARS_MAX) {
    return start.problem({ code: "too_large", message: `the file has more than ${FILE_CHARS_MAX} characters` });
  }
  if (nestingOf(file.text) > BRACKETS_MAX) {
    return start.problem({ code: "too_large", message: `the file nests brackets deeper than ${BRACKETS_MAX}` });
  }
  const document = parseDocument(file.text, {
    version: "1.2",
    schema: "core",
    strict: true,
    // Looked at by `toData`: the parser compares each key with each.
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const note = (offset: number, trouble: Trouble) => {
    const { line, col } = lines.linePos(offset);
    notes.problems.push({ file: file.name, line: Math.max(1, line), column: Math.max(1, col), ...trouble });
    return null;
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const trap = nearTextTrap(file.text, error.pos[0]) ?? nearTrap(file.text, error.pos[0]);
    return trap === null
      ? note(error.pos[0], { code: "syntax", message: describeSyntax(error.code, error.message), fix: null })
      : note(trap.offset, { code: "yaml_trap", message: trap.message, fix: trap.fix });
  }
  if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== "1.2") {
    return note(0, {
      code: "syntax",
      message: `YAML ${document.directives.yaml.version} is not read, only 1.2`,
      fix: "remove the directive",
    });
  }
  const read = toData(document, file.text);
  if (read.kind === "odd") return note(read.offset, read.trouble);
  return { data: read.data, spot: spotOf({ ...bare, root: document.contents }, notes) };
}

function describeSyntax(code: string, message: string): string {
  if (message === "Maximum call stack size exceeded") return "this nests deeper than can be read";
  if (code === "MULTIPLE_DOCS") return "a file holds one document; this is a second one";
  return `not YAML 1.2: ${message}`;
}

function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === "}") depth = Math.max(0, depth - 1);
  }
  return deepest;
}
