import type { Json } from "../../../core/intent.ts";
import type { Spot } from "../spot.ts";

/** Schemas and patterns as often as they are walked: what a definition holds counts wherever it is pointed to. */
const SCHEMAS_MAX = 2000;
const PATTERNS_MAX = 32;

/**
 * Whether the time that a check takes is bounded by the arguments: no definition leads back to itself, and only so many
 * schemas and patterns are walked for one value.
 */
export function measureSchema(schema: { readonly [keyword: string]: Json }, spot: Spot): boolean {
  const { $defs = {}, ...root } = schema;
  const measuring: Measuring = { definitions: new Map(Object.entries(asObject($defs))), known: new Map(), open: new Set() };
  // Definitions that nothing points to must be sound as well: they are compiled.
  const all = [measure(root, measuring), ...[...measuring.definitions.keys()].map((name) => measureDefinition(name, measuring))];
  const loop = all.find((size) => size.loop !== null)?.loop ?? null;
  if (loop !== null) {
    const message = `the definition \`${loop}\` leads back to itself`;
    spot.in("$defs", loop).problem({ code: "contradiction", message, fix: "write out the levels that calls have" });
    return false;
  }
  const { schemas, patterns } = all.reduce(add, NOTHING);
  if (schemas > SCHEMAS_MAX) spot.problem({ code: "too_large", message: `more than ${SCHEMAS_MAX} schemas would be walked for one call` });
  if (patterns > PATTERNS_MAX)
    spot.problem({ code: "too_large", message: `more than ${PATTERNS_MAX} patterns would be tried on one call` });
  return schemas <= SCHEMAS_MAX && patterns <= PATTERNS_MAX;
}

type Size = { readonly schemas: number; readonly patterns: number; readonly loop: string | null };
type Measuring = { readonly definitions: ReadonlyMap<string, Json>; readonly known: Map<string, Size>; readonly open: Set<string> };

const NOTHING: Size = { schemas: 0, patterns: 0, loop: null };

/** The nesting was limited before, and references by their loops. */
function measure(value: Json, measuring: Measuring): Size {
  if (Array.isArray(value)) return value.reduce((size: Size, member: Json) => add(size, measure(member, measuring)), NOTHING);
  if (typeof value !== "object" || value === null) return NOTHING;
  let size: Size = { ...NOTHING, schemas: 1 };
  for (const [key, member] of Object.entries(value)) {
    if (key === "pattern" && typeof member === "string") size = add(size, { ...NOTHING, patterns: 1 });
    if (key === "patternProperties") size = add(size, { ...NOTHING, patterns: Object.keys(asObject(member)).length });
    const target = key === "$ref" && typeof member === "string" ? member.slice("#/$defs/".length) : null;
    size = add(size, target === null ? measure(member, measuring) : measureDefinition(target, measuring));
  }
  return size;
}

function measureDefinition(name: string, measuring: Measuring): Size {
  const known = measuring.known.get(name);
  if (known !== undefined) return known;
  if (measuring.open.has(name)) return { ...NOTHING, loop: name };
  measuring.open.add(name);
  const size = measure(measuring.definitions.get(name) ?? null, measuring);
  measuring.open.delete(name);
  measuring.known.set(name, size);
  return size;
}

function add(a: Size, b: Size): Size {
  return { schemas: a.schemas + b.schemas, patterns: a.patterns + b.patterns, loop: a.loop ?? b.loop };
}

function asObject(value: Json): { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: Json }) : {};
}
