import type { CatalogueEntry, PathSegment } from "../../core/catalogue.ts";
import { compareText } from "../compile/problem.ts";
import { canonicalText } from "../digest-policy.ts";
import type { Program, ProgramRule } from "../program.ts";
import { listNames } from "../wording/describe-names.ts";
import { compareNames, holdsName } from "./compare-match.ts";
import { canHoldBack, canOpen, compareRules } from "./compare-rules.ts";
import { describeRule } from "./describe-rule.ts";
import type { Change, OtherDifference, ProgramDifferences, RuleDifference } from "./differences.ts";
import { narrowsWithUse } from "./reads-usage.ts";

/** What stands differently in the second program, in the order of ids and names. */
export function comparePrograms(a: Program, b: Program): ProgramDifferences {
  const rules = compareAllRules(a, b);
  return { rules, others: [...compareTools(a, b), ...compareGroups(a, b), ...compareHosts(a, b)], versionsKept: versionsKept(a, b, rules) };
}

function compareAllRules(a: Program, b: Program): readonly RuleDifference[] {
  return pairUp(a.rules, b.rules, ({ id }) => id).flatMap(({ name: id, was, is }): readonly RuleDifference[] => {
    if (was === undefined)
      return is === undefined ? [] : [{ kind: "added", id, says: describeRule(is), mayWiden: !is.shadow && canOpen(is) }];
    if (is === undefined) return [{ kind: "removed", id, says: describeRule(was), mayWiden: !was.shadow && canHoldBack(was) }];
    const isRead = a.usage.includes(id) || b.usage.includes(id);
    // What is left of a limit that a condition reads decides more than the limit does.
    const reaches = ({ part }: Change) => isRead && part !== "wording" && !(part === "limit lowered" && narrowsWithUse([a, b], id));
    const changes = compareRules(was, is).map((change) => (reaches(change) ? { ...change, mayWiden: true } : change));
    return changes.length === 0 ? [] : [{ kind: "changed", id, effect: is.effect, changes }];
  });
}

/** A change of words alone asks for no new version. */
function versionsKept(a: Program, b: Program, rules: readonly RuleDifference[]): ProgramDifferences["versionsKept"] {
  const changed = rules.filter((rule) => rule.kind !== "changed" || rule.changes.some(({ part }) => part !== "wording"));
  const policies = new Set(changed.map(({ id }) => id.slice(0, id.lastIndexOf("/"))));
  return pairUp(a.policies, b.policies, ({ name }) => name).flatMap(({ name, was, is }) => {
    const version = was?.version ?? null;
    const isKept = version !== null && is !== undefined && (is.version === version || is.version === null);
    return isKept && policies.has(name) ? [{ policy: name, version }] : [];
  });
}

function compareTools(a: Program, b: Program): readonly OtherDifference[] {
  return pairUp(a.catalogue, b.catalogue, ({ tool }) => tool).flatMap(({ name, was, is }): readonly OtherDifference[] => {
    const base = { of: "tool", name } as const;
    if (was === undefined) {
      return is === undefined
        ? []
        : [{ ...base, kind: "added", says: [describeCall(is)], mayWiden: b.rules.some((rule) => opensTool(rule, is)) }];
    }
    if (is === undefined) return [{ ...base, kind: "removed", says: [describeCall(was)], mayWiden: true }];
    const changed = fieldsOf(was, is);
    const isStricter = changed.every((field) => field === "schema" && was.schema === null);
    return changed.length === 0
      ? []
      : [{ ...base, kind: "changed", says: changed.map((field) => `${field}: ${fieldText(was, is, field)}`), mayWiden: !isStricter }];
  });
}

/** Calls that were no tool, or an unknown one, are this tool now: that opens only what a rule lets this tool do. */
function opensTool(rule: ProgramRule, { tool, host }: CatalogueEntry): boolean {
  const { match, shadow } = rule;
  const isReached = (match.tool === undefined || holdsName(match.tool, tool)) && (match.host === undefined || holdsName(match.host, host));
  return !shadow && canOpen(rule) && isReached;
}

type Field = keyof Omit<CatalogueEntry, "tool">;

function fieldsOf(was: CatalogueEntry, is: CatalogueEntry): readonly Field[] {
  const fields = ["method", "host", "path", "body", "args", "amount", "model", "cost", "schema"] as const satisfies readonly Field[];
  return fields.filter((field) => canonicalText(judged(was[field])) !== canonicalText(judged(is[field])));
}

/** Whether a record shows an argument changes no decision. */
function judged(value: CatalogueEntry[Field]): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((part: object) => Object.fromEntries(Object.entries(part).filter(([name]) => name !== "record")));
}

function fieldText(was: CatalogueEntry, is: CatalogueEntry, field: Field): string {
  const text = (value: CatalogueEntry[Field]) =>
    value === null ? "none" : typeof value === "string" ? value : canonicalText(judged(value));
  return `${text(was[field])} → ${text(is[field])}`;
}

function describeCall({ method, host, path }: CatalogueEntry): string {
  return `${method} ${host}/${path.map(segmentText).join("/")}`;
}

function segmentText(segment: PathSegment): string {
  switch (segment.kind) {
    case "literal":
      return segment.text;
    case "any":
      return "*";
    case "bind":
      return `:${segment.name}`;
    case "rest":
      return "**";
  }
}

function compareGroups(a: Program, b: Program): readonly OtherDifference[] {
  const asked = (name: string) => [...a.rules, ...b.rules].some(({ match }) => match.group !== undefined && holdsName(match.group, name));
  const listed = (program: Program) => Object.entries(program.groups).map(([name, agents]) => ({ name, agents }));
  return pairUp(listed(a), listed(b), ({ name }) => name).flatMap(({ name, was, is }): readonly OtherDifference[] => {
    if (was !== undefined && is !== undefined && compareNames(was.agents, is.agents) === "same") return [];
    const text = (group: typeof was) => (group === undefined ? "none" : listNames(group.agents).join(", ") || "nobody");
    const kind = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return [{ kind, of: "group", name, says: [`${text(was)} → ${text(is)}`], mayWiden: asked(name) }];
  });
}

/** A host that is named exactly may be private, which a suffix never opens. */
function compareHosts(a: Program, b: Program): readonly OtherDifference[] {
  const added = b.namedHosts.filter((host) => !a.namedHosts.includes(host));
  const says = ["now named exactly, which opens it where it is a private one"];
  return added.toSorted(compareText).map((name) => ({ kind: "added", of: "host", name, says, mayWiden: true }));
}

type Paired<T> = { readonly name: string; readonly was: T | undefined; readonly is: T | undefined };

function pairUp<T>(a: readonly T[], b: readonly T[], nameOf: (one: T) => string): readonly Paired<T>[] {
  const [before, after] = [a, b].map((list) => new Map(list.map((one) => [nameOf(one), one])));
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])].toSorted(compareText);
  return names.map((name) => ({ name, was: before?.get(name), is: after?.get(name) }));
}
