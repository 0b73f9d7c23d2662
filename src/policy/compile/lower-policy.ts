import type { CatalogueEntry } from "../../core/catalogue.ts";
import { lowerLimit } from "./lower-limit.ts";
import { lowerRule } from "./lower-rule.ts";
import { type LoweredMatch, lowerMatch } from "./match/lower-match.ts";
import type { CompiledRule, PolicyContext } from "./parts.ts";
import type { PolicyFile } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { isTimeZone } from "./values/is-time-zone.ts";

const TIME_ZONE_DEFAULT = "UTC";
const FITS_ALL: LoweredMatch = { match: {}, ownBindings: new Set(), segments: new Map() };

/** Rules and limits of one policy; those with mistakes are left out after they were noted. */
export function lowerPolicy(
  source: PolicyFile,
  spot: Spot,
  around: Pick<PolicyContext, "catalogue" | "limitIds" | "parseCel">,
): readonly CompiledRule[] {
  const { catalogue, limitIds, parseCel } = around;
  const rules = source.rules ?? [];
  const limits = source.limits ?? [];
  if (rules.length + limits.length === 0) {
    spot.problem({ code: "does_nothing", message: "a policy without rules and limits does nothing" });
    return [];
  }
  const timeZone = source.time_zone ?? TIME_ZONE_DEFAULT;
  if (!isTimeZone(timeZone)) {
    spot.in("time_zone").problem({ code: "wrong_value", message: `\`${timeZone}\` is no time zone`, fix: "for example Europe/Berlin" });
    return [];
  }
  const permits = rules.some((rule) => rule.then === "allow" || rule.then === "sanitize");
  const restricts = limits.length > 0 || rules.some((rule) => rule.then !== "allow" && rule.then !== "sanitize");
  const outer = {
    permits: permits ? outerMatch(source, spot, catalogue, false) : FITS_ALL,
    restricts: restricts ? outerMatch(source, spot, catalogue, true) : FITS_ALL,
  };
  if (outer.permits === null || outer.restricts === null) return [];
  const context: PolicyContext = {
    policy: source.policy,
    shadow: source.mode === "shadow",
    timeZone,
    catalogue,
    limitIds,
    parseCel,
    outer: { permits: outer.permits, restricts: outer.restricts },
  };
  noteDoubles(source, spot);
  return [
    ...rules.map((rule, at) => lowerRule(rule, spot.in("rules", at), context)),
    ...limits.map((limit, at) => lowerLimit(limit, spot.in("limits", at), context)),
  ].filter((rule) => rule !== null);
}

function outerMatch(source: PolicyFile, spot: Spot, catalogue: readonly CatalogueEntry[], restricts: boolean): LoweredMatch | null {
  if (source.match === undefined) return FITS_ALL;
  return lowerMatch(source.match, spot.in("match"), { tools: catalogue.map((entry) => entry.tool), restricts });
}

function noteDoubles(source: PolicyFile, spot: Spot): void {
  const seen = new Set<string>();
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
