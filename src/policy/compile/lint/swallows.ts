import type { Match, ProgramRule } from "../../program.ts";
import type { LintedRule } from "./lint-kind.ts";
import { opensWithin } from "./match/opens-within.ts";
import { isPublicName } from "./match/public-name.ts";
import { reachOf, reachWithin } from "./reach-within.ts";
import type { Tools } from "./tools.ts";

/** Whether no decision would be another without the inner rule, because the outer one is there. True is certain. */
export function swallows(outer: LintedRule, inner: LintedRule, tools: Tools): boolean {
  const by = outer.rule;
  const { rule } = inner;
  if (rule.guard && !by.guard) return false;
  const saysEnough = by.effect === rule.effect ? saysAll(outer, inner) : isStricter(by, rule);
  if (!saysEnough || (by.effect !== "deny" && !opensAll(by, rule, tools))) return false;
  const permits = rule.effect === "allow";
  const reach = reachOf(inner, permits ? "sure" : "maybe", permits ? inner.implied : rule.match);
  return reachWithin(reach, reachOf(outer, by.effect === "allow" ? "sure" : "maybe"));
}

/** Whether the one has the last word on what both cover, so that nothing of the other is left. */
function isStricter(by: ProgramRule, rule: ProgramRule): boolean {
  if (by.effect === "deny") return true;
  return by.effect === "approval_needed" && rule.effect === "allow" && rule.obligations.length + rule.sets.length === 0;
}

/** Whether the one tells the agent, asks the people and changes the request as the other does. */
function saysAll(outer: LintedRule, inner: LintedRule): boolean {
  const { rule: by } = outer;
  const { rule } = inner;
  return (
    (["code", "reason", "hint"] as const).every((key) => rule[key] === null || rule[key] === by[key]) &&
    JSON.stringify(rule.approval) === JSON.stringify(by.approval) &&
    (rule.obligations.length === 0 || (hasAll(by.obligations, rule.obligations) && isReadWithin(inner, outer, "maybe"))) &&
    (rule.sets.length === 0 || (hasAll(by.sets, rule.sets) && isReadWithin(inner, outer, "sure")))
  );
}

function hasAll(all: readonly unknown[], some: readonly unknown[]): boolean {
  const texts = new Set(all.map((one) => JSON.stringify(one)));
  return some.every((one) => texts.has(JSON.stringify(one)));
}

function isReadWithin(inner: LintedRule, outer: LintedRule, mode: "sure" | "maybe"): boolean {
  return reachWithin(reachOf(inner, mode), reachOf(outer, mode));
}

/**
 * Whether what the rule opens is open without it: hidden protocols and unknown tools, which a rule must name, and private
 * hosts, which a rule that permits or asks must name exactly. A guardrail's question opens nothing.
 */
function opensAll(by: ProgramRule, rule: ProgramRule, tools: Tools): boolean {
  if (by.guard && !rule.guard) return false;
  return opensWithin(rule.match, by.match) && namedHosts(rule.match).every((host) => isOpened(host, by.match, tools));
}

function namedHosts({ host }: Match): readonly string[] {
  return Object.keys(host?.is ?? {});
}

function isOpened(host: string, outer: Match, tools: Tools): boolean {
  return namedHosts(outer).includes(host) || isPublicName(host) || tools.hasHost(host);
}
