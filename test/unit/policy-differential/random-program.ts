import type { Atom, Clause, Match, Names, PathGlob, Program, ProgramRule } from "../../../src/policy/program.ts";
import { MASK, program, RATE, rule, TREASURY } from "../policy-wasm/sample.ts";
import type { Random } from "./random.ts";

export const AGENTS = ["finance-1", "finance-2", "health-1"];
export const HOSTS = ["api.example.com", "a.b.example.com", "example.com", "other.org:8443"];
export const TOOLS = ["pay.create", "pay.refund", "crm.update"];
export const METHODS = ["GET", "POST", "DELETE"];
export const PROTOCOLS = ["http", "tunnel", "upgrade", "stream"];
export const SEGMENTS = ["v1", "v2", "payments", "é"];
export const WORDS = ["", "a", "ab", "abc", "b", "é", "1", "true"];
export const NUMBERS = [0, 1, -1, 2, 1.5, 0.1, 1e-7, 1e21, 9007199254740991, 9007199254740992];
export const PATHS = [["args", "v"], ["args", "w"], ["args", "deep", "x"], ["caller", "agent"], ["amount"], ["args"], ["args", "v", "k"]];
export const LISTS = [
  ["args", "l"],
  ["args", "m"],
  ["caller", "roles"],
  ["args", "v"],
];

/** Rules of every kind over few words, so that they often meet the calls of `random-call.ts`. */
export function makeProgram(random: Random): Program {
  const rules = Array.from({ length: 1 + random.below(12) }, (_, number) => makeRule(random, number));
  const index: Record<string, number[]> = {};
  for (const [number, { match }] of rules.entries()) {
    for (const key of keysOf(match, random)) index[key] = [...(index[key] ?? []), number];
  }
  return program(rules, index);
}

function makeRule(random: Random, number: number): ProgramRule {
  const clauses = makeClauses(random, atomOf);
  const effect = random.pick(["deny", "approval_needed", "allow", "allow", "allow", "add", "limit"] as const);
  const redacts = effect === "add" || random.chance(0.3);
  return rule({
    id: `p/r${number}`,
    effect,
    shadow: random.chance(0.15),
    match: makeMatch(random),
    sure: effect === "allow" ? clauses : null,
    maybe: effect !== "allow" || redacts ? clauses.map((clause) => clause.map(twin)) : null,
    obligations: redacts ? [MASK] : [],
    approval: effect === "approval_needed" ? TREASURY : null,
    limit: effect === "limit" ? RATE : null,
  });
}

function twin([operator, path, operand]: Atom): Atom {
  if (operator === "has" || operator === "hasnt") return [operator, path, operand];
  if (operator !== "some" && operator !== "every") return [`?${operator}`, path, operand];
  const clauses = operand as unknown as readonly Clause[];
  return [`?${operator}`, path, clauses.map((clause) => clause.map(twin)) as never];
}

function makeClauses(random: Random, atom: (random: Random) => Atom): readonly Clause[] {
  if (random.chance(0.25)) return [[]];
  return random.list(3, () => random.list(2, () => atom(random)));
}

function atomOf(random: Random): Atom {
  if (random.chance(0.3)) {
    const clauses = makeClauses(random, elementAtomOf);
    return [random.pick(["some", "every"]), random.pick(LISTS), clauses as never];
  }
  return plainAtom(random, random.pick([...PATHS, ...LISTS]));
}

function elementAtomOf(random: Random): Atom {
  return plainAtom(random, random.pick([[], ["k"], ["k", "x"]]));
}

/** Half of the atoms look where a value of their own type stands most of the time. */
function plainAtom(random: Random, elsewhere: readonly string[]): Atom {
  const at = (name: string) => (random.chance(0.5) && elsewhere.length > 1 ? ["args", name] : elsewhere);
  const scalar = random.pick([...WORDS, ...NUMBERS, true, false]);
  const money = { currency: random.pick(["usd", "eur"]), micros: random.pick([0, 1, 5_000_000]) };
  const set = Object.fromEntries(random.some(WORDS).map((word) => [word, true]));
  const list = random.chance(0.5) ? [1, ...random.some(NUMBERS)] : [random.chance(0.5)];
  return random.pick<() => Atom>([
    () => [random.pick(["eq", "ne"]), at("s"), scalar],
    () => [random.pick(["lt", "le", "gt", "ge"]), at("n"), random.pick([0, 1, 2, 0, 1, 2, ...NUMBERS])],
    () => [random.pick(["in", "nin"]), at("s"), set],
    () => [random.pick(["in_list", "nin_list"]), at(typeof list[0] === "boolean" ? "b" : "n"), list],
    () => [random.pick(["prefix", "nprefix"]), at("s"), random.pick(WORDS)],
    () => [random.pick(["truthy", "falsy"]), at("b"), null],
    () => [random.pick(["has", "hasnt"]), elsewhere, null],
    () => [
      random.pick(["money_eq", "money_ne", "money_lt", "money_le", "money_gt", "money_ge"]),
      random.chance(0.7) ? ["amount"] : elsewhere,
      money,
    ],
    () => [random.pick(["contains_elem", "lacks_elem"]), at("l"), scalar],
  ])();
}

function makeMatch(random: Random): Match {
  return {
    ...(random.chance(0.2) && { agent: namesOf(random, AGENTS, ["finance-", ""], []) }),
    ...(random.chance(0.3) && { host: namesOf(random, HOSTS, [], [".example.com", ".org:8443"]) }),
    ...(random.chance(0.2) && { method: namesOf(random, METHODS, [], []) }),
    ...(random.chance(0.3) && { tool: namesOf(random, [...TOOLS, "unknown"], ["pay.", ""], []) }),
    ...(random.chance(0.3) && { protocol: namesOf(random, PROTOCOLS, [], []) }),
    ...(random.chance(0.2) && { path: random.list(2, () => globOf(random)) }),
  };
}

function namesOf(random: Random, is: readonly string[], starts: readonly string[], ends: readonly string[]): Names {
  return { is: Object.fromEntries(random.some(is).map((name) => [name, true])), starts: random.some(starts), ends: random.some(ends) };
}

function globOf(random: Random): PathGlob {
  const n = random.below(4);
  const positions = random.some(Array.from({ length: n }, (_, position) => position));
  return { open: random.chance(0.4), n, fixed: positions.map((position) => [position, random.pick(SEGMENTS)]) };
}

/** Any dimension with exact names, hosts also below a suffix, or `*`: whichever it is, the answer is the same. */
function keysOf(match: Match, random: Random): readonly string[] {
  const exact = (prefix: string, names: Names | undefined) =>
    names !== undefined && names.starts.length === 0 && names.ends.length === 0 && Object.keys(names.is).length > 0
      ? [Object.keys(names.is).map((name) => prefix + name)]
      : [];
  const { host } = match;
  const below =
    host !== undefined && host.starts.length === 0 && host.ends.length > 0
      ? [[...Object.keys(host.is), ...host.ends].map((name) => `h:${name}`)]
      : [];
  const ways = [...exact("t:", match.tool), ...exact("h:", host), ...exact("a:", match.agent), ...exact("p:", match.protocol), ...below];
  return ways.length === 0 || random.chance(0.1) ? ["*"] : random.pick(ways);
}
