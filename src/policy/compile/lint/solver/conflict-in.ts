import type { Clause } from "../../../program.ts";
import { clausesOf } from "./clauses-of.ts";
import type { Facts, FactsAt } from "./facts-at.ts";
import { factsOfElement } from "./facts-at.ts";
import { judges, kindsFor, type ValueKind } from "./kinds-of.ts";
import { positiveOf, type ReadAtom, readAtom } from "./read-atom.ts";
import { someValue } from "./some-value.ts";

/** Atoms on one path that no value meets together. */
export type Conflict = {
  readonly path: readonly string[];
  readonly atoms: readonly ReadAtom[];
  /** The conflict is with another atom, which needs something inside of what is at the path. */
  readonly hasParts: boolean;
};

/**
 * Why no call meets all atoms of the clause, or null where one may. What it finds is certain; it does not find everything:
 * patterns, networks and fields compared with fields are looked at only as far as one says the opposite of another.
 */
export function conflictIn(clause: Clause, factsAt: FactsAt): Conflict | null {
  const atoms = clause.map(readAtom);
  const opposites = findOpposites(atoms);
  if (opposites !== null) return opposites;
  const maps = pathsOfMaps(atoms);
  for (const [key, group] of byPath(atoms)) {
    const [{ path }] = group;
    const onPath: OnPath = { facts: factsAt(path), hasParts: maps.has(key) };
    if (!isPossible(group, onPath)) return smallest(group, onPath);
  }
  return null;
}

type Group = [ReadAtom, ...ReadAtom[]];
type OnPath = { readonly facts: Facts; readonly hasParts: boolean };

/** One that is definitely true, and its opposite that is true or at least unknown. */
function findOpposites(atoms: readonly ReadAtom[]): Conflict | null {
  const seen = new Map<string, ReadAtom[]>();
  for (const atom of atoms) {
    const key = JSON.stringify([positiveOf(atom.op), atom.path, atom.operand]);
    const others = seen.get(key) ?? [];
    const opposite = others.find((other) => other.op !== atom.op && (other.isSure || atom.isSure));
    if (opposite !== undefined) return { path: atom.path, atoms: [opposite, atom], hasParts: false };
    seen.set(key, [...others, atom]);
  }
  return null;
}

/** Paths under which something must be there, so that what is at the path is a map. */
function pathsOfMaps(atoms: readonly ReadAtom[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { op, isSure, path } of atoms) {
    if (!isSure || op === "hasnt") continue;
    for (let length = 1; length < path.length; length++) paths.add(JSON.stringify(path.slice(0, length)));
  }
  return paths;
}

function byPath(atoms: readonly ReadAtom[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const atom of atoms) {
    const key = JSON.stringify(atom.path);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [atom]);
    else group.push(atom);
  }
  return groups;
}

function isPossible(atoms: readonly ReadAtom[], { facts, hasParts }: OnPath): boolean {
  return kindsFor(atoms).some((kind) => {
    if (hasParts && kind !== "map" && !kind.startsWith("money:")) return false;
    if (facts.alwaysOf !== null && kind !== facts.alwaysOf) return false;
    return meetsAll(kind, atoms, facts);
  });
}

function meetsAll(kind: ValueKind, atoms: readonly ReadAtom[], facts: Facts): boolean {
  const judging: ReadAtom[] = [];
  for (const atom of atoms) {
    if (atom.op === "has" || atom.op === "hasnt") {
      if ((atom.op === "has") === (kind === "absent")) return false;
    } else if (judges(atom, kind)) judging.push(atom);
    else if (atom.isSure) return false;
  }
  if (kind === "list" && judging.some(hasNoElement)) return false;
  return someValue(kind, judging, facts);
}

/** Needs an element that there cannot be. */
function hasNoElement({ op, isSure, path, operand }: ReadAtom): boolean {
  if (op !== "some" || !isSure) return false;
  return clausesOf(operand).every((clause) => conflictIn(clause, factsOfElement(path)) !== null);
}

/** One atom or two that suffice, for the message; else all. */
function smallest(group: Group, onPath: OnPath): Conflict {
  const [{ path }] = group;
  const pairs = group.flatMap((a, at) => group.slice(at + 1).map((b) => [a, b]));
  const parts = [...group.map((a) => [a]), ...pairs];
  const alone = parts.find((atoms) => !isPossible(atoms, { ...onPath, hasParts: false }));
  if (alone !== undefined) return { path, atoms: alone, hasParts: false };
  const { hasParts } = onPath;
  return { path, atoms: parts.find((atoms) => !isPossible(atoms, onPath)) ?? group, hasParts };
}
