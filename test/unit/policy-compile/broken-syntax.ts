import type { BrokenFile } from "./broken-file.ts";

const condition = (text: string) => `policy: p\nrules:\n  - id: a\n    then: allow\n    if: |\n      ${text}\n`;
const found = (piece: string) => `this is no CEL expression: found \`${piece}\` here`;
const ENDS = "this is no CEL expression: it ends too early";
const BOTH = "write && for and, || for or, ! for not";
const LIKE = 'write x.matches("^a"), x.startsWith("a") or x.contains("a")';
const HAS = '`has` is written has(args.x), or "key" in map';
const TEST = "a test cannot be compared with something";
const TYPED = "a number has `type: integer` or `type: number` in the catalogue";
const FOLDED = 'write x.matches("(?i)^abc$") to compare without regard to case';

/** What people write from other languages; `§` marks where the problem must be told. */
export const BROKEN_SYNTAX: readonly BrokenFile[] = [
  { name: "an amount and its currency", text: condition("amount <= 200 §usd"), message: found("usd"), fix: "write usd(200)" },
  { name: "an amount with its currency", text: condition("amount <= §200usd"), message: found("200usd"), fix: "write usd(200)" },
  { name: "an amount of another", text: condition("amount <= 2.50 §EUR"), message: found("EUR"), fix: 'write money("2.50", "eur")' },
  { name: "an amount of dollars", text: condition("amount <= §$200"), message: found("$200"), fix: "write usd(200)" },
  { name: "a number and a word", text: condition("args.a <= 200 §xyz"), message: found("xyz") },
  { name: "a number with its comma", text: condition("args.a <= 1§,000"), message: found(","), fix: "write 1000" },
  { name: "not in", text: condition('args.a §not in ["x"]'), message: found("not"), fix: 'write !(args.a in ["x"])' },
  { name: "not in nothing", text: condition("args.a §not in"), message: found("not"), fix: "write !(args.a in [ … ])" },
  { name: "a range", text: condition("time.hour in 8§..20"), message: found(".."), fix: "write time.hour >= 8 && time.hour < 20" },
  { name: "a range alone", text: condition("8§..20"), message: found(".."), fix: "write time.hour >= 8 && time.hour < 20" },
  {
    name: "between",
    text: condition("args.n §between 8 and 20"),
    message: found("between"),
    fix: "write args.n >= 8 && args.n <= 20",
  },
  { name: "the word AND", text: condition("args.a > 5 §AND args.b"), message: found("AND"), fix: BOTH },
  { name: "the word not", text: condition("not §args.a"), message: found("args"), fix: BOTH },
  { name: "is null", text: condition("args.a §is null"), message: found("is"), fix: "write !has(args.a)" },
  { name: "is not null", text: condition("args.a §is not null"), message: found("is"), fix: "write has(args.a)" },
  { name: "the word is", text: condition('args.a §is "x"'), message: found("is"), fix: "equality is written ==" },
  { name: "three equals signs", text: condition("args.a §=== 1"), message: found("==="), fix: "equality is written ==" },
  { name: "another sign for unequal", text: condition("args.a §<> 1"), message: found("<>"), fix: "inequality is written !=" },
  { name: "a sign for patterns", text: condition('args.a §=~ "x"'), message: found("=~"), fix: LIKE },
  { name: "the word like", text: condition('args.a §like "x%"'), message: found("like"), fix: LIKE },
  {
    name: "a method as a word",
    text: condition('http.path §contains "x"'),
    message: found("contains"),
    fix: 'write http.path.contains("x")',
  },
  { name: "one ampersand", text: condition("args.a §& args.b"), message: found("&"), fix: "write && for and" },
  { name: "one bar", text: condition("args.a §| args.b"), message: found("|"), fix: "write || for or" },
  { name: "curly quotes", text: condition("args.a == §“x”"), message: found("“x”"), fix: 'write straight quotes: "a"' },
  { name: "a text without its end", text: condition("args.a == §'x"), message: found("'x"), fix: "close the quote" },
  { name: "a list without its end", text: condition("args.a in §[1, 2"), message: found("["), fix: "close the bracket" },
  { name: "the word if", text: condition("§if args.a == 1"), message: found("if"), fix: "write the condition alone" },
  { name: "a sign of later", text: condition("args.a§; args.b"), message: found(";") },
  { name: "a piece that is long", text: condition(`args.a §${"x".repeat(40)}`), message: found(`${"x".repeat(32)}…`) },
  { name: "a side that is missing", text: condition("args.a ==§"), message: ENDS },
  { name: "a side that is missing on one line", text: rule("args.a &&§"), message: ENDS },

  // Presence
  { name: "presence of a part by a key", text: condition('§has(args["to"])'), message: HAS, fix: "write has(args.to)" },
  { name: "presence of a label", text: condition('§has(caller.labels["a-b"])'), message: HAS, fix: 'write "a-b" in caller.labels' },
  { name: "presence of the model", text: condition("§has(model)"), message: HAS, fix: 'write models: ["*"] in `match`' },
  { name: "presence of nothing", text: condition("§has(time)"), message: HAS },
  { name: "presence in a list", text: condition("§has(args.items[0])"), message: HAS },
  { name: "presence of a key inside an argument", text: condition('§has(args.a["b-c"])'), message: HAS },
  { name: "presence of two", text: condition("§has(args.a, args.b)"), message: HAS },

  // Tests with true and false
  { name: "a test with false", text: condition('args.a.startsWith("x") §== false'), message: TEST, fix: around("== false") },
  { name: "a test that is not true", text: condition("has(args.a) §!= true"), message: TEST, fix: around("!= true") },
  { name: "a test that is not false", text: condition("false §!= has(args.a)"), message: TEST, fix: "write it without `!= false`" },
  { name: "a test with a test", text: condition("has(args.a) §== has(args.b)"), message: TEST, fix: "join tests with && and ||" },
  { name: "an order of tests", text: condition("has(args.a) §< true"), message: TEST, fix: "join tests with && and ||" },

  // Functions of others
  { name: "a conversion", text: condition("§int(args.a) == 1"), message: "`int` is not part of conditions", fix: TYPED },
  {
    name: "lower case",
    text: condition('args.a§.lowerAscii() == "x"'),
    message: "`lowerAscii` is not part of conditions",
    fix: FOLDED,
  },
  { name: "a length", text: condition("§len(args.a) > 1"), message: "`len` is not part of conditions", fix: "write size(x)" },
];

/** An expression that ends where its text ends. */
function rule(text: string): string {
  return `policy: p\nrules:\n  - id: a\n    then: allow\n    if: ${text}\n`;
}

function around(written: string): string {
  return `write !(…) around it, without \`${written}\``;
}
