import { type Alias, type Document, isAlias, isCollection, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { ANCHOR_TRAP, BRACKET_TRAP, COMMENT_TRAP, FLOW_TRAP, nearTrap, type Trap } from "./yaml-traps.ts";

const NESTING_MAX = 64;
const ALIASES_MAX = 50;
const VALUES_MAX = 500_000;

export type Trouble = { readonly code: "syntax" | "yaml_trap" | "too_large"; readonly message: string; readonly fix: string | null };
export type Oddity = { readonly offset: number; readonly trouble: Trouble };

export type ToData = { readonly kind: "data"; readonly data: unknown } | ({ readonly kind: "odd" } & Oddity);

/**
 * A document without errors as plain data. What YAML allows and we do not ends it: tags, merge keys, a key twice, keys
 * that touch prototypes, aliases, nesting and values past their bounds, expressions that YAML read as something else.
 */
export function toData(document: Document.Parsed, text: string): ToData {
  const state: State = { found: null, aliases: 0, values: 0 };
  const data = dataOf(document.contents, { document, text, depth: 0, state });
  return state.found === null ? { kind: "data", data } : { kind: "odd", ...state.found };
}

/** The first oddity ends the walk. */
type State = { found: Oddity | null; aliases: number; values: number };
type Walk = { readonly document: Document.Parsed; readonly text: string; readonly depth: number; readonly state: State };

function odd({ state }: Walk, offset: number, trouble: Trouble): undefined {
  state.found ??= { offset, trouble };
}

function dataOf(node: unknown, walk: Walk): unknown {
  const { state } = walk;
  const tooLarge = (message: string) => odd(walk, startOf(node), { code: "too_large", message, fix: null });
  if (++state.values > VALUES_MAX) return tooLarge(`aliases multiply past ${VALUES_MAX} values in one file`);
  if (walk.depth > NESTING_MAX) return tooLarge(`the file nests deeper than ${NESTING_MAX}`);
  findTag(node, walk);
  if (isScalar(node)) return node.value;
  const inside = { ...walk, depth: walk.depth + 1 };
  if (isMap(node)) return recordOf(node, inside);
  if (isSeq(node)) return listOf(node, inside);
  if (!isAlias(node)) return null;
  if (++state.aliases > ALIASES_MAX) return tooLarge(`more than ${ALIASES_MAX} aliases in one file`);
  const target = targetOf(node, walk);
  return target === undefined ? undefined : dataOf(target, inside);
}

function listOf(seq: YAMLSeq, walk: Walk): readonly unknown[] {
  const list: unknown[] = [];
  for (const item of seq.items) {
    list.push(dataOf(item, walk));
    if (walk.state.found !== null) break;
  }
  return list;
}

function recordOf(map: YAMLMap, walk: Walk): Readonly<Record<string, unknown>> {
  const record: Record<string, unknown> = {};
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const trouble = troubleOf(name, record);
    if (trouble !== null) odd(walk, startOf(key), trouble);
    // JSON quotes its keys, and in a JSON Schema `if` is a schema.
    if (name === "if" && isScalar(key) && key.type === "PLAIN") findCut(value, walk);
    if (walk.state.found !== null) break;
    record[name] = dataOf(value, walk);
  }
  return record;
}

function troubleOf(name: string, record: Readonly<Record<string, unknown>>): Trouble | null {
  const wrong = (message: string, fix: string | null = null): Trouble => ({ code: "syntax", message, fix });
  if (Object.hasOwn(record, name)) return wrong("this key stands twice in the same map");
  if (name === "<<") return wrong("merge keys (<<) are not read", "write the keys out");
  return name === "__proto__" ? wrong("the key __proto__ is not read") : null;
}

/** An expression that YAML read as something else without a complaint: cut at a comment or a bracket, a list or a map. */
function findCut(value: unknown, walk: Walk): void {
  const trap = trapOf(value, walk.text);
  if (trap !== null) odd(walk, trap.offset, { code: "yaml_trap", message: trap.message, fix: trap.fix });
}

function trapOf(value: unknown, text: string): Trap | null {
  const offset = startOf(value);
  if (isCollection(value)) return value.flow === true ? { ...BRACKET_TRAP, offset } : null;
  if (!isScalar(value) || value.type !== "PLAIN") return null;
  if (value.anchor !== undefined) return { ...ANCHOR_TRAP, offset: Math.max(0, text.lastIndexOf(`&${value.anchor}`, offset)) };
  if (isCutAtBracket(value.source ?? "")) return { ...FLOW_TRAP, offset };
  COMMENT.lastIndex = value.range?.[1] ?? 0;
  return COMMENT.test(text) ? { ...COMMENT_TRAP, offset } : null;
}

/** What a plain text in `{…}` ends at leaves a bracket open. */
function isCutAtBracket(expression: string): boolean {
  const bare = expression.replaceAll(/"[^"]*"|'[^']*'/g, "");
  return bare.split(/[([]/).length > bare.split(/[)\]]/).length;
}

const COMMENT = /[ \t]+#/y;

function targetOf(alias: Alias, walk: Walk): unknown {
  const offset = startOf(alias);
  const target = alias.resolve(walk.document);
  if (target === undefined) {
    const message = `there is no anchor &${alias.source} before this alias`;
    return odd(walk, offset, { code: "syntax", message, fix: "quote the text if it is no alias" });
  }
  if ((target.range?.[2] ?? 0) <= offset) return target;
  return odd(walk, offset, { code: "syntax", message: `the alias *${alias.source} stands inside its own anchor`, fix: null });
}

function findTag(node: unknown, walk: Walk): void {
  if (typeof node !== "object" || node === null || !("tag" in node) || typeof node.tag !== "string") return;
  const { text } = walk;
  const bang = text.lastIndexOf("!", Math.max(0, startOf(node) - 1));
  const begin = text.lastIndexOf(" ", bang) + 1;
  const offset = /^!+$/.test(text.slice(begin, bang + 1)) ? begin : Math.max(0, bang);
  const trap = nearTrap(text, offset);
  const fix = "remove the tag, or quote the text";
  if (trap === null) odd(walk, offset, { code: "syntax", message: `YAML tags are not read: ${node.tag}`, fix });
  else odd(walk, trap.offset, { code: "yaml_trap", message: trap.message, fix: trap.fix });
}

function startOf(node: unknown): number {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;
}
