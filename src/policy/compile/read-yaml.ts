import { isAlias, isCollection, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { type Notes, type SourceFile, type Spot, spotOf } from "./spot.ts";
import { ANCHOR_TRAP, BRACKET_TRAP, COMMENT_TRAP, FLOW_TRAP, nearTrap, type Trap } from "./yaml-traps.ts";

const FILE_CHARS_MAX = 1_048_576;
const NESTING_MAX = 64;
const ALIASES_MAX = 50;

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
  if (nestingOf(file.text) > NESTING_MAX) {
    return start.problem({ code: "too_large", message: `the file nests brackets deeper than ${NESTING_MAX}` });
  }
  const document = parseDocument(file.text, {
    version: "1.2",
    schema: "core",
    strict: true,
    uniqueKeys: true,
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
    const trap = nearTrap(file.text, error.pos[0]);
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
  const oddity = findOddity(document, file.text);
  if (oddity !== null) return note(oddity.offset, oddity.trouble);
  const spot = spotOf({ ...bare, root: document.contents }, notes);
  try {
    return { data: document.toJS({ maxAliasCount: ALIASES_MAX }), spot };
  } catch {
    // The only thing that a document without errors can still fail by.
    return start.problem({
      code: "too_large",
      message: "aliases of aliases multiply past what a file may hold",
      fix: "write the values out",
    });
  }
}

type Trouble = { readonly code: "syntax" | "yaml_trap" | "too_large"; readonly message: string; readonly fix: string | null };
type Oddity = { readonly offset: number; readonly trouble: Trouble };

/** What YAML allows and we do not: tags, merge keys, keys that touch prototypes, aliases past their bound. */
function findOddity(document: ReturnType<typeof parseDocument>, text: string): Oddity | null {
  let found: Oddity | null = null;
  let aliases = 0;
  visit(document, (_key, node) => {
    const oddity = isPair(node)
      ? (oddKey(node.key) ?? cutExpression(node, text))
      : isAlias(node)
        ? oddAlias(++aliases, node, document)
        : oddTag(node, text);
    if (oddity === null) return undefined;
    found = oddity;
    return visit.BREAK;
  });
  return found;
}

function oddKey(key: unknown): Oddity | null {
  if (!isScalar(key)) return null;
  const offset = key.range?.[0] ?? 0;
  if (key.value === "<<")
    return { offset, trouble: { code: "syntax", message: "merge keys (<<) are not read", fix: "write the keys out" } };
  if (key.value === "__proto__") return { offset, trouble: { code: "syntax", message: "the key __proto__ is not read", fix: null } };
  return null;
}

/** An expression that YAML read as something else without a complaint: cut at a comment, or as a list or a map. */
function cutExpression(pair: { readonly key: unknown; readonly value: unknown }, text: string): Oddity | null {
  // JSON quotes its keys, and in a JSON Schema `if` is a schema.
  if (!isScalar(pair.key) || pair.key.value !== "if" || pair.key.type !== "PLAIN") return null;
  const { value } = pair;
  if (isCollection(value)) return value.flow === true ? trapAt(BRACKET_TRAP, value.range?.[0] ?? 0) : null;
  if (!isScalar(value) || value.type !== "PLAIN") return null;
  const [start, end] = value.range ?? [0, 0];
  if (value.anchor !== undefined) return trapAt(ANCHOR_TRAP, Math.max(0, text.lastIndexOf(`&${value.anchor}`, start)));
  if (isCutAtBracket(value.source ?? "")) return trapAt(FLOW_TRAP, start);
  COMMENT.lastIndex = end;
  return COMMENT.test(text) ? trapAt(COMMENT_TRAP, start) : null;
}

/** What a plain text in `{…}` ends at leaves a bracket open. */
function isCutAtBracket(expression: string): boolean {
  const bare = expression.replaceAll(/"[^"]*"|'[^']*'/g, "");
  return bare.split(/[([]/).length > bare.split(/[)\]]/).length;
}

const COMMENT = /[ \t]+#/y;

function trapAt(trap: Omit<Trap, "offset">, offset: number): Oddity {
  return { offset, trouble: { code: "yaml_trap", ...trap } };
}

function oddAlias(count: number, node: Parameters<typeof isAlias>[0], document: ReturnType<typeof parseDocument>): Oddity | null {
  if (!isAlias(node)) return null;
  const offset = node.range?.[0] ?? 0;
  const target = node.resolve(document);
  if (target === undefined) {
    const fix = "quote the text if it is no alias";
    return { offset, trouble: { code: "syntax", message: `there is no anchor &${node.source} before this alias`, fix } };
  }
  if ((target.range?.[2] ?? 0) > offset) {
    return { offset, trouble: { code: "syntax", message: `the alias *${node.source} stands inside its own anchor`, fix: null } };
  }
  return count > ALIASES_MAX
    ? { offset, trouble: { code: "too_large", message: `more than ${ALIASES_MAX} aliases in one file`, fix: null } }
    : null;
}

function oddTag(node: unknown, text: string): Oddity | null {
  if (typeof node !== "object" || node === null || !("tag" in node) || typeof node.tag !== "string") return null;
  const end = "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;
  const bang = text.lastIndexOf("!", Math.max(0, end - 1));
  const begin = text.lastIndexOf(" ", bang) + 1;
  const offset = /^!+$/.test(text.slice(begin, bang + 1)) ? begin : Math.max(0, bang);
  const trap = nearTrap(text, offset);
  if (trap !== null) return { offset: trap.offset, trouble: { code: "yaml_trap", message: trap.message, fix: trap.fix } };
  return { offset, trouble: { code: "syntax", message: `YAML tags are not read: ${node.tag}`, fix: "remove the tag, or quote the text" } };
}

function describeSyntax(code: string, message: string): string {
  if (code === "DUPLICATE_KEY") return "this key stands twice in the same map";
  if (code === "MULTIPLE_DOCS") return "a file holds one document; this is a second one";
  return `not YAML 1.2: ${message}`;
}

function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === "}") depth = Math.max(0, depth - 1);
  }
  return deepest;
}
