import { CODES } from "../core/codes.ts";
import type {
  AtomExplanation,
  ConditionExplanation,
  DimensionExplanation,
  RuleExplanation,
  RulePart,
  ValueKind,
} from "../core/explanation.ts";
import { otherPathOf } from "../policy/wasm/parse-atom.ts";
import { describePath } from "../policy/wording/describe-path.ts";

/** What came of a call, as far as why is told. */
export type OutcomeFacts = {
  readonly decision: "allow" | "sanitize" | "approval_needed" | "deny";
  readonly code: string | null;
  readonly rule: string | null;
  /** The receipt's, where there is one: why what is no rule refused. */
  readonly fault?: string | null;
};

export type OutcomeExplanation = {
  /** What won, and over what. */
  readonly because: string;
  readonly unknowns: readonly UnknownExplanation[];
};

/** Something that a rule could not judge. */
export type UnknownExplanation = {
  readonly rule: string;
  /** A place of the input, or the dimension of a match, in words. */
  readonly about: string;
  readonly found: string;
  /** As what the unknown counts in this rule, and in what of it. */
  readonly countsAs: boolean;
  readonly in: string;
};

/** Why the rules that a call met lead to its decision, and what of the call they could not judge. */
export function explainOutcome(rules: readonly RuleExplanation[], outcome: OutcomeFacts): OutcomeExplanation {
  return { because: reasonOf(rules, outcome), unknowns: rules.flatMap(unknownsOf) };
}

function reasonOf(rules: readonly RuleExplanation[], outcome: OutcomeFacts): string {
  const { decision, rule } = outcome;
  const part = (...parts: readonly RulePart[]) => rules.filter((one) => parts.includes(one.outcome));
  const deciding = part("decides");
  const [first] = deciding;
  if (first === undefined) return reasonWithout(rules, part("opens_nothing"), outcome);
  const said = first.effect;
  const decided = `${said} by ${namesOf(deciding)}`;
  const goes = decision === "allow" || decision === "sanitize";
  if (said === "approval_needed" && goes) return `${decided}, and the approval was given`;
  const agrees = said === decision || (said === "allow" && decision === "sanitize");
  const isRules = goes || deciding.some((one) => one.rule === rule);
  if (!agrees || !isRules) return `the rules say ${decided}; ${refusalText(outcome)}`;
  const over = part("outranked", "opens_nothing").map((one) => `${one.effect} by ${one.rule}`);
  const wins = over.length === 0 ? decided : `${decided} wins over ${over.join(", ")}`;
  const adding = rules.filter((one) => one.outcome === "adds" || (one.outcome === "decides" && one.conditions.length > 1));
  return decision === "sanitize" ? `${wins}; sanitize, because something was taken out by ${namesOf(adding)}` : wins;
}

/** Why a call is refused that the rules would let go on. */
function refusalText({ code, rule, fault = null }: OutcomeFacts): string {
  const what = fault === null ? "" : `: ${fault}`;
  switch (code) {
    case "cannot_sanitize":
    case "sanitizer_not_declared":
      return `what ${rule ?? "a rule"} takes out cannot be taken out, ${code}${what}`;
    case "rate_exceeded":
    case "budget_exceeded":
    case "price_unknown":
    case "currency_mismatch":
      return `the limit ${rule ?? "of the call"} refuses it, ${code}${what}`;
    default:
      return `the call is refused for something else, ${code ?? "no code"}${what}`;
  }
}

type Without = readonly RuleExplanation[];

function reasonWithout(rules: Without, asking: Without, { code, fault = null }: OutcomeFacts): string {
  if (code !== "no_matching_rule") {
    const why = fault ?? Object.entries(CODES).find(([name]) => name === code)?.[1].message ?? null;
    return `the call is refused ${rules.length === 0 ? "before" : "without"} the rules, ${code ?? "no code"}${why === null ? "" : `: ${why}`}`;
  }
  if (asking.length > 0) return `${namesOf(asking)} would ask, and nothing permits what it asks for`;
  return rules.length === 0 ? "no rule is about such a call, and nothing permits it" : "no rule that permits applies";
}

function namesOf(rules: readonly RuleExplanation[]): string {
  return rules.map(({ rule }) => rule).join(", ");
}

function unknownsOf(rule: RuleExplanation): readonly UnknownExplanation[] {
  if (rule.match.fits === "false") return [];
  const found = rule.conditions.flatMap((condition) => {
    const counted = { rule: rule.rule, countsAs: condition.mode === "maybe", in: purposeOf(rule, condition) };
    const undetermined = rule.match.dimensions.filter(({ truth }) => truth === "unknown");
    return [
      ...undetermined.map(({ dimension }) => ({ ...counted, about: DIMENSIONS[dimension], found: "cannot be determined" })),
      ...condition.clauses.flat().flatMap((atom) => (atom.truth === "unknown" ? [{ ...counted, ...describeUnknown(atom) }] : [])),
    ];
  });
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

function purposeOf({ effect }: RuleExplanation, { mode }: ConditionExplanation): string {
  if (mode === "sure") return effect === "allow" ? "what permits" : "what sets headers";
  if (effect === "limit") return "limits";
  return effect === "deny" || effect === "approval_needed" ? "what restricts" : "what takes out";
}

const DIMENSIONS: Readonly<Record<DimensionExplanation["dimension"], string>> = {
  agent: "the agent",
  host: "the host",
  method: "the method",
  tool: "the tool",
  protocol: "the protocol",
  operation: "the operation",
  model: "the model",
  role: "the roles",
  group: "the groups",
  path: "the path",
};

function describeUnknown({ operator, path, operand, sawKind, against }: AtomExplanation): Pick<UnknownExplanation, "about" | "found"> {
  const about = describePath(path);
  const other = otherPathOf([operator, path, operand]);
  if (other !== null && (against === undefined || against === null)) {
    const found = KINDS[against === null ? "null" : "absent"];
    if (sawKind !== "absent" && sawKind !== "null")
      return { about: describePath(other), found: `${found}, and ${about} is held against it` };
    return {
      about: `${about} and ${describePath(other)}`,
      found: `cannot be compared: ${about} ${KINDS[sawKind]}, ${describePath(other)} ${found}`,
    };
  }
  if (sawKind === "absent" || sawKind === "null") {
    return { about, found: other === null ? KINDS[sawKind] : `${KINDS[sawKind]}, and is held against ${describePath(other)}` };
  }
  return { about, found: `${KINDS[sawKind]}, which this test cannot judge` };
}

const KINDS: Readonly<Record<ValueKind, string>> = {
  absent: "is absent",
  null: "is null",
  text: "is a text",
  number: "is a number",
  boolean: "is true or false",
  list: "is a list",
  map: "is a map or money",
};
