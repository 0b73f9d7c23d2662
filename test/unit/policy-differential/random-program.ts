import type { Atom, Clause, Match, Names, PathGlob, Program, ProgramRule } from "../../../src/policy/program.ts";
import { MASK, program, RATE, rule, TREASURY } from "../policy-wasm/sample.ts";
import type { Random } from "./random.ts";
import { makeAtom, makeClauses } from "./random-atom.ts";

export const AGENTS = ["finance-1", "finance-2", "health-1"];
export const HOSTS = ["api.example.com", "a.b.example.com", "example.com", "other.org:8443"];
export const TOOLS = ["pay.create", "pay.refund", "crm.update"];
export const METHODS = ["GET", "POST", "DELETE"];
export const PROTOCOLS = ["http", "tunnel", "upgrade", "stream"];
export const SEGMENTS = ["v1", "v2", "payments", "é"];
export const ROLES = ["payments", "reader", "owner"];
export const GROUPS = ["treasury", "board"];
export const OPERATIONS = ["charge", "refund"];
export const MODELS = ["gpt-5", "gpt-5-mini"];

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
  const clauses = makeClauses(random, makeAtom);
  const effect = random.pick(["deny", "approval_needed", "approval_needed", "allow", "allow", "allow", "add", "limit"] as const);
  const redacts = effect === "add" || random.chance(0.3);
  const guard = effect !== "allow" && random.chance(0.2);
  const sets = !guard && effect !== "deny" && random.chance(0.3);
  return rule({
    id: `p/r${number}`,
    effect,
    shadow: random.chance(0.15),
    guard,
    match: makeMatch(random),
    sure: effect === "allow" || sets ? clauses : null,
    maybe: effect !== "allow" || redacts ? clauses.map((clause) => clause.map(twin)) : null,
    obligations: redacts ? [MASK] : [],
    sets: sets ? [{ name: "x-b", value: "1" }] : [],
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

export function makeMatch(random: Random): Match {
  return {
    ...(random.chance(0.15) && { agent: namesOf(random, AGENTS, ["finance-", ""], []) }),
    ...(random.chance(0.25) && { host: namesOf(random, HOSTS, [], [".example.com", ".org:8443"]) }),
    ...(random.chance(0.2) && { method: namesOf(random, METHODS, [], []) }),
    ...(random.chance(0.25) && { tool: namesOf(random, [...TOOLS, "unknown"], ["pay.", ""], []) }),
    ...(random.chance(0.25) && { protocol: namesOf(random, PROTOCOLS, [], []) }),
    ...(random.chance(0.1) && { operation: namesOf(random, OPERATIONS, ["re", ""], []) }),
    ...(random.chance(0.1) && { model: namesOf(random, MODELS, ["gpt-5", ""], []) }),
    ...(random.chance(0.1) && { role: namesOf(random, ROLES, ["pay", ""], []) }),
    ...(random.chance(0.1) && { group: namesOf(random, GROUPS, ["t", ""], []) }),
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
