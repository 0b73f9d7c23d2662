import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/core/intent.ts";
import { conflictIn } from "../../../src/policy/compile/lint/solver/conflict-in.ts";
import { factsOfInput } from "../../../src/policy/compile/lint/solver/facts-at.ts";
import { implies } from "../../../src/policy/compile/lint/solver/implies.ts";
import { dualOf } from "../../../src/policy/compile/lint/solver/read-atom.ts";
import { OPERATORS, type OperatorName } from "../../../src/policy/compile/operators.ts";
import type { Atom, Clause } from "../../../src/policy/program.ts";
import { judgeAtom } from "../../../src/policy/wasm/judge-atom.ts";
import { SOAK_FACTOR, seedOf } from "../../tools/soak-factor.ts";
import { createRandom, type Random } from "../policy-differential/random.ts";

const CLAUSES = 6_000 * SOAK_FACTOR;
const INPUTS_EACH = 60;
// The work of many cases, on a machine that may be busy.
const TIMEOUT_MS = 60_000 * SOAK_FACTOR;
const FIRST_SEED = seedOf(1);

const WORDS = ["", "a", "ab", "abc", "b", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "10.0.0.1", "é"];
const NUMBERS = [-1, 0, 1, 1.5, 2, 3, 1_767_225_600];
const MOMENTS = [Date.parse("2026-01-01T00:00:00Z"), Date.parse("2026-01-02T00:00:00Z")];
const PATHS = [["v"], ["v"], ["v"], ["v", "k"], ["w"]];
const NAMES = Object.keys(OPERATORS) as OperatorName[];

function makeAtom(random: Random, depth = 1): Atom {
  const op = random.pick(depth === 0 ? NAMES.filter((name) => !isQuantifier(name) && !name.endsWith("_f")) : NAMES);
  const isMaybe = OPERATORS[op].twin && random.chance(0.4);
  const path = depth === 0 ? random.pick([[], [], ["k"]]) : random.pick(PATHS);
  return [isMaybe ? `?${op}` : op, path, makeOperand(random, op, isMaybe)];
}

function isQuantifier(op: OperatorName): boolean {
  return op === "some" || op === "every";
}

function makeOperand(random: Random, op: OperatorName, isMaybe: boolean): Json {
  const scalar = () => random.pick<Json>([random.pick(WORDS), random.pick(NUMBERS), random.chance(0.5)]);
  switch (OPERATORS[op].operand) {
    case "scalar":
      return scalar();
    case "number":
      return op.startsWith("time_") ? random.pick(MOMENTS) : op.startsWith("size_") ? random.below(4) : random.pick(NUMBERS);
    case "text":
      return op.endsWith("cidr") ? "10.0.0.0/8" : op.endsWith("matches") ? random.pick(["^a", "b$"]) : random.pick(WORDS);
    case "text_set":
      return Object.fromEntries([random.pick(WORDS), ...random.some(WORDS)].map((word) => [word, true]));
    case "scalar_list": {
      const list: readonly Json[] = random.chance(0.5) ? NUMBERS : WORDS;
      return [random.pick(list), ...random.some(list)];
    }
    case "money":
      return { currency: random.pick(["usd", "eur"]), micros: random.below(4) };
    case "path":
      return random.pick([["w"], ["v"]]);
    case "clauses":
      return [...Array(1 + random.below(2))].map(() => [...Array(1 + random.below(2))].map(() => inMode(makeAtom(random, 0), isMaybe)));
    case "nothing":
      return null;
  }
}

/** Inside of a quantifier all atoms have its mode. */
function inMode([op, path, operand]: Atom, isMaybe: boolean): Atom {
  const plain = op.replace("?", "");
  const hasTwin = plain !== "has" && plain !== "hasnt";
  return [isMaybe && hasTwin ? `?${plain}` : plain, path, operand];
}

function makeClause(random: Random): Clause {
  return Array.from({ length: 1 + random.below(4) }, () => makeAtom(random));
}

function makeInput(random: Random): Json {
  const member = (name: string) => (random.chance(0.9) ? { [name]: makeValue(random, 2) } : {});
  return { ...member("v"), ...member("w"), ...(random.chance(0.2) && { cut: [random.pick([["v"], ["w"], ["v", "k"]])] }) };
}

