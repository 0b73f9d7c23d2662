import type { LintContext, LintedRule, LintFinding, LintKind } from "../lint-kind.ts";

/** Approvals that only groups may give in which the files of the folder have nobody. */
export const emptyGroup: LintKind = {
  find: (context) => {
    const people = peopleByGroup(context);
    return people.size === 0 ? [] : context.rules.flatMap((rule) => findingsOf(rule, people));
  },
};

/** Approvals that want more people than the files of the folder have in its groups. */
export const tooFewApprovers: LintKind = {
  find: (context) => {
    const people = peopleByGroup(context);
    return context.rules.flatMap((rule) => shortageOf(rule, people));
  },
};

type People = ReadonlyMap<string, readonly string[]>;

function peopleByGroup({ own, guarding }: LintContext): People {
  return new Map([...own.groups, ...guarding.groups].map(({ name, source }) => [name, source.people ?? []]));
}

function findingsOf({ rule, spot }: LintedRule, people: People): readonly LintFinding[] {
  // Where no file names people, all of them are in the configuration.
  const isComplete = [...people.values()].some((names) => names.length > 0);
  return (rule.approval?.from ?? []).flatMap((group, at) => {
    const names = people.get(group);
    if (names === undefined ? !isComplete : names.length > 0) return [];
    const message =
      names === undefined ? `no \`groups\` file has the group \`${group}\`` : `the group \`${group}\` has agents and no people`;
    return [
      {
        spot: spot.in("approval", "from", at),
        message: `${message}: unless the configuration names its people, nobody can approve`,
        fix: `write \`${group}: { people: […] }\` in a \`groups\` file`,
      },
    ];
  });
}

function shortageOf({ rule, spot }: LintedRule, people: People): readonly LintFinding[] {
  if (rule.approval === null) return [];
  const { from, count, exclude } = rule.approval;
  const members = from.map((group) => people.get(group) ?? []);
  // A group whose people no file names may have any number of them.
  if (members.some((names) => names.length === 0)) return [];
  const excluded = new Set(exclude.flatMap((name) => [name, ...(people.get(name) ?? [])]));
  const able = new Set(members.flat().filter((name) => !excluded.has(name)));
  if (able.size >= count) return [];
  const message = `${count} people must approve, and the \`groups\` files have ${able.size} who may`;
  return [{ spot: spot.in("approval", "count"), message, fix: "name more people in these groups, or lower the count" }];
}
