import { CODES } from "../../core/codes.ts";
import type { ApprovalRequirement, Obligation } from "../../core/ruling.ts";
import type { ProgramRule } from "../program.ts";
import { checkKeys, type Effect, effectOf } from "./check-rule-keys.ts";
import { compileMatch, type Judged } from "./compile-match.ts";
import { checkGuardedRule } from "./guardrails.ts";
import { lowerApproval } from "./lower-approval.ts";
import { checkHeadersOnce, lowerRemovals, lowerSets } from "./lower-headers.ts";
import { lowerRedactions } from "./lower-redactions.ts";
import { argumentsOf, haveAmount } from "./match/arguments-of.ts";
import type { CompiledRule, PolicyContext } from "./parts.ts";
import type { RuleSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { checkAgentText } from "./templates.ts";

/** One rule in the engine's form, or null after its mistakes were noted. */
export function lowerRule(source: RuleSource, spot: Spot, context: PolicyContext): CompiledRule | null {
  if (context.guard && !checkGuardedRule(source, spot)) return null;
  const effect = effectOf(source);
  const fits = checkKeys(source, effect, spot);
  const judged = compileMatch(source, spot, context, effect !== "allow");
  const changes = lowerChanges(source, spot);
  const texts = checkTexts(source, spot);
  const shadow = readMode(source.mode, context.shadow, spot);
  if (judged === null || changes === null || shadow === null || !fits || !texts) return null;
  const approval = approvalOf(source, judged, { spot, context });
  if (approval === undefined) return null;
  const { paths, findings, test } = judged.condition;
  const rule: ProgramRule = {
    id: `${context.policy}/${source.id}`,
    effect,
    shadow,
    guard: context.guard,
    match: judged.match,
    ...readings(effect, changes, judged),
    code: source.code ?? null,
    reason: source.reason ?? null,
    hint: source.hint ?? null,
    ...changes,
    approval,
    limit: null,
    facts: paths,
  };
  const found = changes.obligations.flatMap((obligation) => (obligation.kind === "redact_finding" ? [obligation.finding] : []));
  return { rule, paths, detectors: [...new Set([...findings, ...found])], policy: context.policy, spot, test };
}

type Changes = Pick<ProgramRule, "obligations" | "sets">;

function lowerChanges(source: RuleSource, spot: Spot): Changes | null {
  const redactions = lowerRedactions(source.redact ?? [], spot.in("redact"));
  const removals = lowerRemovals(source.remove, spot.in("remove"));
  const sets = lowerSets(source.set, spot.in("set"));
  if (redactions === null || removals === null || sets === null) return null;
  const obligations: readonly Obligation[] = [...redactions, ...removals];
  return checkHeadersOnce(sets, obligations, spot.in("set")) ? { obligations, sets } : null;
}

/** Unknown counts as false in what permits and in what sets, and as true in the rest; a rule with both is judged once for each. */
function readings(effect: Effect, { obligations, sets }: Changes, { condition }: Judged): Pick<ProgramRule, "sure" | "maybe"> {
  return {
    sure: effect === "allow" || sets.length > 0 ? condition.sure : null,
    maybe: effect !== "allow" || obligations.length > 0 ? condition.maybe : null,
  };
}

type Around = { readonly spot: Spot; readonly context: PolicyContext };

/** Undefined after its mistakes were noted. */
function approvalOf(source: RuleSource, { match }: Judged, { spot, context }: Around): ApprovalRequirement | null | undefined {
  if (source.approval === undefined) return null;
  const scope = { args: argumentsOf(match, context.catalogue), amount: haveAmount(match, context.catalogue), groups: context.groups };
  return lowerApproval(source.approval, spot.in("approval"), scope) ?? undefined;
}

function checkTexts(source: RuleSource, spot: Spot): boolean {
  if (source.code !== undefined && Object.hasOwn(CODES, source.code)) {
    const message = `\`${source.code}\` is a code of Sluice itself and would be taken for it`;
    spot.in("code").problem({ code: "contradiction", message, fix: "choose a code of your own" });
    return false;
  }
  const texts = [["reason", source.reason] as const, ["hint", source.hint] as const];
  return texts.every(([key, text]) => text === undefined || checkAgentText(text, spot.in(key)));
}

/** Whether the rule is in shadow: its own mode, or its policy's for all. */
export function readMode(mode: "enforce" | "shadow" | undefined, policyShadow: boolean, spot: Spot): boolean | null {
  if (policyShadow && mode === "enforce") {
    return spot
      .in("mode")
      .problem({ code: "contradiction", message: "the policy says `mode: shadow` for all its rules, and this one `enforce`" });
  }
  return policyShadow || mode === "shadow";
}
