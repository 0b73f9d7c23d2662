import type { Random } from "./random.ts";

const WORDS = ["a", "ab", "b", "é"];
const text = (random: Random) => JSON.stringify(random.pick(WORDS));
const texts = (random: Random) =>
  `[${random
    .list(2, () => text(random))
    .concat(text(random))
    .join(", ")}]`;
const sign = (random: Random) => random.pick(["==", "!=", "<", "<=", ">", ">="]);
const equality = (random: Random) => random.pick(["==", "!="]);

/** A condition as an author writes it, of what this stage of the language has. */
export function makeCondition(random: Random, depth = 3): string {
  if (depth === 0 || random.chance(0.3)) return makeTest(random);
  const part = () => makeCondition(random, depth - 1);
  return random.pick([() => `(${part()} && ${part()})`, () => `(${part()} || ${part()})`, () => `!(${part()})`])();
}

function makeTest(random: Random): string {
  const field = random.pick(["args.s", "caller.agent", "caller.subject", 'http.headers["x-a"]', "http.query.q"]);
  return random.pick([
    () => `${field} ${equality(random)} ${text(random)}`,
    () => `${field} in ${texts(random)}`,
    () => `${field}.startsWith(${text(random)})`,
    () => `args.n ${sign(random)} ${random.pick(["1", "2.5", "-1", "0"])}`,
    () => `args.n in [1, 2]`,
    () => "args.b",
    () => `args.b ${equality(random)} true`,
    () => `amount ${sign(random)} usd(${random.pick(["5", "0", "2.5"])})`,
    () => `has(args.${random.pick(["s", "n", "l"])})`,
    () => random.pick(["has(http.query.q)", "has(http.query.r)", "has(caller.subject)"]),
    () => random.pick(['"x-a" in http.headers', '"q" in http.query', '"s" in args']),
    () => `${text(random)} in ${random.pick(["caller.roles", "args.l"])}`,
    () => `caller.actors.exists(a, ${makeElementTest(random, "a")})`,
    () => `args.l.exists(e, ${makeElementTest(random, "e")})`,
    () => `findings.exists(f, f.kind ${equality(random)} "pii.ssn" && f.confidence ${random.pick([">", "<="])} 0.5)`,
  ])();
}

function makeElementTest(random: Random, name: string): string {
  const test = () =>
    random.pick([
      () => `${name} ${equality(random)} ${text(random)}`,
      () => `${name} in ${texts(random)}`,
      () => `${name}.startsWith(${text(random)})`,
    ])();
  return random.pick([test, () => `${test()} && ${test()}`, () => `${test()} || !(${test()})`])();
}
