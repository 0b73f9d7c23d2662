import type { Match } from "../../program.ts";
import { intersectNames } from "../match/names.ts";
import { UNKNOWN } from "../match/read-dimensions.ts";
import type { LintedRule } from "./lint-kind.ts";
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

/** Where no rule permits anything, those that do are elsewhere, as for guardrails on their own. */
export function createPermits(rules: readonly LintedRule[], tools: Tools): Permits {
  const known = rules.filter(isPermit).map(({ rule }) => rule.match);
  const permits = known.length === 0 ? [EVERYTHING] : known;
  const byTool = groupByTool(permits);
  const anyTool = permits.filter(({ tool }) => tool === undefined);

  function isOutside({ host: a }: Match, { host: b }: Match): boolean {
    const host = a === undefined || b === undefined ? (a ?? b) : intersectNames(a, b);
    return host === undefined || host.ends.length > 0 || Object.keys(host.is).some((name) => !tools.hasHost(name));
  }

  return {
    tool: (name, call, covering) =>
      [...(byTool.get(name) ?? []), ...anyTool].some((match) => matchesMeet(match, call) && matchesMeet(match, covering)),
    // Only a rule that names it permits it.
    unknown: (covering) => known.length === 0 || (byTool.get(UNKNOWN) ?? []).some((match) => matchesMeet(match, covering)),
    outside: (covering) => anyTool.some((match) => isOutside(match, covering) && matchesMeet(match, covering)),
  };
}

/** A guardrail's question opens nothing. */
function isPermit({ rule }: LintedRule): boolean {
  return !rule.shadow && (rule.effect === "allow" || (rule.effect === "approval_needed" && !rule.guard));
}

function groupByTool(permits: readonly Match[]): ReadonlyMap<string, readonly Match[]> {
  const byTool = new Map<string, Match[]>();
  for (const match of permits) {
    for (const name of Object.keys(match.tool?.is ?? {})) {
      const known = byTool.get(name);
      if (known === undefined) byTool.set(name, [match]);
      else known.push(match);
    }
  }
  return byTool;
}