function makeValue(random: Random, depth: number): Json {
  const kinds: readonly (() => Json)[] = [
    () => random.pick(WORDS),
    () => random.pick(WORDS),
    () => random.pick(NUMBERS),
    () => random.chance(0.5),
    () => null,
    () => ({ currency: random.pick(["usd", "eur"]), micros: random.below(4) }),
    ...(depth === 0
      ? []
      : [() => random.list(3, () => makeValue(random, depth - 1)), () => (random.chance(0.8) ? { k: makeValue(random, depth - 1) } : {})]),
  ];
  return random.pick(kinds)();
}

function holds(clause: Clause, input: Json): boolean {
  return clause.every((atom) => {
    const truth = judgeAtom(atom, input);
    return atom[0].startsWith("?") ? truth !== "false" : truth === "true";
  });
}

const samples = Array.from({ length: CLAUSES }, (_, seed) => {
  const random = createRandom(FIRST_SEED + seed);
  return { clause: makeClause(random), other: makeClause(random).slice(0, 2), random };
});

describe(`the solver, over ${CLAUSES} random clauses with ${INPUTS_EACH} inputs each`, { timeout: TIMEOUT_MS }, () => {
  it("calls no clause impossible that some input meets", () => {
    const impossible = samples.filter(({ clause }) => conflictIn(clause, factsOfInput) !== null);
    expect(impossible.length).toBeGreaterThan(CLAUSES / 10);
    const wrong = impossible.flatMap(({ clause, random }) =>
      inputs(random).flatMap((input) => (holds(clause, input) ? [{ clause, input }] : [])),
    );
    expect(wrong.slice(0, 1)).toEqual([]);
  });

  it("names atoms that no input meets together", () => {
    const wrong = samples.flatMap(({ clause, random }) => {
      const conflict = conflictIn(clause, factsOfInput);
      if (conflict === null || conflict.hasParts) return [];
      const atoms = conflict.atoms.map(({ atom }) => atom);
      return inputs(random).flatMap((input) => (holds(atoms, input) ? [{ atoms, input }] : []));
    });
    expect(wrong.slice(0, 1)).toEqual([]);
  });

  it("says of no clause that it implies what some input that meets it does not meet", () => {
    const implying = samples.flatMap(({ clause, other, random }) => {
      // A weaker form of one of its own atoms is likelier to be implied than a random one.
      const others = [other, [weaken(random.pick(clause), random)]];
      return others.flatMap((one) => (implies(clause, [one], factsOfInput) ? [{ clause, one, random }] : []));
    });
    expect(implying.length).toBeGreaterThan(CLAUSES / 10);
    const wrong = implying.flatMap(({ clause, one, random }) =>
      inputs(random).flatMap((input) => (holds(clause, input) && !holds(one, input) ? [{ clause, one, input }] : [])),
    );
    expect(wrong.slice(0, 1)).toEqual([]);
  });

  it("knows the atom that holds exactly where another does not", () => {
    const wrong = samples.flatMap(({ clause: [atom], random }) => {
      if (atom === undefined || /some|every/.test(atom[0])) return [];
      return inputs(random)
        .slice(0, 10)
        .flatMap((input) => (holds([atom], input) === holds([dualOf(atom)], input) ? [{ atom, input }] : []));
    });
    expect(wrong.slice(0, 1)).toEqual([]);
  });
});

function inputs(random: Random): readonly Json[] {
  return Array.from({ length: INPUTS_EACH }, () => makeInput(random));
}

function weaken([op, path, operand]: Atom, random: Random): Atom {
  const plain = op.replace("?", "");
  const other: Readonly<Record<string, string>> = {
    lt: "le",
    gt: "ge",
    eq: "ge",
    size_lt: "size_le",
    time_lt: "time_le",
    text_lt: "text_le",
    money_lt: "money_le",
    money_eq: "money_ge",
  };
  const written = other[plain] ?? plain;
  const isNumeric = typeof operand === "number" || other[plain] === undefined || plain.startsWith("money") || plain.startsWith("text");
  const name = isNumeric ? written : plain;
  return [
    OPERATORS[name as OperatorName].twin && (op.startsWith("?") || random.chance(0.5)) ? `?${name}` : name,
    path,
    inside(operand, random),
  ];
}

function inside(operand: Json, random: Random): Json {
  return typeof operand === "string" && random.chance(0.3) ? operand.slice(0, 1) : operand;
}
