import type { Json } from "../../../src/core/intent.ts";
import type { Atom, Clause } from "../../../src/policy/program.ts";
import type { Random } from "./random.ts";

export const WORDS = ["", "a", "ab", "abc", "b", "é", "1", "true", "😀", "\uffff", "a\u0000", "a\nb", "2026-06-21"];
export const NUMBERS = [0, 1, -1, 2, 1.5, 0.1, 1e-7, 1e21, 9007199254740991, 9007199254740992];
export const DATES = ["2026-06-20", "2026-06-21", "2026-06-22", "2026-6-21", "é"];
export const ADDRESSES = [
  "10.0.0.1",
  "10.255.0.0",
  "11.0.0.1",
  "010.0.0.1",
  "2001:db8::1",
  "2001:DB8:0::2",
  "::1",
  "::ffff:10.0.0.1",
  "10.0.0.0/8",
];
export const MOMENTS: readonly Json[] = [
  "2026-06-21T12:00:00Z",
  "2026-06-21T14:00:00+02:00",
  "2026-06-21T12:00:00.000000001Z",
  "2026-06-21T11:59:59.999999999Z",
  "2026-06-21T12:00:00.001Z",
  "2026-06-21",
  "9999-06-21T12:00:00Z",
  1782043200,
  1782043199.999,
  1782043200.001,
];
export const MICROS = [0, 1, 5_000_000];
const PATTERNS = ["^a", "b$", "^[0-9]+$", "a.b", "^(a|b)*$", "é|😀"];
const NETWORKS = ["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0", "::1/128"];
const NOON_MS = 1_782_043_200_000;

export const PATHS = [["args", "v"], ["args", "w"], ["args", "deep", "x"], ["caller", "agent"], ["amount"], ["args"], ["args", "v", "k"]];
export const LISTS = [
  ["args", "l"],
  ["args", "m"],
  ["caller", "roles"],
  ["args", "v"],
];

/** An atom of any operator, plain. */
export function makeAtom(random: Random): Atom {
  if (random.chance(0.25)) {
    const clauses = makeClauses(random, makeElementAtom);
    return [random.pick(["some", "every"]), random.pick(LISTS), clauses as never];
  }
  if (random.chance(0.2)) return makeFieldAtom(random);
  return makeValueAtom(random, random.pick([...PATHS, ...LISTS]));
}

export function makeClauses(random: Random, atom: (random: Random) => Atom): readonly Clause[] {
  if (random.chance(0.25)) return [[]];
  return random.list(3, () => random.list(2, () => atom(random)));
}

function makeElementAtom(random: Random): Atom {
  return makeValueAtom(random, random.pick([[], ["k"], ["k", "x"]]));
}

/** Two fields of one type, most of the time. */
function makeFieldAtom(random: Random): Atom {
  const at = (...names: readonly string[]) => (random.chance(0.8) ? ["args", random.pick(names)] : random.pick([...PATHS, ...LISTS]));
  return random.pick<() => Atom>([
    () => [random.pick(["eq_f", "ne_f", "lt_f", "le_f", "gt_f", "ge_f"]), at("s", "v"), at("s", "w")],
    () => [random.pick(["eq_f", "ne_f", "lt_f", "le_f", "gt_f", "ge_f"]), at("n", "v"), at("n", "n2")],
    () => [
      random.pick(["money_eq_f", "money_ne_f", "money_lt_f", "money_le_f", "money_gt_f", "money_ge_f"]),
      random.chance(0.8) ? ["amount"] : ["args", "v"],
      random.chance(0.8) ? ["cost"] : ["args", "w"],
    ],
    () => [random.pick(["in_f", "nin_f"]), at("s", "v"), random.pick(LISTS)],
  ])();
}

/** Half of the atoms look where a value of their own type stands most of the time. */
function makeValueAtom(random: Random, elsewhere: readonly string[]): Atom {
  const at = (name: string) => (random.chance(0.6) && elsewhere.length > 1 ? ["args", name] : elsewhere);
  const scalar = random.pick([...WORDS, ...NUMBERS, true, false]);
  const money = { currency: random.pick(["usd", "eur"]), micros: random.pick(MICROS) };
  const set = Object.fromEntries(random.some(WORDS).map((word) => [word, true]));
  const list = random.chance(0.5) ? [1, ...random.some(NUMBERS)] : [random.chance(0.5)];
  return random.pick<() => Atom>([
    () => [random.pick(["eq", "ne"]), at(typeof scalar === "string" ? "s" : "n"), scalar],
    () => [random.pick(["lt", "le", "gt", "ge"]), at("n"), random.pick([0, 1, 2, 0, 1, 2, ...NUMBERS])],
    () => [random.pick(["in", "nin"]), at("s"), set],
    () => [random.pick(["in_list", "nin_list"]), at(typeof list[0] === "boolean" ? "b" : "n"), list],
    () => [random.pick(["prefix", "nprefix", "suffix", "nsuffix", "substring", "nsubstring"]), at("s"), random.pick(WORDS)],
    () => [random.pick(["matches", "nmatches"]), at("s"), random.pick(PATTERNS)],
    () => [random.pick(["cidr", "ncidr"]), at("ip"), random.pick(NETWORKS)],
    () => [random.pick(["truthy", "falsy"]), at("b"), null],
    () => [random.pick(["text_lt", "text_le", "text_gt", "text_ge"]), at("d"), random.pick(DATES)],
    () => [random.pick(["time_eq", "time_ne", "time_lt", "time_le", "time_gt", "time_ge"]), at("t"), NOON_MS + random.pick([0, 0, 1, -1])],
    () => [
      random.pick(["money_eq", "money_ne", "money_lt", "money_le", "money_gt", "money_ge"]),
      random.chance(0.7) && elsewhere.length > 1 ? ["amount"] : elsewhere,
      money,
    ],
    () => [
      random.pick(["size_eq", "size_ne", "size_lt", "size_le", "size_gt", "size_ge"]),
      at(random.pick(["l", "s", "v"])),
      random.below(4),
    ],
    () => [random.pick(["contains_elem", "lacks_elem"]), at("l"), scalar],
    () => [random.pick(["has", "hasnt"]), elsewhere, null],
  ])();
}
