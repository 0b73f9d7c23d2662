import type { Json } from "../../core/intent.ts";
import type { Atom, Clause, Program, ProgramRule } from "../program.ts";
import { judgeAtom, valueAt } from "./judge-atom.ts";
import { judgeMatch, type MatchExplanation } from "./judge-match.ts";
import { allOf, anyOf, type Truth } from "./truth.ts";

/** Why a rule behind one of the call's keys applies or does not. */
export type RuleExplanation = {
  readonly rule: string;
  readonly effect: ProgramRule["effect"];
  readonly shadow: boolean;
  readonly match: MatchExplanation;
  /** Each condition the rule has: for its permit (unknown counts as false) and for what restricts, adds or limits. */
  readonly conditions: readonly ConditionExplanation[];
};

export type ConditionExplanation = {
  readonly mode: "sure" | "maybe";
  /** Whether match and condition together hold, as the engine judges them in this mode. */
  readonly applies: boolean;
  readonly truth: Truth;
  readonly clauses: readonly (readonly AtomExplanation[])[];
};

export type AtomExplanation = {
  /** Without the `?` of a strict twin. */
  readonly operator: string;
  readonly path: readonly string[];
  readonly operand: Json;
  /** What stood at the path; undefined where nothing did. */
  readonly saw: Json | undefined;
  readonly truth: Truth;
};

/** Every rule that the call's keys lead to, with what each atom saw. For people: the engine alone decides. */
export function explainCall(program: Program, input: Json): readonly RuleExplanation[] {
  const keys = valueAt(input, ["keys"]);
  const numbers = new Set(Array.isArray(keys) ? keys.flatMap((key) => rulesBehind(program, key)) : []);
  return [...numbers]
    .sort((a, b) => a - b)
    .flatMap((number) => program.rules[number] ?? [])
    .map((rule) => explainRule(rule, input));
}

function rulesBehind(program: Program, key: unknown): readonly number[] {
  return typeof key === "string" && Object.hasOwn(program.index, key) ? (program.index[key] ?? []) : [];
}

function explainRule(rule: ProgramRule, input: Json): RuleExplanation {
  const match = judgeMatch(rule.match, input);
  const conditions: ConditionExplanation[] = [];
  if (rule.sure !== null) conditions.push(explainCondition("sure", { clauses: rule.sure, match, input }));
  if (rule.maybe !== null) conditions.push(explainCondition("maybe", { clauses: rule.maybe, match, input }));
  return { rule: rule.id, effect: rule.effect, shadow: rule.shadow, match, conditions };
}

type Explained = { readonly clauses: readonly Clause[]; readonly match: MatchExplanation; readonly input: Json };

function explainCondition(mode: "sure" | "maybe", { clauses, match, input }: Explained): ConditionExplanation {
  const explained = clauses.map((clause) => clause.map((atom) => explainAtom(atom, input)));
  const truth = anyOf(explained.map((clause) => allOf(clause.map((atom) => atom.truth))));
  const applies = mode === "sure" ? truth === "true" && match.permits : truth !== "false" && match.fits !== "false";
  return { mode, applies, truth, clauses: explained };
}

function explainAtom(atom: Atom, input: Json): AtomExplanation {
  const [operator, path, operand] = atom;
  return { operator: operator.replace(/^\?/, ""), path, operand, saw: valueAt(input, path), truth: judgeAtom(atom, input) };
}
