import type { Json } from "../../../src/core/intent.ts";
import type { Atom, Clause, Match, Program, ProgramRule } from "../../../src/policy/program.ts";
import type { Random } from "../policy-differential/random.ts";
import { makeAtom } from "../policy-differential/random-atom.ts";
import { makeProgram } from "../policy-differential/random-program.ts";
import { MASK, program } from "../policy-wasm/sample.ts";

/** The program after somebody edited one or two of its rules, as people do: a part of a match, a test, a number, a rule. */
export function mutateProgram(before: Program, random: Random): Program {
  const rules = [...before.rules];
  for (let edit = 0; edit < 1 + random.below(2); edit++) {
    const at = random.below(rules.length + 1);
    const rule = rules[at];
    if (rule === undefined) rules.push({ ...strange(random), id: `p/new${edit}` });
    else if (random.chance(0.15)) rules.splice(at, 1);
    else rules[at] = mutateRule(rule, random);
  }
  return program(rules);
}

function strange(random: Random): ProgramRule {
  const [rule] = makeProgram(random).rules;
  if (rule === undefined) throw new Error("a random program has a rule");
  return rule;
}

function mutateRule(rule: ProgramRule, random: Random): ProgramRule {
  return random.pick([
    () => ({ ...rule, match: mutateMatch(rule.match, random) }),
    () => ({ ...rule, match: mutateMatch(rule.match, random) }),
    () => mutateCondition(rule, random),
    () => mutateCondition(rule, random),
    () => mutateCondition(rule, random),
    () => ({ ...rule, shadow: !rule.shadow }),
    () => ({ ...rule, obligations: rule.maybe !== null && rule.obligations.length === 0 ? [MASK] : [] }),
    () => ({ ...strange(random), id: rule.id, guard: rule.guard && rule.effect !== "allow" }),
  ])();
}

function mutateMatch(match: Match, random: Random): Match {
  const other = strange(random).match;
  const names = Object.keys({ ...match, ...other });
  if (names.length === 0) return match;
  const dimension = random.pick(names);
  const rest = Object.fromEntries(Object.entries(match).filter(([name]) => name !== dimension));
  const taken = Object.fromEntries(Object.entries(other).filter(([name]) => name === dimension));
  return random.chance(0.3) ? rest : { ...rest, ...taken };
}

/** The same edit in both of a rule's readings. */
function mutateCondition(rule: ProgramRule, random: Random): ProgramRule {
  const clauses = rule.sure ?? rule.maybe ?? [];
  const [at, place, atom, kind] = [random.below(clauses.length + 1), random.below(3), makeAtom(random), random.below(4)];
  const edit = (list: readonly Clause[] | null, isStrict: boolean): readonly Clause[] | null => {
    if (list === null) return null;
    const fresh = isStrict ? strict(atom) : atom;
    const clause = list[at];
    if (clause === undefined) return [...list, [fresh]];
    const edited = [
      () => [...clause, fresh],
      () => clause.filter((_, index) => index !== place),
      () => clause.map((one, index) => (index === place ? nudge(one) : one)),
      () => [fresh],
    ][kind]?.();
    return list.map((one, index) => (index === at ? (edited ?? one) : one)).toReversed();
  };
  return { ...rule, sure: edit(rule.sure, false), maybe: edit(rule.maybe, true) };
}

function strict([operator, path, operand]: Atom): Atom {
  if (operator === "has" || operator === "hasnt") return [operator, path, operand];
  if (operator !== "some" && operator !== "every") return [`?${operator}`, path, operand];
  // What `makeAtom` puts there is any of all of atoms.
  const clauses = operand as unknown as readonly Clause[];
  return [`?${operator}`, path, clauses.map((clause) => clause.map(strict)) as unknown as Json];
}

/** A number raised, or a text taken out of a set. */
function nudge([operator, path, operand]: Atom): Atom {
  if (typeof operand === "number") return [operator, path, operand + 1];
  if (typeof operand !== "object" || operand === null || Array.isArray(operand) || "micros" in operand) return [operator, path, operand];
  return [operator, path, Object.fromEntries(Object.entries(operand).slice(1))];
}
