import { GUARDRAIL_PREFIX } from "./guardrails.ts";
import { lowerLimit } from "./lower-limit.ts";
import { lowerRule } from "./lower-rule.ts";
import { FITS_ALL, type LoweredMatch, lowerMatch } from "./match/lower-match.ts";
import type { CompiledRule, PolicyContext, Surroundings } from "./parts.ts";
import type { PolicyFile } from "./schemas/policy-file.ts";
import { type LimitAt, limitsOf, type RuleAt, rulesOf, shortIdsOf } from "./short-forms.ts";
import type { Spot } from "./spot.ts";
import { isTimeZone } from "./values/is-time-zone.ts";

const TIME_ZONE_DEFAULT = "UTC";

/** Rules and limits of one policy; those with mistakes are left out after they were noted. */
export function lowerPolicy(source: PolicyFile, spot: Spot, around: Surroundings): readonly CompiledRule[] {
  const rules = rulesOf(source, spot);
  const limits = limitsOf(source, spot);
  if (rules.length + limits.length === 0 && shortIdsOf(source).length === 0) {
    spot.problem({ code: "does_nothing", message: "a policy without rules and limits does nothing" });
    return [];
  }
  const timeZone = source.time_zone ?? TIME_ZONE_DEFAULT;
  if (!isTimeZone(timeZone)) {
    spot.in("time_zone").problem({ code: "wrong_value", message: `\`${timeZone}\` is no time zone`, fix: "for example Europe/Berlin" });
    return [];
  }
  noteDoubles(source, spot);
  const outer = outerMatches({ rules, limits }, source, spot, around);
  if (outer === null) return [];
  const context: PolicyContext = {
    ...around,
    policy: nameOf(source, around.guard),
    shadow: source.mode === "shadow",
    timeZone,
    outer,
  };
  return [
    ...rules.map((rule) => lowerRule(rule.source, rule.spot, context)),
    ...limits.map((limit) => lowerLimit(limit.source, limit.spot, context)),
  ].filter((rule) => rule !== null);
}

/** A policy's name, as ids begin with it. */
export function nameOf({ policy }: PolicyFile, guard: boolean): string {
  return guard ? GUARDRAIL_PREFIX + policy : policy;
}

type Parts = { readonly rules: readonly RuleAt[]; readonly limits: readonly LimitAt[] };

function outerMatches({ rules, limits }: Parts, source: PolicyFile, spot: Spot, around: Surroundings): PolicyContext["outer"] | null {
  const permits = rules.some((rule) => rule.source.then === "allow" || rule.source.then === "sanitize");
  const restricts = limits.length > 0 || rules.some((rule) => rule.source.then !== "allow" && rule.source.then !== "sanitize");
  const outer = {
    permits: permits ? outerMatch(source, spot, around, false) : FITS_ALL,
    restricts: restricts ? outerMatch(source, spot, around, true) : FITS_ALL,
  };
  if (outer.permits === null || outer.restricts === null) return null;
  return { permits: outer.permits, restricts: outer.restricts };
}

function outerMatch(source: PolicyFile, spot: Spot, { tools }: Surroundings, restricts: boolean): LoweredMatch | null {
  if (source.match === undefined) return FITS_ALL;
  return lowerMatch(source.match, spot.in("match"), { ...tools, restricts });
}

function noteDoubles(source: PolicyFile, spot: Spot): void {
  const seen = new Set<string>(shortIdsOf(source));
  for (const list of ["rules", "limits"] as const) {
    for (const [at, { id }] of (source[list] ?? []).entries()) {
      if (seen.has(id)) {
        const message = `the id \`${id}\` stands twice in this policy`;
        spot.in(list, at, "id").problem({ code: "duplicate", message, fix: "rules and limits share one set of ids" });
      }
      seen.add(id);
    }
  }
}
