import type { BrokenFile } from "./broken-files.ts";

const rule = (lines: string) => `policy: p\nrules:\n  - id: a\n    then: allow\n${lines}\n`;
const condition = (text: string) => rule(`    if: |\n      ${text}`);
const onPaths = (paths: string, text: string) => rule(`    match: { paths: ${paths} }\n    if: |\n      ${text}`);
const beside = (limit: string, text: string) => `${condition(text)}limits:\n  - { id: ${limit}, per: [agent], rate: 5/s }\n`;
const alternatives = Array.from({ length: 7 }, (_, i) => `(http.port == ${i} || args.a == ${i})`).join(" && ");

const NAMES = "allowed: caller, http, path, protocol, operation, tool, model, args, amount, cost, findings, usage, time, envoy";
const FUNCTIONS = "allowed: startsWith, endsWith, contains, matches, inCidr, size, usd, money, duration, timestamp";
const TEXT = "it compares with a text in quotes or a timestamp(…)";
const SYNTAX = "this is no CEL expression";
const IN_ELEMENT = 'for example list.exists(e, e.kind == "x")';
const AS_IT_IS = "compare a field with a constant, or with another field as it is";
const LISTED = "write list.exists(x, …) or list.all(x, …)";
const ANY = "it compares with texts, numbers, true and false, and timestamp(…)";
const NETWORK = 'for example "10.0.0.0/8" or "2001:db8::/32"';
const RE2 = "the syntax is RE2's, without look-around and back-references";
const NO_ORDER = "has no order: < <= > >= are for numbers, money, dates and timestamps";

