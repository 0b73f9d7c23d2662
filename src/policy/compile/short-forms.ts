import { parseHost } from "./match/parse-host.ts";
import type { LimitSource, PolicyFile, RuleSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { cureAmount } from "./values/cure-money.ts";
import { parseAmount } from "./values/parse-amount.ts";

export type RuleAt = { readonly source: RuleSource; readonly spot: Spot };
export type LimitAt = { readonly source: LimitSource; readonly spot: Spot };

const PER_SECOND_MAX = 999_999_999;

/** A policy's rules, with what its short forms mean. A short form with mistakes is left out after they were noted. */
export function rulesOf(source: PolicyFile, spot: Spot): readonly RuleAt[] {
  const rules = (source.rules ?? []).map((rule, at) => ({ source: rule, spot: spot.in("rules", at) }));
  return [...rules, ...allowedDomains(source, spot)];
}

/** A policy's limits, with what its short forms mean. */
export function limitsOf(source: PolicyFile, spot: Spot): readonly LimitAt[] {
  const limits = (source.limits ?? []).map((limit, at) => ({ source: limit, spot: spot.in("limits", at) }));
  return [...limits, ...requestsPerSecond(source, spot), ...dailyBudget(source, spot)];
}

/** Ids that the short forms of a policy take. */
export function shortIdsOf(source: PolicyFile): readonly string[] {
  return SHORT_FORMS.filter((key) => source[key] !== undefined);
}

/** Ids of a policy's limits. */
export function limitIdsIn(source: PolicyFile): readonly string[] {
  const short = SHORT_FORMS.filter((key) => key !== "allowed_domains" && source[key] !== undefined);
  return [...(source.limits ?? []).map(({ id }) => id), ...short];
}

const SHORT_FORMS = ["max_requests_per_second", "max_daily_budget", "allowed_domains"] as const;

function allowedDomains({ allowed_domains: hosts }: PolicyFile, spot: Spot): readonly RuleAt[] {
  if (hosts === undefined) return [];
  const at = spot.in("allowed_domains");
  if (hosts.map((host, index) => parseHost(host, at.in(index))).includes(null)) return [];
  // biome-ignore lint/suspicious/noThenProperty: `then` is the language's key; the value is a text and no promise.
  return [{ source: { id: "allowed_domains", match: { hosts }, then: "allow" }, spot: at }];
}

function requestsPerSecond({ max_requests_per_second: count }: PolicyFile, spot: Spot): readonly LimitAt[] {
  if (count === undefined) return [];
  const at = spot.in("max_requests_per_second");
  if (Number.isInteger(count) && count >= 1 && count <= PER_SECOND_MAX) {
    return [{ source: { id: "max_requests_per_second", per: ["agent"], rate: `${count}/s` }, spot: at }];
  }
  const message = `a whole number of requests from 1 to ${PER_SECOND_MAX}`;
  at.problem({ code: "wrong_value", message: `\`${count}\` is not ${message}`, fix: "write a limit with a rate per m or h" });
  return [];
}

function dailyBudget({ max_daily_budget: sum }: PolicyFile, spot: Spot): readonly LimitAt[] {
  if (sum === undefined) return [];
  const at = spot.in("max_daily_budget");
  if (parseAmount(sum) !== null) {
    return [{ source: { id: "max_daily_budget", per: ["agent"], of: "cost", budget: `${sum} per day` }, spot: at }];
  }
  const fix = cureAmount(sum.replace(/\s*(?:\/|\b(?:per|a)\b)\s*day$|\s+daily$/i, ""));
  at.problem({ code: "wrong_value", message: `\`${sum}\` is no budget`, fix });
  return [];
}
