import type { Match } from "../program.ts";
import { ALWAYS, type Condition, compileCondition } from "./condition/compile-condition.ts";
import type { ConditionScope } from "./condition/reading.ts";
import { checkGuardedFacts } from "./guardrails.ts";
import { argumentsOf, namesInAll } from "./match/arguments-of.ts";
import { declaredIn } from "./match/declared-argument.ts";
import { intersectMatches } from "./match/intersect-matches.ts";
import { FITS_ALL, type LoweredMatch, lowerMatch } from "./match/lower-match.ts";
import { bindingsOf } from "./match/path-patterns.ts";
import type { PolicyContext } from "./parts.ts";
import type { MatchSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";

export type Judged = { readonly match: Match; readonly condition: Condition };

type Source = { readonly match?: MatchSource | undefined; readonly if?: string | undefined };

/** The match of a rule or limit joined with its policy's, and its condition. */
export function compileMatch(source: Source, spot: Spot, context: PolicyContext, restricts: boolean): Judged | null {
  const outer = restricts ? context.outer.restricts : context.outer.permits;
  const inner = source.match === undefined ? FITS_ALL : lowerMatch(source.match, spot.in("match"), { ...context.tools, restricts });
  const joined = inner === null ? null : intersectMatches(outer, inner, spot.in("match"));
  if (joined === null) return null;
  const condition = source.if === undefined ? ALWAYS : compileCondition(source.if, spot.in("if"), scopeOf(joined, context));
  if (condition === null) return null;
  if (!checkGuardedFacts({ match: joined.match, paths: condition.paths }, spot.in("if"), context)) return null;
  return { match: joined.match, condition };
}

function scopeOf({ match, ownBindings, segments }: LoweredMatch, context: PolicyContext): ConditionScope {
  const { catalogue, policy, timeZone, limitIds, parseCel } = context;
  return {
    ownBindings,
    segments,
    policy,
    timeZone,
    limitIds,
    parseCel,
    bindings: namesInAll(match, catalogue, (entry) => bindingsOf(entry.path)),
    args: argumentsOf(match, catalogue),
    declaredAs: declaredIn(match, catalogue),
  };
}
