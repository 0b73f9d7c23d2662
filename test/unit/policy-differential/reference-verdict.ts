import type { Json } from "../../../src/core/intent.ts";
import type { Atom, Clause, Match, Names, Program, ProgramRule } from "../../../src/policy/program.ts";

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
  };
};

function matchOf(match: Match, call: Call["match"]): number {
  const named = (names: Names | undefined, text: string | null) =>
    names === undefined ? 1 : text === null ? 0.5 : Number(isNamed(names, text));
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
  return anyOf((rule.sure ?? rule.maybe ?? []).map((clause) => clauseOf(clause, call, cut)));
}

type Cut = readonly (readonly string[])[];

const anyOf = (truths: readonly number[]) => Math.max(0, ...truths);
const allOf = (truths: readonly number[]) => Math.min(1, ...truths);

function clauseOf(clause: Clause, base: Json, cut: Cut): number {
  return allOf(clause.map((atom) => atomOf(atom, base, cut)));
}

type Kind = "absent" | "null" | "text" | "number" | "boolean" | "list" | "map";

function kindOf(value: unknown): Kind {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  if (typeof value === "object") return "map";
  return typeof value === "number" ? "number" : "boolean";
}

function at(base: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return base;
  if (kindOf(base) !== "map") return undefined;
  return at(new Map(Object.entries(base as object)).get(name), rest);
}

function atomOf([written, path, operand]: Atom, base: Json, cut: Cut): number {
  const operator = written.replace("?", "");
  const value = at(base, path);
  const kind = kindOf(value);
  const when = (isJudged: boolean, isTrue: () => boolean) => (isJudged ? Number(isTrue()) : 0.5);
  const number = (compare: (a: number, b: number) => boolean) =>
    when(kind === "number", () => compare(value as number, operand as unknown as number));
  const money = (compare: (a: number, b: number) => boolean) => {
    const [a, b] = [value, operand] as unknown as { readonly currency: string; readonly micros: number }[];
    const isJudged = kind === "map" && a?.currency === b?.currency && kindOf(a?.micros) === "number";
    return when(isJudged, () => compare(a?.micros ?? 0, b?.micros ?? 0));
  };
  const elements = (clauses: readonly Clause[], join: (truths: readonly number[]) => number) => {
    if (kind !== "list") return 0.5;
    const isCut = cut.some((one) => one.join("/") === path.join("/"));
    return join([
      ...(value as readonly Json[]).map((element) => anyOf(clauses.map((c) => clauseOf(c, element, cut)))),
      ...(isCut ? [0.5] : []),
    ]);
  };
  switch (operator) {
    case "eq":
      return when(kind === kindOf(operand), () => value === operand);
    case "ne":
      return when(kind === kindOf(operand), () => value !== operand);
    case "lt":
      return number((a, b) => a < b);
    case "le":
      return number((a, b) => a <= b);
    case "gt":
      return number((a, b) => a > b);
    case "ge":
      return number((a, b) => a >= b);
    case "in":
      return when(kind === "text", () => Object.keys(operand as object).includes(value as string));
    case "nin":
      return when(kind === "text", () => !Object.keys(operand as object).includes(value as string));
    case "in_list":
      return when(kind === kindOf((operand as readonly Json[])[0]), () => (operand as readonly unknown[]).includes(value));
    case "nin_list":
      return when(kind === kindOf((operand as readonly Json[])[0]), () => !(operand as readonly unknown[]).includes(value));
    case "prefix":
      return when(kind === "text", () => (value as string).startsWith(operand as string));
    case "nprefix":
      return when(kind === "text", () => !(value as string).startsWith(operand as string));
    case "truthy":
      return when(kind === "boolean", () => value === true);
    case "falsy":
      return when(kind === "boolean", () => value === false);
    case "has":
      return Number(kind !== "absent");
    case "hasnt":
      return Number(kind === "absent");
    case "money_eq":
      return money((a, b) => a === b);
    case "money_ne":
      return money((a, b) => a !== b);
    case "money_lt":
      return money((a, b) => a < b);
    case "money_le":
      return money((a, b) => a <= b);
    case "money_gt":
      return money((a, b) => a > b);
    case "money_ge":
      return money((a, b) => a >= b);
    case "contains_elem":
      return elements([[["eq", [], operand]]], anyOf);
    case "lacks_elem":
      return elements([[["ne", [], operand]]], allOf);
    case "some":
      return elements(operand as unknown as readonly Clause[], anyOf);
    case "every":
      return elements(operand as unknown as readonly Clause[], allOf);
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}
