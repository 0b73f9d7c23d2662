import type { Atom, Clause, Program } from "../program.ts";
import { otherPathOf } from "./parse-atom.ts";
import { FIELDS, type Reader } from "./read-field.ts";

/** One thing to put into the input, at `path`. */
export type Reading = { readonly path: readonly [string, ...string[]]; readonly read: Reader };

/** What the conditions of the program read, each once; nothing else of a call goes into the engine. */
export function planReading(program: Program): readonly Reading[] {
  const found = new Map<string, Reading>();
  for (const path of pathsOf(program)) {
    const reading = findReading(path);
    // What no field has is absent from every call, and its conditions are unknown.
    if (reading !== null) found.set(JSON.stringify(reading.path), reading);
  }
  // A map as a whole holds its members.
  return [...found.values()].filter(
    ({ path }) => !path.some((_, length) => length > 0 && found.has(JSON.stringify(path.slice(0, length)))),
  );
}

function* pathsOf(program: Program): Iterable<readonly string[]> {
  for (const rule of program.rules) {
    for (const clauses of [rule.sure, rule.maybe]) {
      for (const atom of atomsIn(clauses ?? [])) {
        yield atom[1];
        const other = otherPathOf(atom);
        if (other !== null) yield other;
      }
    }
  }
}

function atomsIn(clauses: readonly Clause[]): readonly Atom[] {
  return clauses.flat();
}

function findReading(path: readonly string[]): Reading | null {
  const [first] = path;
  if (first === undefined) return null;
  for (const length of [1, 2]) {
    const name = path.slice(0, length).join(".");
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (field === undefined) continue;
    const names = path.slice(length, length + field.names);
    const read = field.open(names);
    return read === null ? null : { path: [first, ...path.slice(1, length), ...names], read };
  }
  return null;
}
