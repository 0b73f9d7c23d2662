import type { Random } from "./random.ts";

const WORDS = ["a", "ab", "b", "é", "😀"];
const MONEY = ["usd(5)", "usd(0)", "usd(2.5)", 'money("5", "eur")', 'money("2.5", "usd")'];
const NUMBERS = ["1", "2.5", "-1", "0", "9007199254740991", "1e21", 'duration("1.5s")', 'duration("-1h30m")'];
const MOMENTS = ["1970-01-01T00:00:01Z", "2026-12-24T00:00:00Z", "2026-12-24T01:00:00.5+01:00", "1969-12-31T23:59:59Z"];
const DAYS = ["1970-01-01", "2026-03-29", "2026-12-24"];
const PATTERNS = ["^a", "b$", "a|é", "^.$", "[^a]", "(?i)AB", "^(a|b)*$", "\\\\p{L}{2}", "^$"];
const NETWORKS = ["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0", "10.1.2.3/32"];
const TEXTS = [
  "args.s",
  "args.d",
  "args.m.k",
  "caller.agent",
  "caller.subject",
  "caller.labels.team",
  'http.headers["x-a"]',
  "http.query.q",
  "operation",
  "model",
  "path.user",
  "envoy.context.zone",
];
const NUMERIC = ["args.n", "args.d", "http.port", "time.hour", 'usage["calls"].used', 'usage["q/calls"].remaining'];
const LISTS = ["caller.roles", "caller.groups", "args.l", "http.segments", "args.d"];

const quoted = (random: Random) => JSON.stringify(random.pick(WORDS));
const texts = (random: Random) =>
  `[${random
    .list(2, () => quoted(random))
    .concat(quoted(random))
    .join(", ")}]`;
const sign = (random: Random) => random.pick(["==", "!=", "<", "<=", ">", ">="]);
const equality = (random: Random) => random.pick(["==", "!="]);
const either = (random: Random, a: string, op: string, b: string) => (random.chance(0.5) ? `${a} ${op} ${b}` : `${b} ${op} ${a}`);

/** What conditions may not ask: whether something is there, which a call that says less answers in another way. */
export type Without = { readonly presence: boolean };

/** A condition as an author writes it, of everything the language has. */
export function makeCondition(random: Random, without: Without = { presence: false }, depth = 3): string {
  if (depth === 0 || random.chance(0.3)) return makeTest(random, without);
  const part = () => makeCondition(random, without, depth - 1);
  return random.pick([() => `(${part()} && ${part()})`, () => `(${part()} || ${part()})`, () => `!(${part()})`])();
}

function makeTest(random: Random, without: Without): string {
  const tests: readonly ((random: Random) => string)[] = [testText, testNumber, testMoney, testMoment, testFields, testList, testEach];
  if (without.presence || random.chance(0.85)) return random.pick(tests)(random);
  return testPresence(random);
}

function testText(random: Random): string {
  const field = random.pick(TEXTS);
  const word = () => quoted(random);
  return random.pick([
    () => either(random, field, equality(random), word()),
    () => `${field} in ${texts(random)}`,
    () => `${field}.startsWith(${word()})`,
    () => `${field}.endsWith(${word()})`,
    () => `${field}.contains(${word()})`,
    () => `${field}.matches("${random.pick(PATTERNS)}")`,
    () => `matches(${field}, "${random.pick(PATTERNS)}")`,
    () => `inCidr(args.ip, "${random.pick(NETWORKS)}")`,
    () => `time.weekday ${equality(random)} "${random.pick(["mon", "thu", "sun"])}"`,
    () => `http.scheme ${equality(random)} "https"`,
  ])();
}

function testNumber(random: Random): string {
  return random.pick([
    () => either(random, random.pick(["args.n", "args.d", 'usage["calls"].used']), sign(random), random.pick(NUMBERS)),
    () => either(random, random.pick(["time.hour", "http.port"]), sign(random), random.pick(["0", "6", "23"])),
    () => `usage["calls"].share ${sign(random)} ${random.pick(["0.5", "1", "0"])}`,
    () => `args.n in [1, 2.5, duration("1m")]`,
    () => `time.hour in [0, 1, 23]`,
    () => random.pick(["args.b", "args.d"]),
    () => `${random.pick(["args.b", "args.d"])} ${equality(random)} ${random.pick(["true", "false"])}`,
    () => `args.d in [true]`,
    () => `size(${random.pick(["args.s", "args.d", "args.l", "caller.roles", "args.m.k"])}) ${sign(random)} ${random.below(4)}`,
    () => `${random.below(3)} ${sign(random)} args.l.size()`,
  ])();
}