/** Broken conditions; `§` marks where the problem must be told. */
export const BROKEN_CONDITIONS: readonly BrokenFile[] = [
  // What is no expression
  {
    name: "one equals sign",
    text: condition('caller.agent §= "a"'),
    message: `${SYNTAX}: found \`=\` here`,
    fix: "equality is written ==",
  },
  {
    name: "the word and",
    text: condition('caller.agent == "a" §and true'),
    message: `${SYNTAX}: found \`and\` here`,
    fix: "write && for and, || for or, ! for not",
  },
  {
    name: "more than 64 alternatives",
    text: rule(`    if: §|\n      ${alternatives}`),
    message: "the condition has more than 64 alternatives when it is multiplied out",
    fix: "split the rule, or put alternatives of one field in a list with `in`",
  },
  {
    name: "more than 4096 characters",
    text: condition(`§http.port == 1${" ".repeat(4096)} && args.a`),
    message: "the expression has more than 4096 characters",
    fix: "split the rule",
  },
  {
    name: "parentheses without end",
    text: condition(`§${"(".repeat(3000)}`),
    message: "the expression is nested deeper than 64",
    fix: "split the rule",
  },
  {
    name: "a path without end",
    text: condition(`§args${".a".repeat(1000)}`),
    message: "the expression is nested deeper than 64",
    fix: "split the rule",
  },

  // Names
  {
    name: "a name that is none",
    text: condition('§caler.agent == "a"'),
    message: "there is no `caler`",
    fix: `did you mean caller? ${NAMES}`,
  },
  {
    name: "a mistake on the second line of a folded block",
    text: rule('    if: >-\n      caller.agent == "a" &&\n      §caler.agent == "b"'),
    message: "there is no `caler`",
    fix: `did you mean caller? ${NAMES}`,
  },
  {
    name: "a mistake in a quoted expression",
    text: rule('    if: "caller.agent == \\"a\\" && §caler.x"'),
    message: "there is no `caler`",
    fix: `did you mean caller? ${NAMES}`,
  },
  {
    name: "a part that is none",
    text: condition('caller§.agnt == "a"'),
    message: "`caller` has no part `agnt`",
    fix: "did you mean agent? allowed: tenant, agent, subject, actors, roles, groups, scope, labels, session, agent_version, issuer, credential",
  },
  { name: "a part of a text", text: condition('caller.agent§.x == "a"'), message: "`caller.agent` has no part `x`" },
  { name: "a part of a name without parts", text: condition('tool§.x == "a"'), message: "`tool` has no part `x`" },
  { name: "a part of a header", text: condition('http.headers.a§.b == "c"'), message: "`http.headers.a` has no part `b`" },
  { name: "a name of later", text: condition('§session.risk == "high"'), message: "`session` is reserved: nothing fills it yet" },
  {
    name: "a header in capitals",
    text: condition('http.headers§["X-A"] == "b"'),
    message: "names of headers are in lower case",
    fix: 'write "x-a"',
  },
  {
    name: "a header in capitals that is asked for",
    text: condition('"X-A" §in http.headers'),
    message: "names of headers are in lower case",
    fix: 'write "x-a"',
  },
  {
    name: "an element read by number",
    text: condition('caller.roles[§0] == "a"'),
    message: "elements of lists cannot be read by number",
    fix: "use exists or all for lists",
  },
  {
    name: "a key that is computed",
    text: condition('args[args§.k] == "a"'),
    message: "a key is a text in quotes",
    fix: "use exists or all for lists",
  },
  {
    name: "a part of a call",
    text: condition("§size(args.a).b == 1"),
    message: "only names such as caller.agent or args.x can be read here",
  },
  {
    name: "a binding that is none",
    text: condition('path§.id == "a"'),
    message: "`path.id` is bound neither by the rule's paths nor by every tool that it names",
    fix: "write :id in its path",
  },
  {
    name: "a binding of another name",
    text: onPaths("[/v1/:user]", 'path§.usr == "a"'),
    message: "`path.usr` is bound neither by the rule's paths nor by every tool that it names",
    fix: "did you mean user? allowed: user",
  },
  {
    name: "a binding at two places",
    text: onPaths('["/v1/:id", "/v2/x/:id"]', 'path§.id == "a"'),
    message: "`path.id` is not bound at the same place by every path of the rule",
    fix: "write a rule for each place",
  },
  {
    name: "a binding of one path of two",
    text: onPaths('["/v1/:id", "/v2/*"]', 'path§.id == "a"'),
    message: "`path.id` is not bound at the same place by every path of the rule",
    fix: "write a rule for each place",
  },
  { name: "a part of a binding", text: onPaths('["/v1/:id"]', 'path.id§.x == "a"'), message: "`path.id` has no part `x`" },
  {
    name: "the usage of a limit that is none",
    text: beside("calls", 'usage["cals"]§.share > 0.5'),
    message: "there is no limit `cals`",
    fix: "did you mean calls? allowed: calls",
  },
  {
    name: "the usage of a limit of another policy",
    text: beside("calls", 'usage["q/calls"]§.share > 0.5'),
    message: "there is no limit `q/calls`",
    fix: "did you mean calls? allowed: calls",
  },
  {
    name: "a usage that is none",
    text: beside("calls", 'usage["calls"]§.shre > 0.5'),
    message: '`usage["calls"]` has no part `shre`',
    fix: "did you mean share? allowed: used, remaining, share",
  },
  {
    name: "a usage without its part",
    text: beside("calls", 'usage["calls"] §> 0.5'),
    message: '`usage["calls"]` is a group of names and cannot be compared with a number',
    fix: "name a part of it",
  },
  { name: "a part of a usage", text: beside("calls", 'usage["calls"].used§.x > 1'), message: '`usage["calls"].used` has no part `x`' },
  {
    name: "a time that is none",
    text: condition("time§.hours < 6"),
    message: "`time` has no part `hours`",
    fix: "did you mean hour? allowed: hour, weekday, date",
  },

  // Values that a field never has
  {
    name: "a value that never is",
    text: condition('protocol §== "htp"'),
    message: '`protocol` is never "htp"',
    fix: "did you mean http? allowed: http, tunnel, upgrade, stream",
  },
  {
    name: "one of values that never are",
    text: condition('time.weekday §in ["mon", "tuesday"]'),
    message: '`time.weekday` is never "tuesday"',
    fix: "allowed: mon, tue, wed, thu, fri, sat, sun",
  },
  {
    name: "a beginning that never is",
    text: condition('http.scheme§.startsWith("ws")'),
    message: "no value of `http.scheme` is like this",
    fix: "it is one of http, https",
  },
  { name: "an hour that never is", text: condition("time.hour §== 24"), message: "`time.hour` goes from 0 to 23" },
  { name: "a share in percent", text: beside("c", 'usage["c"].share §< 80'), message: '`usage["c"].share` goes from 0 to 1' },
  { name: "a port in a list that never is", text: condition("http.port §in [443, 70000]"), message: "`http.port` goes from 0 to 65535" },
  {
    name: "a finding nobody makes",
    text: condition('findings.exists(f, f.kind §== "pii.sn")'),
    message: '`f.kind` is never "pii.sn"',
    fix: "did you mean pii.ssn? allowed: pii.card, pii.ssn",
  },
  {
    name: "a day that is none",
    text: condition('time.date §>= "2026-02-30"'),
    message: '"2026-02-30" is no day of the calendar',
    fix: 'for example "2026-12-24"',
  },
  {
    name: "a day in another form",
    text: condition('time.date §in ["24.12.2026"]'),
    message: '"24.12.2026" is no day of the calendar',
    fix: 'for example "2026-12-24"',
  },

  // Types
  {
    name: "money with a number",
    text: condition("amount §> 5"),
    message: "`amount` is money and cannot be compared with a number",
    fix: "it compares with money only: write usd(5000)",
  },
  {
    name: "a number with money",
    text: condition("http.port §> usd(5)"),
    message: "`http.port` is a number and cannot be compared with money",
    fix: "it compares with a number",
  },
  {
    name: "an argument with money",
    text: condition("args.sum §> usd(5)"),
    message: "`args.sum` is a value of any type and cannot be compared with money",
    fix: ANY,
  },
  {
    name: "a text with a number",
    text: condition("caller.agent §== 5"),
    message: "`caller.agent` is a text and cannot be compared with a number",
    fix: 'write "5" in quotes',
  },
  {
    name: "a number with true",
    text: condition("http.port §== true"),
    message: "`http.port` is a number and cannot be compared with true or false",
    fix: "it compares with a number",
  },
  {
    name: "a number with a moment",
    text: condition('http.port §< timestamp("2026-12-24T00:00:00Z")'),
    message: "`http.port` is a number and cannot be compared with a timestamp",
    fix: "it compares with a number",
  },
  {
    name: "one of few texts with a moment",
    text: condition('time.weekday §< timestamp("2026-12-24T00:00:00Z")'),
    message: "`time.weekday` is a text and cannot be compared with a timestamp",
    fix: TEXT,
  },
  {
    name: "a date with a number",
    text: condition("time.date §== 24"),
    message: "`time.date` is a date and cannot be compared with a number",
    fix: 'it compares with a day such as "2026-12-24"',
  },
  {
    name: "a list with a text",
    text: condition('caller.roles §== "a"'),
    message: "`caller.roles` is a list and cannot be compared with a text",
    fix: 'write "a" in the list, or use exists, all or size',
  },
  {
    name: "a map with a text",
    text: condition('http.query §== "a"'),
    message: "`http.query` is a map and cannot be compared with a text",
    fix: 'name a key, or write "key" in the map',
  },
  { name: "a list with a list", text: condition("args.a §== [1]"), message: "a list cannot be compared", fix: "write x in [ … ]" },
  {
    name: "a test with true",
    text: condition("(args.a > 1) §== true"),
    message: "a test cannot be compared with something",
    fix: "write it without `== true`",
  },
  { name: "an order of texts", text: condition('caller.agent §< "b"'), message: `a text ${NO_ORDER}` },
  { name: "an order of truths", text: condition("args.a §>= true"), message: `true or false ${NO_ORDER}` },
  { name: "two constants", text: condition("1 §== 1"), message: "this compares two constants", fix: "write true or false" },
  {
    name: "null",
    text: condition("args.to == §null"),
    message: "null is unknown and compares with nothing",
    fix: "write has(…) or !has(…)",
  },
  {
    name: "a whole number past 2^53",
    text: condition("args.a == §9007199254740993"),
    message: "whole numbers go up to 2^53 - 1",
    fix: "compare it as a text",
  },
  { name: "a number past all", text: condition("args.a == §1e999"), message: "this number is too large" },
  {
    name: "a number without a sign",
    text: condition("args.a == §1u"),
    message: "only texts, numbers, true, false, money and timestamps are compared",
    fix: "write a number without `u`, a text without `b`",
  },
  {
    name: "half of a character",
    text: condition('§args.a == "\\ud800"'),
    message: "this is no CEL expression",
  },
  {
    name: "half of a character that YAML wrote",
    text: rule('    if: "args.a == \\§"\\uD800\\""'),
    message: "this text holds half of a surrogate pair, which no text of a call does",
  },
  {
    name: "a map in an expression",
    text: condition("args.a == §{}"),
    message: "maps and messages cannot be written here",
    fix: 'name a part, for example args.a.b == "x"',
  },

  // Fields with fields
  {
    name: "a text with a number of another field",
    text: condition("caller.agent §== http.port"),
    message: "`caller.agent`, a text, cannot be compared with `http.port`, a number",
    fix: TEXT,
  },
  { name: "an order of two texts", text: condition("caller.agent §< caller.subject"), message: `\`caller.agent\` ${NO_ORDER}` },
  { name: "an order of a text and an argument", text: condition("args.a §< caller.agent"), message: `\`args.a\` ${NO_ORDER}` },
  {
    name: "an element with an element",
    text: condition("args.items.exists(i, i.a §== i.b)"),
    message: "inside exists and all, elements compare with constants only",
    fix: IN_ELEMENT,
  },
  {
    name: "an element in an element",
    text: condition("args.items.all(i, i.a §in i.b)"),
    message: "inside exists and all, elements compare with constants only",
    fix: IN_ELEMENT,
  },

  // Membership
  {
    name: "a list of two types",
    text: condition('args.a §in ["a", 1]'),
    message: "a list after `in` holds one type",
    fix: "write two tests joined with ||",
  },
  { name: "an empty list after in", text: condition("args.a §in []"), message: "nothing is in an empty list" },
  { name: "money in a list", text: condition("amount §in [usd(5)]"), message: "a list after `in` holds texts, numbers or booleans" },
  {
    name: "a text in numbers",
    text: condition("caller.agent §in [1, 2]"),
    message: "`caller.agent` is a text and cannot be one of these",
    fix: 'write "1" in quotes',
  },
  {
    name: "a constant in constants",
    text: condition('"a" §in ["a"]'),
    message: "`in` takes a field or a constant, and a list or a map: not a text in a list",
    fix: 'write x in ["a", "b"] or "a" in caller.roles',
  },
  {
    name: "a number in a list of texts",
    text: condition("1 §in caller.roles"),
    message: "`caller.roles` is a list of texts",
  },
  {
    name: "a text in a text",
    text: condition('"a" §in caller.agent'),
    message: "`caller.agent` is a text, neither a list nor a map",
    fix: 'write caller.agent.contains("…") for a part of it',
  },
  {
    name: "a text in findings",
    text: condition('"pii.ssn" §in findings'),
    message: "a finding is no text or number",
    fix: 'write findings.exists(f, f.kind == "pii.ssn")',
  },
  { name: "a number in a map", text: condition("1 §in http.query"), message: "a key is a text" },
  {
    name: "a field in a map",
    text: condition("args.k §in http.query"),
    message: "`http.query` is a map, and its keys are asked for by a text in quotes",
    fix: 'write "key" in the map',
  },
  {
    name: "a field in a text",
    text: condition("args.k §in caller.agent"),
    message: "`caller.agent` is a text, neither a list nor a map",
    fix: 'write caller.agent.contains("…") for a part of it',
  },
  {
    name: "a number's field in a list of texts",
    text: condition("http.port §in caller.roles"),
    message: "`http.port` is a number, and `caller.roles` is no list of such",
    fix: "it compares with a number",
  },
  {
    name: "money in a list field",
    text: condition("amount §in args.list"),
    message: "`amount` is money, and `args.list` is no list of such",
    fix: "it compares with money only: write usd(5000)",
  },

  // Tests
  {
    name: "a text as a condition",
    text: condition("caller§.agent"),
    message: "`caller.agent` is a text, no condition by itself",
    fix: TEXT,
  },
  {
    name: "a text as one side of a condition",
    text: condition("args.a && caller§.agent"),
    message: "`caller.agent` is a text, no condition by itself",
    fix: TEXT,
  },
  {
    name: "a number as a condition",
    text: condition("!§5"),
    message: "a condition is true or false, and this is neither",
    fix: "compare it with something",
  },
  {
    name: "a list as a condition",
    text: condition("§[args.a]"),
    message: "a condition is true or false, and this is neither",
  },
  {
    name: "money as a condition",
    text: condition("args.a || §usd(5)"),
    message: "money alone is no condition",
    fix: "compare it: amount <= usd(5)",
  },
  {
    name: "a moment as a condition",
    text: condition('§timestamp("2026-12-24T00:00:00Z")'),
    message: "a condition is true or false, and this is neither",
  },
  {
    name: "a size as a condition",
    text: condition("§size(args.a)"),
    message: "a size alone is no condition",
    fix: "compare it: size(x) > 0",
  },
  {
    name: "presence by a key",
    text: condition('§has(http.headers["x-a"])'),
    message: '`has` is written has(args.x), or "key" in map',
    fix: 'write "x-a" in http.headers',
  },

  // Functions
  {
    name: "arithmetic",
    text: condition("args.a §+ 1 == 2"),
    message: "arithmetic (+) is not part of conditions",
    fix: AS_IT_IS,
  },
  { name: "a sign before a field", text: condition("§-args.a == 2"), message: "arithmetic (-) is not part of conditions", fix: AS_IT_IS },
  {
    name: "a choice",
    text: condition("§http.port == 1 ? true : false"),
    message: "`? :` is not part of conditions",
    fix: "write it with && and ||",
  },
  {
    name: "a function in other letters",
    text: condition('http.path§.startswith("/a")'),
    message: "there is no function `startswith` in conditions",
    fix: "did you mean startsWith?",
  },
  {
    name: "a function that is none",
    text: condition("§base64(args.a) == 1"),
    message: "there is no function `base64` in conditions",
    fix: FUNCTIONS,
  },
  {
    name: "a method as a function",
    text: condition('§startsWith(http.path, "/a")'),
    message: "`startsWith` is written another way",
    fix: 'for example http.path.startsWith("/v1/")',
  },
  {
    name: "a function as a method",
    text: condition('args.ip§.inCidr("10.0.0.0/8")'),
    message: "`inCidr` is written another way",
    fix: 'for example inCidr(args.address, "10.0.0.0/8")',
  },
  {
    name: "a method of two texts",
    text: condition('http.path§.contains("a", "b")'),
    message: "`contains` takes one text",
    fix: 'for example args.note.contains("urgent")',
  },
  {
    name: "a function of nothing",
    text: condition("§inCidr()"),
    message: "`inCidr` takes a field and a network",
    fix: 'for example inCidr(args.address, "10.0.0.0/8")',
  },
  {
    name: "a method of a number",
    text: condition('http.port§.endsWith("3")'),
    message: "`http.port` is a number, and endsWith is for texts",
    fix: "it compares with a number",
  },
  {
    name: "a method of a list",
    text: condition('caller.roles§.contains("a")'),
    message: "`caller.roles` is a list, and contains is for texts",
    fix: 'write "a" in the list, or use exists, all or size',
  },
  {
    name: "a method of a constant",
    text: condition('§"abc".contains("a")'),
    message: "`contains` asks about a field, not a text",
  },
  {
    name: "a method with a number",
    text: condition("http.path.startsWith(§5)"),
    message: "`startsWith` takes a text in quotes, not a number",
    fix: 'for example http.path.startsWith("/v1/")',
  },
  {
    name: "a method with a field",
    text: condition("http.path.startsWith(args§.a)"),
    message: "`startsWith` takes a text in quotes, not `args.a`, a value of any type",
    fix: 'for example http.path.startsWith("/v1/")',
  },
  {
    name: "an empty text in a text",
    text: condition('http.path.contains(§"")'),
    message: "an empty text is part of every text",
    fix: "write has(…) to ask whether there is one",
  },
  {
    name: "a pattern with look-ahead",
    text: condition('http.path.matches(§"(?=a)")'),
    message: '"(?=a)" is no RE2 pattern: invalid or unsupported Perl syntax: `(?=`',
    fix: RE2,
  },
  {
    name: "a pattern that is too large",
    text: condition('http.path.matches(§"[ab]{999}")'),
    message: '"[ab]{999}" needs more than 256 steps when its repetitions are written out',
    fix: RE2,
  },
  {
    name: "a network that is none",
    text: condition('inCidr(args.ip, §"10.0.0/8")'),
    message: '"10.0.0/8" is no network',
    fix: NETWORK,
  },
  {
    name: "a network with bits of an address",
    text: condition('inCidr(args.ip, §"10.1.2.3/8")'),
    message: '"10.1.2.3/8" has bits set behind its length',
    fix: 'write "10.0.0.0/8"',
  },
  {
    name: "a size of a number",
    text: condition("§size(http.port) > 1"),
    message: "`http.port` is a number, and size is for texts, lists and maps",
    fix: "it compares with a number",
  },
  {
    name: "a size of two",
    text: condition("§size(args.a, args.b) > 1"),
    message: "`size` takes one text, list or map",
    fix: "for example size(args.items) <= 10",
  },
  {
    name: "a size with a text",
    text: condition('size(args.a) §> "1"'),
    message: "the size of `args.a` cannot be compared with a text",
    fix: "it compares with a whole number of 0 or more",
  },
  { name: "a size of a half", text: condition("size(args.a) §> 1.5"), message: "a size is a whole number of 0 or more" },
  { name: "a size below zero", text: condition("size(args.a) §>= -1"), message: "a size is a whole number of 0 or more" },
  {
    name: "a size with a field",
    text: condition("size(args.a) §> args.n"),
    message: "a size compares with a whole number only",
    fix: "for example size(x) > 2",
  },
  {
    name: "a size with a size",
    text: condition("size(args.a) §== size(args.b)"),
    message: "a size compares with a whole number only",
    fix: "for example size(x) > 2",
  },
  {
    name: "a size in a list",
    text: condition("size(args.a) §in [1, 2]"),
    message: "`in` takes a field or a constant, and a list or a map: not a size in a list",
    fix: 'write x in ["a", "b"] or "a" in caller.roles',
  },
  {
    name: "negative money",
    text: condition("amount > §usd(-1)"),
    message: "usd() takes one amount of 0 or more, in dollars with at most six decimals",
    fix: "for example usd(5000) or usd(0.30)",
  },
  {
    name: "money of a field",
    text: condition("amount > §usd(args.a)"),
    message: "usd() takes one amount of 0 or more, in dollars with at most six decimals",
    fix: "for example usd(5000) or usd(0.30)",
  },
  {
    name: "money in capitals",
    text: condition('amount > §money("5", "JPY")'),
    message: "money() takes an amount of 0 or more, with at most six decimals, and a currency of ISO 4217 in lower case",
    fix: 'for example money("5000", "jpy")',
  },
  {
    name: "money without a currency",
    text: condition('amount > §money("5")'),
    message: "money() takes an amount of 0 or more, with at most six decimals, and a currency of ISO 4217 in lower case",
    fix: 'for example money("5000", "jpy")',
  },
  {
    name: "a duration that is none",
    text: condition('args.t > §duration("5 min")'),
    message: "duration() takes one duration, with the units d, h, m, s, ms",
    fix: 'for example duration("90m") or duration("1h30m")',
  },
  {
    name: "a duration as a number",
    text: condition("args.t > §duration(5)"),
    message: "duration() takes one duration, with the units d, h, m, s, ms",
    fix: 'for example duration("90m") or duration("1h30m")',
  },
  {
    name: "a timestamp without its zone",
    text: condition('args.t > §timestamp("2026-12-24T00:00:00")'),
    message: "timestamp() takes one moment of RFC 3339, to the millisecond",
    fix: 'for example timestamp("2026-12-24T00:00:00Z")',
  },

  // Lists
  {
    name: "exists inside exists",
    text: condition("caller.roles.exists(r, caller.roles§.exists(q, true))"),
    message: "exists inside exists is not part of conditions",
  },
  {
    name: "all inside exists",
    text: condition("args.a.exists(r, r.b§.all(q, q))"),
    message: "all inside exists is not part of conditions",
  },
  {
    name: "another field inside exists",
    text: condition('caller.roles.exists(r, http§.host == "a")'),
    message: "inside exists only `r` can be read, not `http.host`",
    fix: "move the other test outside and join it with &&",
  },
  {
    name: "another field inside all",
    text: condition("args.items.all(i, i.n < 5 && http§.port == 1)"),
    message: "inside all only `i` can be read, not `http.port`",
    fix: "move the other test outside and join it with &&",
  },
  {
    name: "exists over a map",
    text: condition("http.headers§.exists(h, true)"),
    message: "`http.headers` is a map, and exists is for lists",
    fix: 'name a key, or write "key" in the map',
  },
  {
    name: "all over constants",
    text: condition('§["a"].all(x, x == args.a)'),
    message: "only names such as caller.agent or args.x can be read here",
  },
  {
    name: "a macro of later",
    text: condition("args.a§.map(x, x) == args.b"),
    message: "`map` is not part of conditions",
    fix: LISTED,
  },
  {
    name: "exactly one",
    text: condition("args.a§.exists_one(x, x == 1)"),
    message: "`exists_one` is not part of conditions",
    fix: LISTED,
  },
  { name: "a quantifier without its name", text: condition("args.a§.all(1, true)"), message: "`all` is written list.all(x, …)" },
  {
    name: "a part that elements of texts do not have",
    text: condition('caller.roles.exists(r, r§.x == "a")'),
    message: "the element has no part `x`",
  },
  {
    name: "a part that findings do not have",
    text: condition('findings.exists(f, f§.type == "a")'),
    message: "the element has no part `type`",
    fix: "allowed: kind, where, confidence",
  },
  {
    name: "a finding as a whole",
    text: condition('findings.exists(f, f §== "a")'),
    message: "`f` is a group of names and cannot be compared with a text",
    fix: "name a part of it",
  },
];
