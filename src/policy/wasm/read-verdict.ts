import type { Caller } from "../../core/caller.ts";
import type { ApprovalRequirement, HeaderSet, Limit, RuledObligation, RuleOutcome, Ruling, ShadowOutcome } from "../../core/ruling.ts";
import type { Program, ProgramRule } from "../program.ts";
import { type Filled, planHeader, planText } from "./fill-template.ts";

/** Reads answers of `sluice/verdict`. Whatever is not exactly a verdict on this program throws. */
export function createVerdictReader(program: Program): (answer: string, caller: Caller) => Ruling {
  const rules = program.rules.map(planRule);

  return function readVerdict(answer, caller) {
    const { decision, deciding, adding, limiting, shadow, unknown, setting } = parseVerdict(rules, answer);
    const facts = {
      limits: limiting.map(limitOf),
      shadow: shadowOutcomes(shadow),
      unknowns: unknown.map(({ rule }) => rule.id),
      factPaths: factPathsOf(deciding),
    };
    const [first, ...others] = deciding;
    if (decision === "deny") return { kind: "deny", ...facts, by: deciding.map(({ outcome }) => outcome(caller)) };
    if (first === undefined) throw new Error("the engine permits by no rule");
    const by: [RuleOutcome, ...RuleOutcome[]] = [first.outcome(caller), ...others.map(({ outcome }) => outcome(caller))];
    const headers = setting.flatMap(({ headers }) => headers(caller));
    const goes = {
      by,
      obligations: [...adding.flatMap(({ obligations }) => obligations), ...headers.filter(isRemoval)],
      sets: headers.filter(isSet),
    };
    if (decision === "allow") return { kind: "permit", ...facts, ...goes };
    return { kind: "approval_needed", ...facts, ...goes, requirements: deciding.map(requirementOf) };
  };
}

type Removal = RuledObligation & { readonly kind: "remove_header" };

/** A rule with what it says, ready to be filled with facts of the caller. */
type PlannedRule = {
  readonly rule: ProgramRule;
  readonly outcome: Filled<RuleOutcome>;
  readonly obligations: readonly RuledObligation[];
  /** A header whose value would lack a fact is taken off the request. */
  readonly headers: Filled<readonly (HeaderSet | Removal)[]>;
};

function planRule(rule: ProgramRule): PlannedRule {
  const { id, code } = rule;
  const [reason, hint] = [planText(rule.reason), planText(rule.hint)];
  const sets = rule.sets.map(({ name, value }) => ({ name, fill: planHeader(value) }));
  return {
    rule,
    outcome: (caller) => ({ rule: id, code, reason: reason(caller), hint: hint(caller) }),
    obligations: rule.obligations.map((obligation) => ({ ...obligation, rule: id })),
    headers: (caller) =>
      sets.map(({ name, fill }) => {
        const value = fill(caller);
        return value === null ? { kind: "remove_header", name, rule: id } : { name, value };
      }),
  };
}

function isSet(header: HeaderSet | Removal): header is HeaderSet {
  return "value" in header;
}

function isRemoval(header: HeaderSet | Removal): header is Removal {
  return !isSet(header);
}

type Verdict = {
  readonly decision: "allow" | "approval_needed" | "deny";
  readonly deciding: readonly PlannedRule[];
  readonly adding: readonly PlannedRule[];
  readonly limiting: readonly PlannedRule[];
  readonly shadow: readonly PlannedRule[];
  readonly unknown: readonly PlannedRule[];
  readonly setting: readonly PlannedRule[];
};

const DECISIONS: ReadonlyMap<unknown, Verdict["decision"]> = new Map([
  [0, "allow"],
  [2, "approval_needed"],
  [3, "deny"],
]);

function parseVerdict(rules: readonly PlannedRule[], answer: string): Verdict {
  const results: unknown = JSON.parse(answer);
  const result: unknown = Array.isArray(results) && results.length === 1 ? results[0]?.result : undefined;
  if (!Array.isArray(result) || result.length !== 7) throw new Error("the engine's answer is no verdict");
  const decision = DECISIONS.get(result[0]);
  if (decision === undefined) throw new Error("the engine's answer has no decision");
  const [deciding = [], adding = [], limiting = [], shadow = [], unknown = [], setting = []] = result
    .slice(1)
    .map((numbers) => rulesOf(rules, numbers));
  expect(deciding, (rule) => rule.effect === decision && !rule.shadow);
  expect(adding, (rule) => rule.effect !== "deny" && !rule.shadow);
  expect(limiting, (rule) => rule.effect === "limit" && !rule.shadow);
  expect(shadow, (rule) => rule.shadow);
  expect(setting, (rule) => rule.sets.length > 0 && rule.effect !== "deny" && !rule.shadow);
  return { decision, deciding, adding, limiting, shadow, unknown, setting };
}

function rulesOf(rules: readonly PlannedRule[], numbers: unknown): readonly PlannedRule[] {
  if (!Array.isArray(numbers)) throw new Error("the engine's answer has no list of rules");
  let last = -1;
  return numbers.map((number: unknown) => {
    const rule = typeof number === "number" && number > last ? rules[number] : undefined;
    if (typeof number !== "number" || rule === undefined) throw new Error("the engine names a rule that is not there");
    last = number;
    return rule;
  });
}

function expect(planned: readonly PlannedRule[], fits: (rule: ProgramRule) => boolean): void {
  for (const { rule } of planned) {
    if (!fits(rule)) throw new Error(`the engine uses rule ${rule.id} for what it is not`);
  }
}

function requirementOf({ rule }: PlannedRule): ApprovalRequirement {
  if (rule.approval === null) throw new Error(`rule ${rule.id} asks for an approval and does not say whose`);
  return rule.approval;
}

function limitOf({ rule }: PlannedRule): Limit {
  if (rule.limit === null) throw new Error(`rule ${rule.id} has no limit`);
  return rule.limit;
}

const STRICTEST_FIRST = ["deny", "approval_needed", "allow"] as const;

function shadowOutcomes(planned: readonly PlannedRule[]): readonly ShadowOutcome[] {
  if (planned.length === 0) return [];
  return STRICTEST_FIRST.flatMap((decision) =>
    planned.filter(({ rule }) => rule.effect === decision).map(({ rule }) => ({ decision, rule: rule.id, code: rule.code })),
  );
}

function factPathsOf(planned: readonly PlannedRule[]): readonly (readonly string[])[] {
  if (planned.length === 1) return planned[0]?.rule.facts ?? [];
  return [...new Map(planned.flatMap(({ rule }) => rule.facts).map((path) => [JSON.stringify(path), path])).values()];
}