function testMoney(random: Random): string {
  return random.pick([
    () => either(random, random.pick(["amount", "cost"]), sign(random), random.pick(MONEY)),
    () => either(random, "amount", sign(random), "cost"),
  ])();
}

function testMoment(random: Random): string {
  const field = random.pick(["args.t", "args.d", 'http.headers["x-a"]', "caller.labels.until"]);
  return random.pick([
    () => either(random, field, sign(random), `timestamp("${random.pick(MOMENTS)}")`),
    () => either(random, "time.date", sign(random), `"${random.pick(DAYS)}"`),
    () => `time.date in ["${random.pick(DAYS)}", "${random.pick(DAYS)}"]`,
    () => either(random, "time.date", sign(random), random.pick(["args.day", "args.s"])),
  ])();
}

function testFields(random: Random): string {
  const dynamic = random.pick(["args.s", "args.d", "args.n", "args.m.k"]);
  return random.pick([
    () => `${random.pick(TEXTS)} ${equality(random)} ${random.pick(TEXTS)}`,
    () => `${random.pick(NUMERIC)} ${sign(random)} ${random.pick(NUMERIC)}`,
    () => `${dynamic} ${sign(random)} ${random.pick(["args.d", "args.s", "args.b"])}`,
    () => `${random.pick(TEXTS)} in ${random.pick(LISTS)}`,
    () => `${dynamic} in ${random.pick(["args.l", "args.d"])}`,
    () => `http.port in args.l`,
  ])();
}

function testList(random: Random): string {
  return random.pick([
    () => `${quoted(random)} in ${random.pick(LISTS)}`,
    () => `${random.pick(["1", "true", "2.5"])} in ${random.pick(["args.l", "args.d"])}`,
  ])();
}

function testPresence(random: Random): string {
  return random.pick([
    () => `has(args.${random.pick(["s", "n", "l", "m.k", "d.k"])})`,
    () => random.pick(["has(http.query.q)", "has(http.query.r)", "has(caller.subject)", "has(caller.labels.team)"]),
    () => random.pick(['"x-a" in http.headers', '"q" in http.query', '"s" in args', '"zone" in envoy.context']),
    () => `args.o.${random.pick(["exists", "all"])}(e, has(e.n))`,
    () => `size(${random.pick(["args", "http.query", "caller.labels", "args.m"])}) ${sign(random)} ${random.below(5)}`,
  ])();
}

function testEach(random: Random): string {
  const quantifier = random.pick(["exists", "all"]);
  return random.pick([
    () => `${random.pick(LISTS)}.${quantifier}(e, ${join(random, () => testElement(random))})`,
    () => `args.o.${quantifier}(e, ${join(random, () => testMember(random))})`,
    () => `findings.${quantifier}(f, ${join(random, () => testFinding(random))})`,
  ])();
}

function join(random: Random, test: () => string): string {
  return random.pick([test, () => `${test()} && ${test()}`, () => `${test()} || !(${test()})`])();
}

function testElement(random: Random): string {
  return random.pick([
    () => `e ${equality(random)} ${quoted(random)}`,
    () => `e in ${texts(random)}`,
    () => `e.${random.pick(["startsWith", "endsWith", "contains"])}(${quoted(random)})`,
    () => `e.matches("${random.pick(PATTERNS)}")`,
    () => `size(e) ${sign(random)} ${random.below(3)}`,
  ])();
}

function testMember(random: Random): string {
  return random.pick([
    () => `e.n ${sign(random)} ${random.pick(NUMBERS)}`,
    () => `e.s ${equality(random)} ${quoted(random)}`,
    () => "e.b",
    () => `${quoted(random)} in e.l`,
    () => `size(e.l) > ${random.below(2)}`,
    () => `e.t < timestamp("${random.pick(MOMENTS)}")`,
    () => `inCidr(e.s, "${random.pick(NETWORKS)}")`,
  ])();
}

function testFinding(random: Random): string {
  return random.pick([
    () => `f.kind ${equality(random)} "pii.ssn"`,
    () => `f.kind.endsWith("card")`,
    () => `f.confidence ${sign(random)} 0.5`,
    () => `f.where.startsWith("query:")`,
  ])();
}
