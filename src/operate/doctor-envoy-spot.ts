import { isAlias, isNode, LineCounter, parseDocument } from "yaml";

/** One value of the configuration and where it stands. */
export type Spot = { readonly value: unknown; readonly path: readonly (string | number)[] };

export type ReadFile =
  | { readonly kind: "read"; readonly root: Spot; readonly lineOf: (spot: Spot) => number | null }
  | { readonly kind: "unreadable"; readonly reason: string };

const SPOTS_MAX = 100_000;

/** YAML 1.1 as Envoy reads it (JSON is inside it). Lines are those of the text. */
export function readEnvoyFile(text: string): ReadFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: "1.1", lineCounter: lines });
  const problem = document.errors[0];
  if (problem !== undefined) return { kind: "unreadable", reason: `line ${lines.linePos(problem.pos[0]).line}: not YAML` };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch {
    return { kind: "unreadable", reason: "its aliases are too many" };
  }
  if (typeof value !== "object" || value === null) return { kind: "unreadable", reason: "it holds no configuration" };
  return { kind: "read", root: { value: inSnakeCase(value, new Map()), path: [] }, lineOf: (spot) => lineOf(spot.path) };

  function lineOf(path: readonly (string | number)[]): number | null {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && !isAlias(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  }
}

/** `/listeners/0/…` as people read it: `listeners[0].…`. */
export function pathText(spot: Spot): string {
  return spot.path.map((key, at) => (typeof key === "number" ? `[${key}]` : at === 0 ? key : `.${key}`)).join("");
}

/** The value behind keys in snake case. Null where there is none. */
export function child(spot: Spot, ...keys: readonly string[]): Spot | null {
  let at: Spot = spot;
  for (const key of keys) {
    const found = fieldOf(at, key);
    if (found === null) return null;
    at = found;
  }
  return at;
}

export function valueAt(spot: Spot, ...keys: readonly string[]): unknown {
  return child(spot, ...keys)?.value;
}

export function items(spot: Spot | null): readonly Spot[] {
  if (spot === null || !Array.isArray(spot.value)) return [];
  return spot.value.map((value, at) => ({ value, path: [...spot.path, at] }));
}

/** The values of a map, whatever its keys. */
export function members(spot: Spot | null): readonly Spot[] {
  if (spot === null || typeof spot.value !== "object" || spot.value === null || Array.isArray(spot.value)) return [];
  return Object.entries(spot.value).map(([key, value]) => ({ value, path: [...spot.path, key] }));
}

/** Every value under a spot that `wanted` accepts, the spot itself included. */
export function findAll(spot: Spot, wanted: (spot: Spot) => boolean): readonly Spot[] {
  const found: Spot[] = [];
  const open: Spot[] = [spot];
  for (let seen = 0; open.length > 0 && seen < SPOTS_MAX; seen += 1) {
    const at = open.pop();
    if (at === undefined) break;
    if (wanted(at)) found.push(at);
    open.push(...[...members(at), ...items(at)].reverse());
  }
  return found;
}

/** Whether a message's `@type` is this one, by its last part: `ExtAuthz`. */
export function isOfType(spot: Spot, name: string): boolean {
  const type = valueAt(spot, "@type");
  return typeof type === "string" && type.endsWith(`.${name}`);
}

function fieldOf(spot: Spot, key: string): Spot | null {
  const { value } = spot;
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return null;
  const field: unknown = new Map<string, unknown>(Object.entries(value)).get(key);
  return field === null || field === undefined ? null : { value: field, path: [...spot.path, key] };
}

/** Envoy takes every field in snake case and in camel case. A value behind several aliases stays one value. */
function inSnakeCase(value: unknown, done: Map<unknown, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = done.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    done.set(value, list);
    list.push(...value.map((item) => inSnakeCase(item, done)));
    return list;
  }
  const fields: Record<string, unknown> = {};
  done.set(value, fields);
  for (const [key, member] of Object.entries(value)) fields[snakeCase(key)] = inSnakeCase(member, done);
  return fields;
}

function snakeCase(key: string): string {
  return /^[a-z][a-zA-Z0-9]*$/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
}
