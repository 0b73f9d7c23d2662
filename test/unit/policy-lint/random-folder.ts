import type { Random } from "../policy-differential/random.ts";

export const TOOLS = `tools:
  pay.create:
    http: { method: POST, host: pay.example, path: /v1/pay, body: json }
    args: { n: { from: json.n }, s: { from: json.s }, l: { from: json.l }, c: { from: json.c } }
    amount: { value: args.n, unit: major, currency: args.c }
  pay.read:
    http: { method: GET, host: pay.example, path: "/v1/pay/:id" }
    args: { s: { from: query.s } }
  crm.read: { http: { method: GET, host: crm.example, path: "/people/**" } }
`;

export const AGENTS = ["fin-1", "fin-2", "ops-1"];
export const ROLES = ["r", "q"];
export const WORDS = ["a", "ab", "abc", "b", "é"];
export const HOSTS = ["pay.example", "crm.example", "x.free.example", "y.free.example", "free.example:8443"];

/** One rule or limit a line, in JSON, so that the line of a finding names the rule. The first is in line 3. */
export function makeRules(random: Random): readonly string[] {
  return Array.from({ length: 2 + random.below(7) }, (_, at) => JSON.stringify(makeRule(random, at)));
}

export function policyOf(rules: readonly string[]): string {
  return ["policy: p", "rules:", ...rules.map((rule) => `  - ${rule}`), ""].join("\n");
}

function makeRule(random: Random, at: number) {
  const then = random.pick(["deny", "deny", "allow", "allow", "approval_needed", null]);
  const redacts = then === null || (then !== "deny" && random.chance(0.2));
  return {
    id: `r${at}`,
    ...(random.chance(0.8) && { match: makeMatch(random) }),
    ...(random.chance(0.7) && { if: makeCondition(random) }),
    ...(then !== null && { then }),
    ...(then === "approval_needed" && { approval: { from: [random.pick(["treasury", "audit"])] } }),
    ...(redacts && { redact: [{ header: random.pick(["x-a", "x-b"]) }] }),
    ...(then !== "deny" && random.chance(0.1) && { set: { "x-c": random.pick(["1", "2"]) } }),
    ...(then === "deny" && random.chance(0.2) && { code: random.pick(["no_a", "no_b"]) }),
    ...(random.chance(0.1) && { mode: "shadow" }),
  };
}

function makeMatch(random: Random) {
  const match: { [key: string]: readonly string[] } = {};
  const maybe = (key: string, share: number, list: readonly string[]) => {
    const some = random.some(list);
    if (random.chance(share) && some.length > 0) match[key] = some;
  };
  maybe("agents", 0.3, ["fin-*", "fin-1", "ops-1", "f*"]);
  maybe("hosts", 0.4, [...HOSTS, ".free.example", ".example"]);
  maybe("methods", 0.2, ["GET", "POST"]);
  maybe("tools", 0.4, ["pay.create", "pay.read", "pay.*", "crm.read", "unknown", "*"]);
  maybe("protocols", 0.25, ["http", "tunnel", "upgrade"]);
  maybe("paths", 0.2, ["/v1/**", "/v1/pay", "/v1/*", "/people/**", "/**"]);
  maybe("roles", 0.2, ["r", "q", "r*"]);
  return match;
}

/** Few values, so that tests of one field often contradict or imply each other. */
export function makeCondition(random: Random, depth = 2): string {
  if (depth === 0 || random.chance(0.25)) return makeTest(random);
  const part = () => makeCondition(random, depth - 1);
  return random.pick([
    () => `(${part()} && ${part()})`,
    () => `(${part()} && ${part()})`,
    () => `(${part()} || ${part()})`,
    () => `!(${part()})`,
  ])();
}

function makeTest(random: Random): string {
  const word = () => JSON.stringify(random.pick(WORDS));
  const words = () => `[${[word(), ...random.list(2, word)].join(", ")}]`;
  const sign = () => random.pick(["==", "!=", "<", "<=", ">", ">="]);
  const number = () => random.pick(["1", "2", "2.5"]);
  const equality = () => random.pick(["==", "!="]);
  const text = random.pick(["args.s", "args.s", "caller.subject", 'http.headers["x-a"]']);
  const agent = () => JSON.stringify(random.pick(AGENTS));
  return random.pick([
    () => `${text} ${equality()} ${word()}`,
    () => `${text} in ${words()}`,
    () => `${text}.${random.pick(["startsWith", "endsWith", "contains"])}(${word()})`,
    () => `args.n ${sign()} ${number()}`,
    () => `args.n ${sign()} ${number()}`,
    () => `args.n in [1, 2]`,
    () => `args.s ${equality()} 1`,
    () => `amount ${sign()} ${random.pick(["usd(1)", "usd(2)", 'money("2", "eur")'])}`,
    () => `amount ${sign()} ${random.pick(["usd(1)", "usd(0)"])}`,
    () => `has(args.${random.pick(["s", "n", "l"])})`,
    () => `has(args.s.x)`,
    () => `args.s.x == ${word()}`,
    () => `args.n`,
    () => `size(args.${random.pick(["s", "l"])}) ${sign()} ${random.pick(["0", "1", "2"])}`,
    () => `args.s.matches("^a")`,
    () => `time.hour ${sign()} ${random.pick(["0", "23", "12"])}`,
    () => `time.weekday ${equality()} ${random.pick(['"mon"', '"fri"'])}`,
    () => `time.date ${sign()} ${random.pick(['"2026-01-01"', '"2026-06-01"'])}`,
    () => `http.port ${sign()} 443`,
    () => `http.method ${equality()} ${random.pick(['"GET"', '"POST"'])}`,
    () => `http.host.${random.pick(["startsWith", "endsWith"])}(${random.pick(['"pay"', '".example"', '"free.example:8443"'])})`,
    () => `protocol ${equality()} ${random.pick(['"http"', '"tunnel"'])}`,
    () =>
      `caller.agent ${random.pick([`== ${agent()}`, `!= ${agent()}`, `in [${agent()}, ${agent()}]`, '.startsWith("fin")'].map((rest) => (rest.startsWith(".") ? rest : ` ${rest}`)))}`,
    () => `${JSON.stringify(random.pick(ROLES))} in caller.roles`,
    () => `caller.actors.${random.pick(["exists", "all"])}(a, ${makeElementTest(random)})`,
    () => `args.l.${random.pick(["exists", "all"])}(a, ${makeElementTest(random)})`,
    () => `args.s ${equality()} caller.subject`,
    () => `timestamp("2026-01-01T00:00:00Z") ${random.pick(["<", ">="])} args.s`,
  ])();
}

function makeElementTest(random: Random): string {
  const word = () => JSON.stringify(random.pick(WORDS));
  const test = () => random.pick([() => `a == ${word()}`, () => `a != ${word()}`, () => `a.startsWith(${word()})`])();
  return random.pick([test, () => `${test()} && ${test()}`, () => `${test()} || ${test()}`])();
}
