import type { Atom, Clause, Match, Names } from "../../../program.ts";

const ALTERNATIVES_MAX = 32;

/**
 * What a match says of the fields that a condition can read, as alternatives of atoms: every call that fits it meets one.
 * Only dimensions whose field is among the paths, because others can neither contradict nor imply anything.
 */
export function matchAtoms(match: Match, paths: ReadonlySet<string>): readonly Clause[] {
  let alternatives: readonly Clause[] = [[]];
  for (const { path, names } of fieldsOf(match)) {
    if (names === undefined || !paths.has(JSON.stringify(path))) continue;
    const atoms = atomsOf(path, names);
    const joined = alternatives.flatMap((clause) => atoms.map((atom) => [...clause, atom]));
    if (joined.length <= ALTERNATIVES_MAX) alternatives = joined;
  }
  return alternatives;
}

function fieldsOf(match: Match): readonly { readonly path: readonly string[]; readonly names: Names | undefined }[] {
  return [
    { path: ["caller", "agent"], names: match.agent },
    { path: ["http", "host"], names: match.host },
    { path: ["http", "method"], names: match.method },
    { path: ["tool"], names: match.tool },
    { path: ["protocol"], names: match.protocol },
    { path: ["operation"], names: match.operation },
    { path: ["model"], names: match.model },
  ];
}

/** Twins, because a match may fit where the field is unknown: of a tunnel, or where a text is too long to be carried. */
function atomsOf(path: readonly string[], { is, starts, ends }: Names): readonly Atom[] {
  const exact: readonly Atom[] = Object.keys(is).length === 0 ? [] : [["?in", path, is]];
  return [...exact, ...starts.map((text): Atom => ["?prefix", path, text]), ...ends.map((text): Atom => ["?suffix", path, text])];
}
