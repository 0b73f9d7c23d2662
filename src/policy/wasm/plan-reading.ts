import type { Atom, Clause, Program } from "../program.ts";
import { FIELDS, type FieldReader } from "./read-field.ts";

/** One thing to put into the input, at `path`. */
export type Reading = { readonly path: readonly [string, ...string[]]; readonly field: FieldReader; readonly key: string | null };

/** What the conditions of the program read, each once; nothing else of a call goes into the engine. */
export function planReading(program: Program): readonly Reading[] {
  const found = new Map<string, Reading>();
  for (const atom of atomsOf(program)) {
    const reading = findReading(atom[1]);
    // What no field has is absent from every call, and its conditions are unknown.
    if (reading !== null) found.set(JSON.stringify(reading.path), reading);
  }
  // A map as a whole comes first, so that its members do not stand beside it.
  const wholes = new Set([...found.values()].filter((reading) => reading.key === null).map((reading) => JSON.stringify(reading.path)));
  return [...found.values()].filter((reading) => reading.key === null || !wholes.has(JSON.stringify(reading.path.slice(0, -1))));
}

function* atomsOf(program: Program): Iterable<Atom> {
  for (const rule of program.rules) {
    for (const clauses of [rule.sure, rule.maybe]) yield* atomsIn(clauses ?? []);
  }
}

function atomsIn(clauses: readonly Clause[]): readonly Atom[] {
  return clauses.flat();
}

function findReading(path: readonly string[]): Reading | null {
  for (const length of [1, 2]) {
    const name = path.slice(0, length).join(".");
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    const [first, ...rest] = path;
    if (field === undefined || first === undefined) continue;
    const key = field.kind === "map" ? (path[length] ?? null) : null;
    return { path: [first, ...rest.slice(0, length - 1 + (key === null ? 0 : 1))], field, key };
  }
  return null;
}
