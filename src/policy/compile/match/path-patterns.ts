import type { PathSegment } from "../../../core/catalogue.ts";
import type { PathGlob } from "../../program.ts";
import type { Spot } from "../spot.ts";

const BINDING = /^:[a-z][a-z0-9_]*$/;

/** A path of segment globs, as segments with their escapes decoded; `/` has none. Null after a problem was noted. */
export function parsePathPattern(text: string, spot: Spot): readonly PathSegment[] | null {
  const wrong = (message: string, fix: string | null = null) =>
    spot.problem({ code: "wrong_value", message: `\`${text}\` ${message}`, fix });
  if (!text.startsWith("/"))
    return wrong("does not begin with `/`", /:\/\//.test(text) ? "write the path without scheme and host" : `write /${text}`);
  if (/[?#]/.test(text)) return wrong("holds a query or a fragment", "a path pattern is the path alone");
  if (/%/.test(text)) return wrong("holds an escape", "write the decoded character");
  if (/\/\/|\/\.{1,2}(?:\/|$)|\\/.test(text)) return wrong("has an empty or a dot segment, which no call that is judged has");
  const parts = text === "/" ? [] : text.slice(1).split("/");
  const segments: PathSegment[] = [];
  const names = new Set<string>();
  for (const [at, part] of parts.entries()) {
    const segment = parseSegment(part);
    if (segment === null) return wrong(`has the segment \`${part}\``, cureSegment(part));
    if (segment.kind === "rest" && at < parts.length - 1) return wrong("has `**` before its end", "`**` stands only as the last segment");
    if (segment.kind === "bind" && names.has(segment.name)) return wrong(`binds \`:${segment.name}\` twice`);
    if (segment.kind === "bind") names.add(segment.name);
    segments.push(segment);
  }
  return segments;
}

function parseSegment(part: string): PathSegment | null {
  if (part === "*") return { kind: "any" };
  if (part === "**") return { kind: "rest" };
  if (BINDING.test(part)) return { kind: "bind", name: part.slice(1) };
  return part.includes("*") || part.startsWith(":") || TEMPLATE.test(part) ? null : { kind: "literal", text: part };
}

/** How other languages bind a segment: no call has it as it is. */
const TEMPLATE = /^(?:\{([^{}]+)\}|<([^<>]+)>)$/;

function cureSegment(part: string): string {
  const [, braced, bracketed] = TEMPLATE.exec(part) ?? [];
  const name = nameIn(braced ?? bracketed ?? (/^:[A-Za-z][\w-]*$/.test(part) ? part : ""));
  if (name !== "") return `write \`:${name}\``;
  const [, bound = "", end = ""] = /^:([a-z][a-z0-9_]*)([^*]+)$/.exec(part) ?? [];
  if (end !== "") return `\`:name\` is a whole segment: write \`:${bound}\` and test \`path.${bound}.endsWith(${JSON.stringify(end)})\``;
  const [, before = "", after = ""] = /^([^*:]*)\*([^*:]*)$/.exec(part) ?? [];
  const tests = [
    before === "" ? [] : `startsWith(${JSON.stringify(before)})`,
    after === "" ? [] : `endsWith(${JSON.stringify(after)})`,
  ].flat();
  if (tests.length === 0) return "a segment is a text, `*`, `:name` or, as the last one, `**`";
  return `\`*\` is a whole segment: write \`:name\` and test \`${tests.map((one) => `path.name.${one}`).join(" && ")}\``;
}

/** A name that binds: `userId` and `user-id` are written `user_id`. */
function nameIn(text: string): string {
  const snake = text.replaceAll(/[^A-Za-z0-9]+/g, "_").replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_");
  return snake.toLowerCase().replaceAll(/^[_0-9]+|_+$/g, "");
}

export function bindingsOf(segments: readonly PathSegment[]): readonly string[] {
  return segments.flatMap((segment) => (segment.kind === "bind" ? [segment.name] : []));
}

/** Where the names stand that every pattern binds at the same place. */
export function placesOf(patterns: readonly (readonly PathSegment[])[]): ReadonlyMap<string, number> {
  const [first = [], ...rest] = patterns;
  const places = first.flatMap((segment, at) => (segment.kind === "bind" ? [[segment.name, at] as const] : []));
  return new Map(places.filter(([name, at]) => rest.every((pattern) => isBoundAt(pattern[at], name))));
}

function isBoundAt(segment: PathSegment | undefined, name: string): boolean {
  return segment?.kind === "bind" && segment.name === name;
}

export function toGlob(segments: readonly PathSegment[]): PathGlob {
  const open = segments.at(-1)?.kind === "rest";
  return {
    open,
    n: open ? segments.length - 1 : segments.length,
    fixed: segments.flatMap((segment, at) => (segment.kind === "literal" ? [[at, segment.text] as const] : [])),
  };
}

/** What both cover, each pattern of one with each of the other. */
export function intersectGlobs(a: readonly PathGlob[], b: readonly PathGlob[]): readonly PathGlob[] {
  const met = a.flatMap((one) => b.flatMap((other) => meet(one, other) ?? []));
  return [...new Map(met.map((glob) => [JSON.stringify(glob), glob])).values()];
}

function meet(a: PathGlob, b: PathGlob): PathGlob | null {
  const n = Math.max(a.n, b.n);
  if ((!a.open && a.n < n) || (!b.open && b.n < n)) return null;
  const fixed = new Map(a.fixed);
  for (const [at, text] of b.fixed) {
    if ((fixed.get(at) ?? text) !== text) return null;
    fixed.set(at, text);
  }
  return { open: a.open && b.open, n, fixed: [...fixed].sort(([one], [other]) => one - other) };
}
