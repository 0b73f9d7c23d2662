import { parseName } from "../../core/name.ts";
import type { Names } from "../program.ts";
import { readNames } from "./match/read-names.ts";
import { compareText } from "./problem.ts";
import type { GroupSource } from "./schemas/groups-file.ts";
import type { Spot } from "./spot.ts";

export type GroupAt = { readonly name: string; readonly source: GroupSource; readonly spot: Spot };

export type Group = { readonly people: readonly string[]; readonly agents: Names };

/** The groups by their names; those with mistakes are left out after they were noted. */
export function lowerGroups(groups: readonly GroupAt[]): ReadonlyMap<string, Group> {
  const seen = new Map<string, GroupAt>();
  const lowered = new Map<string, Group>();
  for (const group of groups.toSorted((a, b) => compareText(a.name, b.name))) {
    const twin = seen.get(group.name);
    if (twin !== undefined) {
      const where = `${twin.spot.file}:${twin.spot.line}`;
      group.spot.problem({ code: "duplicate", message: `the group \`${group.name}\` stands in ${where} too`, atKey: true });
      continue;
    }
    seen.set(group.name, group);
    const one = lowerGroup(group);
    if (one !== null) lowered.set(group.name, one);
  }
  return lowered;
}

function lowerGroup({ name, source, spot }: GroupAt): Group | null {
  if (parseName(name) === null || name === "__proto__") {
    const fix = "letters, digits, `.`, `_`, `:`, `/`, `@`, `+`, `-`";
    return spot.problem({ code: "wrong_value", message: `\`${name}\` is no name of a group`, fix, atKey: true });
  }
  const { people = [], agents = [] } = source;
  if (people.length + agents.length === 0) {
    return spot.problem({
      code: "does_nothing",
      message: `nobody is in the group \`${name}\``,
      fix: "write `people` or `agents`",
      atKey: true,
    });
  }
  const names = readNames(agents, spot.in("agents"), "an agent");
  const strangers = people.filter((person, at) => {
    if (parseName(person) !== null) return false;
    spot.in("people", at).problem({ code: "wrong_value", message: `\`${person}\` is no name of a person` });
    return true;
  });
  return names === null || strangers.length > 0 ? null : { people: [...new Set(people)].sort(compareText), agents: names };
}
