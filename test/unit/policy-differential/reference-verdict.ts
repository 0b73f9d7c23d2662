import type { Json } from "../../../src/core/intent.ts";
import type { Atom, Clause, Match, Names, Program, ProgramRule } from "../../../src/policy/program.ts";
import { at, CUT, elementsOf, type Facts, referenceTruth } from "./reference-truth.ts";

/**
 * What policy.md section 2 says of a call, written once more without the engine's shortcuts: 0 is false, 0.5 unknown and 1
 * true; "all" is the least, "any" the greatest, "not" is 1 minus. Strict twins are read as their operators: what they
 * stand for follows from where they stand.
 */
export function referenceVerdict(program: Program, call: Json, truthOf: ConditionOf = conditionOf): readonly unknown[] {
  const of = call as unknown as Call;
  const reached = new Set(of.keys.flatMap((key) => program.index[key] ?? []));
  const judged = program.rules
    .map((rule, number) => ({ rule, number, match: matchOf(rule.match, of.match), truth: truthOf(rule, call) }))
    .filter(({ number }) => reached.has(number));

  const restricting = judged.filter(({ rule, match, truth }) => rule.maybe !== null && Math.min(match, truth) > 0);
  const permitting = judged.filter(
    ({ rule, match, truth }) => rule.effect === "allow" && Math.min(match, truth) === 1 && mayPermit(rule.match, of.match),
  );
  const byEffect = (effect: string) => restricting.filter(({ rule }) => rule.effect === effect && !rule.shadow);
  const permits = permitting.filter(({ rule }) => !rule.shadow);
  const asking = byEffect("approval_needed");
  const isAnswerable = permits.length > 0 || asking.some(({ rule }) => !rule.guard && mayPermit(rule.match, of.match));
  const [decision, deciding] =
    byEffect("deny").length > 0
      ? [3, byEffect("deny")]
      : asking.length > 0 && isAnswerable
        ? [2, asking]
        : permits.length > 0
          ? [0, permits]
          : [3, []];
  const adding = restricting.filter(({ rule }) => rule.effect !== "deny" && !rule.shadow && rule.obligations.length > 0);
  const shadow = judged.filter(
    (one) => one.rule.shadow && (one.rule.effect === "allow" ? permitting.includes(one) : restricting.includes(one)),
  );
  const setting = judged.filter(
    ({ rule, match, truth }) =>
      rule.effect !== "deny" && !rule.shadow && rule.sets.length > 0 && rule.sure !== null && Math.min(match, truth) === 1,
  );
  const unknown = restricting.filter(({ match, truth }) => Math.min(match, truth) < 1);
  return [decision, ...[deciding, adding, byEffect("limit"), shadow, unknown, setting].map((rules) => rules.map(({ number }) => number))];
}

/** 0, 0.5 or 1: whether the rule's condition holds. */
export type ConditionOf = (rule: ProgramRule, call: Json) => number;

type Call = {
  readonly keys: readonly string[];
  readonly match: {
    readonly agent: string;
    readonly host: string;
    readonly method: string | null;
    readonly segments: readonly string[] | null;
    readonly tool: string | null;
    readonly tools: readonly string[];
    readonly protocol: string;
    readonly operation: string | null;
    readonly model: string | null;
    readonly roles: readonly string[] | null;
    readonly groups: readonly string[] | null;
  };
};

function matchOf(match: Match, call: Call["match"]): number {
  const named = (names: Names | undefined, text: string | null) =>
    names === undefined ? 1 : text === null ? 0.5 : Number(isNamed(names, text));
  const any = (names: Names | undefined, all: readonly string[] | null) =>
    names === undefined ? 1 : all === null ? 0.5 : Math.max(0, ...all.map((text) => Number(isNamed(names, text))));
  const tool = () => {
    const { tool: names } = match;
    if (names === undefined) return 1;
    if (!call.tools.some((name) => isNamed(names, name))) return 0;
    return call.tool === null ? 0.5 : 1;
  };
  const path = () => {
    const { segments } = call;
    if (match.path === undefined) return 1;
    if (segments === null) return 0.5;
    const fits = match.path.map((glob) => {
      const want = Array.from({ length: glob.n }, (_, at) => new Map(glob.fixed).get(at));
      const have = glob.open ? segments.slice(0, glob.n) : segments;
      return have.length === glob.n && want.every((text, at) => text === undefined || text === have[at]);
    });
    return Number(fits.includes(true));
  };
  return Math.min(
    named(match.agent, call.agent),
    named(match.host, call.host),
    named(match.method, call.method),
    named(match.protocol, call.protocol),
    named(match.operation, call.operation) * Number(match.operation === undefined || call.operation !== ""),
    named(match.model, call.model) * Number(match.model === undefined || call.model !== ""),
    any(match.role, call.roles),
    any(match.group, call.groups),
    tool(),
    path(),
  );
}

function isNamed({ is, starts, ends }: Names, text: string): boolean {
  return Object.keys(is).includes(text) || starts.some((start) => text.indexOf(start) === 0) || ends.some((end) => text.endsWith(end));
}

function mayPermit(match: Match, call: Call["match"]): boolean {
  if (call.protocol !== "http" && match.protocol?.is[call.protocol] !== true) return false;
  return call.tool !== "unknown" || match.tool?.is["unknown"] === true;
}

function conditionOf(rule: ProgramRule, call: Json): number {
  const cut = ((call as Record<string, Json>)["cut"] ?? []) as readonly (readonly string[])[];
  return anyOf((rule.sure ?? rule.maybe ?? []).map((clause) => clauseOf(clause, call, { call, cut })));
}

const anyOf = (truths: readonly number[]) => Math.max(0, ...truths);
const allOf = (truths: readonly number[]) => Math.min(1, ...truths);

function clauseOf(clause: Clause, base: Json, of: Facts): number {
  return allOf(clause.map((atom) => atomOf(atom, base, of)));
}

function atomOf([written, path, operand]: Atom, base: Json, of: Facts): number {
  const operator = written.replace("?", "");
  const value = at(base, path);
  if (operator === "has" || operator === "hasnt") return Number((value === undefined) === (operator === "hasnt"));
  if (operator === "some" || operator === "every") {
    const clauses = operand as unknown as readonly Clause[];
    const truths = elementsOf(value, path, of)?.map((element) =>
      element === CUT ? 0.5 : anyOf(clauses.map((c) => clauseOf(c, element, of))),
    );
    return truths === undefined ? 0.5 : operator === "some" ? anyOf(truths) : allOf(truths);
  }
  return referenceTruth(operator, { value, path, operand, of });
}
