import type { AtomExplanation, ConditionExplanation, RuleExplanation, RulePart, ValueKind } from "../../core/explanation.ts";
import type { Json } from "../../core/intent.ts";
import type { Atom, Clause, Program, ProgramRule } from "../program.ts";
import { judgeAtom, valueAt } from "./judge-atom.ts";
import { judgeMatch } from "./judge-match.ts";
import { otherPathOf } from "./parse-atom.ts";
import { allOf, anyOf } from "./truth.ts";

type JudgedRule = Omit<RuleExplanation, "outcome">;

/** Every rule that the call's keys lead to, with what each atom saw. For people: the engine alone decides. */
export function explainCall(program: Program, input: Json): readonly RuleExplanation[] {
  const keys = valueAt(input, ["keys"]);
  const numbers = new Set(Array.isArray(keys) ? keys.flatMap((key) => rulesBehind(program, key)) : []);
  const judged = [...numbers]
    .sort((a, b) => a - b)
    .flatMap((number) => program.rules[number] ?? [])
    .map((rule) => judgeRule(rule, input));
  const strictest = strictestOf(judged.filter((rule) => !rule.shadow && applies(rule)));
  return judged.map((rule) => ({ ...rule, outcome: partOf(rule, strictest) }));
}

function rulesBehind(program: Program, key: unknown): readonly number[] {
  return typeof key === "string" && Object.hasOwn(program.index, key) ? (program.index[key] ?? []) : [];
}

function judgeRule(rule: ProgramRule, input: Json): JudgedRule {
  const match = judgeMatch(rule.match, input);
  const conditions: ConditionExplanation[] = [];
  if (rule.sure !== null) {
    // Who sets headers opens nothing, so only who permits must name what is hidden.
    const isOpen = rule.effect === "allow" ? match.permits : match.fits === "true";
    const { truth, clauses } = explainClauses(rule.sure, input);
    conditions.push({ mode: "sure", applies: isOpen && truth === "true", truth, clauses });
  }
  if (rule.maybe !== null) {
    const { truth, clauses } = explainClauses(rule.maybe, input);
    conditions.push({ mode: "maybe", applies: match.fits !== "false" && truth !== "false", truth, clauses });
  }
  const { id, effect, shadow, guard } = rule;
  return { rule: id, effect, shadow, guard, match, conditions };
}

function explainClauses(clauses: readonly Clause[], input: Json): Pick<ConditionExplanation, "truth" | "clauses"> {
  const explained = clauses.map((clause) => clause.map((atom) => explainAtom(atom, input)));
  return { truth: anyOf(explained.map((clause) => allOf(clause.map((atom) => atom.truth)))), clauses: explained };
}

function explainAtom(atom: Atom, input: Json): AtomExplanation {
  const [operator, path, operand] = atom;
  const other = otherPathOf(atom);
  const saw = valueAt(input, path);
  return {
    operator: operator.replace(/^\?/, ""),
    path,
    operand,
    saw,
    sawKind: kindOf(saw),
    against: other === null ? undefined : valueAt(input, other),
    truth: judgeAtom(atom, input),
  };
}

function kindOf(value: Json | undefined): ValueKind {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "undefined":
      return "absent";
    case "string":
      return "text";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "object":
      return "map";
  }
}

type Decisive = "deny" | "approval_needed" | "allow";

function strictestOf(applying: readonly JudgedRule[]): Decisive | null {
  const has = (effect: Decisive) => applying.some((rule) => rule.effect === effect);
  const opens = applying.some((rule) => rule.effect === "approval_needed" && !rule.guard && rule.match.opens);
  if (has("deny")) return "deny";
  if (has("approval_needed") && (has("allow") || opens)) return "approval_needed";
  return has("allow") ? "allow" : null;
}

/** In the mode of what the rule says. */
function applies(rule: JudgedRule): boolean {
  return appliesIn(rule, rule.effect === "allow" ? "sure" : "maybe");
}

function appliesIn({ conditions }: JudgedRule, mode: ConditionExplanation["mode"]): boolean {
  return conditions.some((condition) => condition.mode === mode && condition.applies);
}

function partOf(rule: JudgedRule, strictest: Decisive | null): RulePart {
  if (rule.shadow) return applies(rule) ? "shadow" : "does_not_apply";
  const [sure, maybe] = [appliesIn(rule, "sure"), appliesIn(rule, "maybe")];
  if (!sure && !maybe) return "does_not_apply";
  switch (rule.effect) {
    case "limit":
      return maybe ? "limits" : "adds";
    case "add":
      return "adds";
    case "allow":
    case "approval_needed":
    case "deny":
      if (!applies(rule)) return "adds";
      if (rule.effect === strictest) return "decides";
      return rule.effect === "approval_needed" && strictest !== "deny" ? "opens_nothing" : "outranked";
  }
}
