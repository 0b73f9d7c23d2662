import type { ApprovalRequirement, Limit, RuleOutcome, Ruling, ShadowOutcome } from "../../core/ruling.ts";
import type { Program, ProgramRule } from "../program.ts";

/** Turns the answer of `sluice/verdict` into a ruling. Whatever is not exactly a verdict on this program throws. */
export function readVerdict(program: Program, answer: string): Ruling {
  const { decision, deciding, adding, limiting, shadow, unknown } = parseVerdict(program, answer);
  const facts = {
    limits: limiting.map(limitOf),
    shadow: shadowOutcomes(shadow),
    unknowns: unknown.map((rule) => rule.id),
    factPaths: factPathsOf(deciding),
  };
  const [first, ...others] = deciding;
  if (decision === "deny") return { kind: "deny", ...facts, by: deciding.map(outcomeOf) };
  if (first === undefined) throw new Error("the engine permits by no rule");
  const by: [RuleOutcome, ...RuleOutcome[]] = [outcomeOf(first), ...others.map(outcomeOf)];
  const obligations = adding.flatMap((rule) => rule.obligations);
  if (decision === "allow") return { kind: "permit", ...facts, by, obligations };
  return { kind: "approval_needed", ...facts, by, obligations, requirements: deciding.map(requirementOf) };
}

type Verdict = {
  readonly decision: "allow" | "approval_needed" | "deny";
  readonly deciding: readonly ProgramRule[];
  readonly adding: readonly ProgramRule[];
  readonly limiting: readonly ProgramRule[];
  readonly shadow: readonly ProgramRule[];
  readonly unknown: readonly ProgramRule[];
};

const DECISIONS: ReadonlyMap<unknown, Verdict["decision"]> = new Map([
  [0, "allow"],
  [2, "approval_needed"],
  [3, "deny"],
]);

function parseVerdict(program: Program, answer: string): Verdict {
  const results: unknown = JSON.parse(answer);
  const result: unknown = Array.isArray(results) && results.length === 1 ? results[0]?.result : undefined;
  if (!Array.isArray(result) || result.length !== 6) throw new Error("the engine's answer is no verdict");
  const decision = DECISIONS.get(result[0]);
  if (decision === undefined) throw new Error("the engine's answer has no decision");
  const [deciding = [], adding = [], limiting = [], shadow = [], unknown = []] = result
    .slice(1)
    .map((numbers) => rulesOf(program, numbers));
  expect(deciding, (rule) => rule.effect === decision && !rule.shadow);
  expect(adding, (rule) => rule.effect !== "deny" && !rule.shadow);
  expect(limiting, (rule) => rule.effect === "limit" && !rule.shadow);
  expect(shadow, (rule) => rule.shadow);
  return { decision, deciding, adding, limiting, shadow, unknown };
}

function rulesOf(program: Program, numbers: unknown): readonly ProgramRule[] {
  if (!Array.isArray(numbers)) throw new Error("the engine's answer has no list of rules");
  let last = -1;
  return numbers.map((number: unknown) => {
    const rule = typeof number === "number" && number > last ? program.rules[number] : undefined;
    if (typeof number !== "number" || rule === undefined) throw new Error("the engine names a rule that is not there");
    last = number;
    return rule;
  });
}

function expect(rules: readonly ProgramRule[], fits: (rule: ProgramRule) => boolean): void {
  for (const rule of rules) {
    if (!fits(rule)) throw new Error(`the engine uses rule ${rule.id} for what it is not`);
  }
}

function outcomeOf({ id, code, reason, hint }: ProgramRule): RuleOutcome {
  return { rule: id, code, reason, hint };
}

function requirementOf(rule: ProgramRule): ApprovalRequirement {
  if (rule.approval === null) throw new Error(`rule ${rule.id} asks for an approval and does not say whose`);
  return rule.approval;
}

function limitOf(rule: ProgramRule): Limit {
  if (rule.limit === null) throw new Error(`rule ${rule.id} has no limit`);
  return rule.limit;
}

const STRICTEST_FIRST = ["deny", "approval_needed", "allow"] as const;

function shadowOutcomes(rules: readonly ProgramRule[]): readonly ShadowOutcome[] {
  return STRICTEST_FIRST.flatMap((decision) =>
    rules.filter((rule) => rule.effect === decision).map((rule) => ({ decision, rule: rule.id, code: rule.code })),
  );
}

function factPathsOf(rules: readonly ProgramRule[]): readonly (readonly string[])[] {
  if (rules.length === 1) return rules[0]?.facts ?? [];
  return [...new Map(rules.flatMap((rule) => rule.facts).map((path) => [JSON.stringify(path), path])).values()];
}
