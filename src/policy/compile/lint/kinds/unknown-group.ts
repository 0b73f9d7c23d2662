import { nearestName, suggestName } from "../../nearest-name.ts";
import type { PolicyFile } from "../../schemas/policy-file.ts";
import type { Spot } from "../../spot.ts";
import type { LintContext, LintFinding, LintKind } from "../lint-kind.ts";

/** Groups of a match that are nearly one of a `groups` file. Others may stand in tokens alone. */
export const unknownGroup: LintKind = {
  find: ({ own, guarding }: LintContext) => {
    const known = [...new Set([...own.groups, ...guarding.groups].map(({ name }) => name))].sort();
    if (known.length === 0) return [];
    const named = [...own.policies, ...guarding.policies].flatMap(({ source, spot }) => groupsIn(source, spot));
    return named.flatMap(({ name, spot }) => {
      if (known.includes(name) || known.find((other) => isMisspelt(name, other)) === undefined) return [];
      const message = `no \`groups\` file has the group \`${name}\`: unless a token says it, nobody is in it`;
      return [{ spot, message, fix: suggestName(name, known) } satisfies LintFinding];
    });
  },
};

type Named = { readonly name: string; readonly spot: Spot };

function groupsIn({ match, rules = [], limits = [] }: PolicyFile, spot: Spot): readonly Named[] {
  const listAt = (list: readonly string[] | undefined, at: Spot) => (list ?? []).map((name, index) => ({ name, spot: at.in(index) }));
  return [
    ...listAt(match?.groups, spot.in("match", "groups")),
    ...rules.flatMap((rule, at) => listAt(rule.match?.groups, spot.in("rules", at, "match", "groups"))),
    ...limits.flatMap((limit, at) => listAt(limit.match?.groups, spot.in("limits", at, "match", "groups"))),
  ].filter(({ name }) => !name.endsWith("*"));
}

const SEPARATOR = /[^\p{L}\p{N}]+/u;
const WORD_MIN = 5;

/** `team-a` and `team-b`, `tier1` and `tier2` are two groups, and not one that is misspelt. */
function isMisspelt(name: string, other: string): boolean {
  const [mine, theirs] = [name.split(SEPARATOR), other.split(SEPARATOR)];
  if (mine.length !== theirs.length) return isNear(name, other);
  return mine.every((word, at) => word === theirs[at] || isNear(word, theirs[at] ?? ""));
}

function isNear(word: string, other: string): boolean {
  const letters = (text: string) => text.replaceAll(/\p{N}/gu, "");
  return word.length >= WORD_MIN && letters(word) !== letters(other) && nearestName(word, [other], editsMax(word)) !== null;
}

/** Two letters that changed places are two edits. */
function editsMax(word: string): number {
  return word.length > WORD_MIN ? 2 : 1;
}
