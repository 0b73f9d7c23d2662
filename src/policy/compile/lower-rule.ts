import { CODES } from "../../core/codes.ts";
import type { ProgramRule } from "../program.ts";
import { compileMatch, type Judged } from "./compile-match.ts";
import { lowerApproval } from "./lower-approval.ts";
import { lowerRedactions } from "./lower-redactions.ts";
import { argumentsOf } from "./match/arguments-of.ts";
import type { CompiledRule, PolicyContext } from "./parts.ts";
import type { RuleSource } from "./schemas/policy-file.ts";
import type { Spot } from "./spot.ts";
import { checkPlainText } from "./templates.ts";

/** One rule in the engine's form, or null after its mistakes were noted. */
export function lowerRule(source: RuleSource, spot: Spot, context: PolicyContext): CompiledRule | null {
  const effect = effectOf(source);
  const fits = checkKeys(source, effect, spot);
  const judged = compileMatch(source, spot, context, effect !== "allow");
  const obligations = lowerRedactions(source.redact ?? [], spot.in("redact"));
  const texts = checkTexts(source, spot);
  const shadow = readMode(source.mode, context.shadow, spot);
  if (judged === null || obligations === null || shadow === null || !fits || !texts) return null;
  const args = argumentsOf(judged.match, context.catalogue);
  const approval = source.approval === undefined ? null : lowerApproval(source.approval, spot.in("approval"), args);
  if (source.approval !== undefined && approval === null) return null;
  const { paths, findings } = judged.condition;
  const rule: ProgramRule = {
    id: `${context.policy}/${source.id}`,
    effect,
    shadow,
    guard: false,
    match: judged.match,
    ...readings(effect, obligations.length > 0, judged),
    code: source.code ?? null,
    reason: source.reason ?? null,
    hint: source.hint ?? null,
    obligations,
    sets: [],
    approval,
    limit: null,
    facts: paths,
  };
  const found = obligations.flatMap((obligation) => (obligation.kind === "redact_finding" ? [obligation.finding] : []));
  return { rule, paths, detectors: [...new Set([...findings, ...found])], policy: context.policy, spot, test: judged.condition.test };
}

type Effect = "deny" | "approval_needed" | "allow" | "add";

function effectOf(source: RuleSource): Effect {
  return source.then === "sanitize" ? "allow" : (source.then ?? "add");
}

/** Unknown counts as false in what permits and as true in the rest; an allow that redacts is judged once for each. */
function readings(effect: Effect, redacts: boolean, { condition }: Judged): Pick<ProgramRule, "sure" | "maybe"> {
  if (effect !== "allow") return { sure: null, maybe: condition.maybe };
  return { sure: condition.sure, maybe: redacts ? condition.maybe : null };
}

function checkKeys(source: RuleSource, effect: Effect, spot: Spot): boolean {
  const wrong = (key: keyof RuleSource, message: string) => spot.in(key).problem({ code: "contradiction", message, atKey: true });
  const redacts = (source.redact ?? []).length > 0;
  if (effect === "add" && !redacts)
    spot.problem({ code: "does_nothing", message: "a rule without `then` and without `redact` does nothing" });
  else if (effect === "deny" && redacts) wrong("redact", "a rule that denies takes nothing out: the call does not go on");
  else if (effect === "approval_needed" && source.approval === undefined) {
    spot.problem({ code: "missing_key", message: "the key `approval` is missing: who may approve" });
  } else if (effect !== "approval_needed" && source.approval !== undefined) {
    wrong("approval", "`approval` stands only with `then: approval_needed`");
  } else {
    warnUnread(source, effect, spot);
    return true;
  }
  return false;
}

function warnUnread(source: RuleSource, effect: Effect, spot: Spot): void {
  if (effect !== "allow" && effect !== "add") return;
  for (const key of ["code", "reason", "hint"] as const) {
    if (source[key] === undefined) continue;
    const message = `nobody reads the \`${key}\` of a rule that refuses nothing`;
    spot.in(key).warning({ code: "does_nothing", message, atKey: true });
  }
}

function checkTexts(source: RuleSource, spot: Spot): boolean {
  if (source.code !== undefined && Object.hasOwn(CODES, source.code)) {
    const message = `\`${source.code}\` is a code of Sluice itself and would be taken for it`;
    spot.in("code").problem({ code: "contradiction", message, fix: "choose a code of your own" });
    return false;
  }
  const texts = [["reason", source.reason] as const, ["hint", source.hint] as const];
  return texts.every(([key, text]) => text === undefined || checkPlainText(text, spot.in(key)));
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
