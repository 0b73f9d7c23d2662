import type { Match, Names } from "../../program.ts";
import { intersectNames } from "../match/names.ts";
import { UNKNOWN } from "../match/read-dimensions.ts";
import type { LintedRule } from "./lint-kind.ts";
import { endsOf } from "./match/find-wider.ts";
import { matchesMeet } from "./match/matches-meet.ts";
import type { Tools } from "./tools.ts";

/** Whether some rule may permit, alone or with an approval, what a match covers. False is certain. */
export type Permits = {
  /** A call of the tool whose match this is. */
  readonly tool: (name: string, call: Match, covering: Match) => boolean;
  /** A call that is none of its host's tools. */
  readonly unknown: (covering: Match) => boolean;
  /** A call to a host without tools. */
  readonly outside: (covering: Match) => boolean;
};

const EVERYTHING: Match = {};
const EVERY = "*";

/** More rules are not looked at one by one: some of so many may permit anything. */
const LOOKED_AT_MAX = 200;

/** Where no rule permits anything, those that do are elsewhere, as for guardrails on their own. */
export function createPermits(rules: readonly LintedRule[], tools: Tools): Permits {
  const known = rules.filter(isPermit).map(({ rule }) => rule.match);
  const permits = known.length === 0 ? [EVERYTHING] : known;
  const byTool = groupBy(permits, ({ tool }) => Object.keys(tool?.is ?? {}));
  const ofAnyTool = permits.filter(({ tool }) => tool === undefined);
  const byHost = groupBy(ofAnyTool, ({ host }) => (host === undefined ? [EVERY] : [...Object.keys(host.is), ...host.ends]));

  function onHosts(host: Names | undefined): readonly Match[] {
    if (host === undefined || host.ends.length > 0) return ofAnyTool;
    const keys = [EVERY, ...Object.keys(host.is).flatMap(endsOf)];
    return [...new Set(keys.flatMap((key) => byHost.get(key) ?? []))];
  }

  function isOutside({ host: a }: Match, { host: b }: Match): boolean {
    const host = a === undefined || b === undefined ? (a ?? b) : intersectNames(a, b);
    return host === undefined || host.ends.length > 0 || Object.keys(host.is).some((name) => !tools.hasHost(name));
  }

  return {
    tool: (name, call, covering) =>
      someOf([...(byTool.get(name) ?? []), ...onHosts(call.host)], (match) => matchesMeet(match, call) && matchesMeet(match, covering)),
    // Only a rule that names it permits it.
    unknown: (covering) => known.length === 0 || someOf(byTool.get(UNKNOWN) ?? [], (match) => matchesMeet(match, covering)),
    outside: (covering) => someOf(onHosts(covering.host), (match) => isOutside(match, covering) && matchesMeet(match, covering)),
  };
}

function someOf(matches: readonly Match[], fits: (match: Match) => boolean): boolean {
  return matches.length > LOOKED_AT_MAX || matches.some(fits);
}

/** A guardrail's question opens nothing. */
function isPermit({ rule }: LintedRule): boolean {
  return !rule.shadow && (rule.effect === "allow" || (rule.effect === "approval_needed" && !rule.guard));
}

function groupBy(matches: readonly Match[], keysOf: (match: Match) => readonly string[]): ReadonlyMap<string, readonly Match[]> {
  const groups = new Map<string, Match[]>();
  for (const match of matches) {
    for (const key of keysOf(match)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [match]);
      else known.push(match);
    }
  }
  return groups;
}
