import type { Match, Names, PathGlob } from "../../../program.ts";

/** Whether every call that fits the inner match fits the outer one, and is as determined there. */
export function matchWithin(inner: Match, outer: Match): boolean {
  return (
    namesWithin(inner.agent, outer.agent) &&
    namesWithin(inner.host, outer.host) &&
    namesWithin(inner.method, outer.method) &&
    namesWithin(inner.tool, outer.tool) &&
    namesWithin(inner.protocol, outer.protocol) &&
    namesWithin(inner.operation, outer.operation) &&
    namesWithin(inner.model, outer.model) &&
    namesWithin(inner.role, outer.role) &&
    namesWithin(inner.group, outer.group) &&
    pathsWithin(inner.path, outer.path)
  );
}

function namesWithin(inner: Names | undefined, outer: Names | undefined): boolean {
  if (outer === undefined) return true;
  if (inner === undefined) return false;
  return (
    Object.keys(inner.is).every((name) => Object.hasOwn(outer.is, name) || startsWithin(name, outer) || endsWithin(name, outer)) &&
    inner.starts.every((text) => startsWithin(text, outer)) &&
    inner.ends.every((text) => endsWithin(text, outer))
  );
}

function startsWithin(text: string, { starts }: Names): boolean {
  return starts.some((start) => text.startsWith(start));
}

function endsWithin(text: string, { ends }: Names): boolean {
  return ends.some((end) => text.endsWith(end));
}

function pathsWithin(inner: readonly PathGlob[] | undefined, outer: readonly PathGlob[] | undefined): boolean {
  if (outer === undefined) return true;
  return inner?.every((glob) => outer.some((other) => globWithin(glob, other))) ?? false;
}

function globWithin(inner: PathGlob, outer: PathGlob): boolean {
  const isLongEnough = outer.open ? inner.n >= outer.n : !inner.open && inner.n === outer.n;
  const fixed = new Map(inner.fixed);
  return isLongEnough && outer.fixed.every(([at, text]) => fixed.get(at) === text);
}
