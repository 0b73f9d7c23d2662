import { adds, asks, type BrokenFile, denies, group, limit, rule } from "./broken-file.ts";

const tool = (text: string) => `tools:\n  t.one:\n    http: { method: POST, host: h.example, path: /v1, body: form }\n${text}\n`;
const rate = (text: string) => limit(`{ id: l, per: [agent], rate: §${text} }`);
const budget = (text: string) => limit(`{ id: l, per: [agent], of: cost, budget: §${text} }`);
const expires = (text: string) => asks(`{ from: [t], expires: §${text} }`);
const path = (text: string) => rule(`    match: { paths: [§'${text}'] }`);

const EXAMPLE = "for example 50/s, 100/m or 5/h";

type Row = readonly [name: string, text: string, message: string, fix?: string];

const ROWS: readonly Row[] = [
  // Rates, money, durations
  ["a rate per min", rate("5/min"), "`5/min` is no rate", "write 5/m"],
  ["half a call a second", rate("0.5/s"), "`0.5/s` is no rate", "write 30/m"],
  ["a call a second", rate("1/second"), "`1/second` is no rate", "write 1/s"],
  ["a rate in words", rate("100 calls per hour"), "`100 calls per hour` is no rate", "write 100/h"],
  ["a rate a day", rate("5/day"), "`5/day` is no rate", EXAMPLE],
  ["a rate finer than an hour's", rate("1.5/h"), "`1.5/h` is no rate", EXAMPLE],
  ["a rate that is a number", rate("0.5"), "expected a text, found the number `0.5`", "write 30/m"],
  ["a budget in capitals", budget("20 USD per day"), "`20 USD per day` is no budget", "currencies are in lower case: 20 usd per day"],
  ["a budget with a sign", budget("$20 per day"), "`$20 per day` is no budget", "write 20 usd per day"],
  ["a budget with a slash", budget("20 usd/day"), "`20 usd/day` is no budget", "write 20 usd per day"],
  ["a daily budget", budget("20 usd daily"), "`20 usd daily` is no budget", "write 20 usd per day"],
  ["a budget without a day", budget("usd 20"), "`usd 20` is no budget", "write 20 usd per day"],
  ["a budget that is a number", budget("20"), "expected a text, found the number `20`", "write 20 usd per day"],
  ["a budget below nothing", budget("-20"), "expected a text, found the number `-20`", "for example 10000 usd per day"],
  ["a short budget in capitals", "policy: p\nmax_daily_budget: §25 USD\n", "`25 USD` is no budget", "currencies are in lower case: 25 usd"],
  ["a short budget per day", "policy: p\nmax_daily_budget: §$25/day\n", "`$25/day` is no budget", "write 25 usd"],
  ["a short rate with its second", "policy: p\nmax_requests_per_second: §50/s\n", "expected a number, found the text `50/s`", "write 50"],
  ["a cost in capitals", tool("    cost: §0.30 USD"), "`0.30 USD` is no cost", "currencies are in lower case: 0.30 usd"],
  ["a cost that is a number", tool("    cost: §0.3"), "this cannot be the number `0.3`", "write 0.3 usd"],
  [
    "a currency in capitals",
    tool("    args: { s: { from: form.s } }\n    amount: { value: args.s, unit: minor, currency: §USD }"),
    "`USD` is no currency",
    "currencies are in lower case: usd",
  ],
  ["minutes in words", expires("30 min"), "`30 min` is no duration up to 30d", "write 30m"],
  ["hours and minutes", expires("1h30m"), "`1h30m` is no duration up to 30d", "write 90m"],
  ["a week", expires("1w"), "`1w` is no duration up to 30d", "write 7d"],
  ["a minute misspelled", expires("30 minuts"), "`30 minuts` is no duration up to 30d", "for example 30m"],
  ["days past the most", expires("45 days"), "`45 days` is no duration up to 30d", "for example 30m"],
  ["minutes without a unit", expires("30"), "expected a text, found the number `30`", "for example 30m"],

  // Types
  ["a count in words", asks("{ from: [t], count: §two }"), "expected a number, found the text `two`", "write 2"],
  ["a count in quotes", asks('{ from: [t], count: §"2" }'), "expected a number, found the text `2`", "write 2"],
  ["a count of no number", asks("{ from: [t], count: §many }"), "expected a number, found the text `many`"],
  ["a group for a list", asks("{ from: §treasury }"), "expected a list, found the text `treasury`", "write [treasury]"],
  ["a group for an approval", asks("§treasury"), "expected a map, found the text `treasury`", "write { from: [treasury] }"],
  ["a dimension for a list", limit("{ id: l, per: §agent, rate: 5/s }"), "expected a list, found the text `agent`", "write [agent]"],
  [
    "a domain for a list",
    "policy: p\nallowed_domains: §example.com\n",
    "expected a list, found the text `example.com`",
    "write [example.com]",
  ],
  [
    "two methods in one text",
    rule("    match:\n      methods: §get, Post"),
    "expected a list, found the text `get, Post`",
    "write [GET, POST]",
  ],
  ["a path for a list", rule("    match: { paths: §/a }"), "expected a list, found the text `/a`", "write [/a]"],
  [
    "a star for a list",
    rule("    match: { hosts: §'*.example.com' }"),
    "expected a list, found the text `*.example.com`",
    'write ["*.example.com"]',
  ],
  ["a list of nothing", "policy: p\nallowed_domains:§\n", "expected a list, found nothing", "leave the key out"],
  ["a match of nothing", "policy: p\nmatch:§\nrules: []\n", "expected a map, found nothing", "leave the key out"],
  ["a list for a match", rule("    match: §[a]"), "expected a map, found a list", "for example { hosts: [api.example.com] }"],
  [
    "rules by their names",
    "policy: p\nrules:\n  §small: { then: deny }\n",
    "expected a list, found a map",
    "begin each entry with `- id:`",
  ],
  ["a kind for redactions", adds("    redact: §pii.ssn"), "expected a list, found the text `pii.ssn`", "write [{ find: pii.ssn }]"],
  ["a kind for a redaction", adds("    redact: [§pii.ssn]"), "expected a map, found the text `pii.ssn`", "write { find: pii.ssn }"],
  ["a header for redactions", adds("    redact: §x-debug"), "expected a list, found the text `x-debug`", "write [{ header: x-debug }]"],
  ["a header for a list", adds("    remove: §x-debug"), "expected a list, found the text `x-debug`", "write [x-debug]"],
  ["a number for a header", adds("    set: { x-cost: §5 }"), "expected a text, found the number `5`", "quote it"],
  ["a number for a header called as a key", adds("    set: { rate: §5 }"), "expected a text, found the number `5`", "quote it"],
  ["a place for an argument", tool("    args: { x: §form.x }"), "expected a map, found the text `form.x`", "write { from: form.x }"],
  ["yes for true", tool("    args: { x: { from: form.x, record: §yes } }"), "expected true or false, found the text `yes`", "write true"],
  ["a person for a group", group("treasury: §ana"), "expected a map, found the text `ana`", "write { people: [ana] }"],
  ["tools in a list", "tools: §[a]\n", "expected a map, found a list", "write each by its name, with its keys below"],
  ["a version of one number", "policy: p\nversion: §1\n", "expected a text, found the number `1`", "write 1.0.0"],

  // Other words
  [
    "block",
    "policy: p\nrules:\n  - id: a\n    then: §block\n",
    "found the text `block`",
    "did you mean deny? allowed: allow, sanitize, approval_needed, deny",
  ],
  ["a dry run", rule("    mode: §dry-run"), "found the text `dry-run`", "did you mean shadow? allowed: enforce, shadow"],
  [
    "an effect",
    "policy: p\nrules:\n  - id: a\n    §effect: deny\n",
    "unknown key `effect`",
    "did you mean then? allowed: id, match, if, then, redact, set, remove, approval, code, reason, hint, mode",
  ],
  [
    "a boolean",
    tool("    args: { x: { from: form.x, type: §boolean } }"),
    "found the text `boolean`",
    "did you mean any? allowed: string, integer, number, any",
  ],

  // Hosts and paths
  [
    "a URL with a path as a host",
    rule("    match: { hosts: [§'https://me@API.example.com:443/v1?x'] }"),
    "`https://me@API.example.com:443/v1?x` is no host",
    "write api.example.com",
  ],
  [
    "a URL of no host",
    rule("    match: { hosts: [§'https://a b'] }"),
    "`https://a b` is no host",
    "write the host without scheme and path",
  ],
  [
    "an end behind a bound name",
    path("/x/:sid.json"),
    "`/x/:sid.json` has the segment `:sid.json`",
    '`:name` is a whole segment: write `:sid` and test `path.sid.endsWith(".json")`',
  ],
  ["a bound name in camel case", path("/x/:userId"), "`/x/:userId` has the segment `:userId`", "write `:user_id`"],
  ["a bound name in braces", path("/x/{id}"), "`/x/{id}` has the segment `{id}`", "write `:id`"],
  ["a bound name in angles", path("/x/<user-id>"), "`/x/<user-id>` has the segment `<user-id>`", "write `:user_id`"],
  [
    "a star between texts",
    path("/a*b"),
    "`/a*b` has the segment `a*b`",
    '`*` is a whole segment: write `:name` and test `path.name.startsWith("a") && path.name.endsWith("b")`',
  ],
  ["two stars behind a text", path("/a**"), "`/a**` has the segment `a**`", "a segment is a text, `*`, `:name` or, as the last one, `**`"],
  ["a URL as a path", path("https://x/y"), "`https://x/y` does not begin with `/`", "write the path without scheme and host"],

  // Places in a body
  ["a pointer", adds("    redact: [{ json: §/a/b }]"), "`/a/b` is no place in a JSON body: it begins with $", "write $.a.b"],
  [
    "a place of no form",
    adds("    redact: [{ json: §a b }]"),
    "`a b` is no place in a JSON body: it begins with $",
    "for example $.a.b[*].c",
  ],
  ["a name without its dot", adds("    redact: [{ json: $§a }]"), "`a` is no step of a place in a JSON body", "write .a"],
  ["a name in brackets", adds("    redact: [{ json: '$.a§[b]' }]"), "`[b]` is no step of a place in a JSON body", "write .b"],
  [
    "all members",
    adds("    redact: [{ json: $.a§.* }]"),
    "`.*` is no step of a place in a JSON body",
    "write [*]: all elements of a list; the members of an object are named one by one",
  ],

  // Texts with placeholders, and texts that YAML misreads
  [
    "a fact without its caller",
    denies("    reason: by §{agent}"),
    "`{agent}` cannot stand in what an agent reads: verified facts of the caller only",
    "write {caller.agent}",
  ],
  [
    "a placeholder of a shell",
    denies("    reason: by §$".concat("{caller.agent}")),
    "`$` before a placeholder stays in the text",
    "a placeholder is written {caller.agent}, without `$`",
  ],
  ["a lone placeholder", denies("    reason: §{caller.agent}"), "expected a text, found a map", "quote it"],
  ["a text on its own line", denies("    reason:\n      §over $5: not yet"), "expected a text, found a map", "quote it"],
  ["a colon in a reason", denies("    reason: §over $5: not yet"), "this text holds `: `, which YAML reads as a key", "quote it"],
  ["a colon in a description", "policy: p\ndescription: §Payments: all\n", "this text holds `: `, which YAML reads as a key", "quote it"],
  ["a colon in a case", "cases:\n  - name: §one: two\n", "this text holds `: `, which YAML reads as a key", "quote it"],
  ["a colon at a hint's end", denies("    hint: §ask:"), "this text holds `: `, which YAML reads as a key", "quote it"],
  [
    "a colon in brackets",
    "policy: p\nrules: [{ id: a, then: deny, reason: §over $5: not yet }]\n",
    "this text holds `: `, which YAML reads as a key",
    "quote it",
  ],
  [
    "a bracket in brackets",
    adds("    redact: [{ json: §$.a.b[*].c }]"),
    "this text holds a bracket, which ends a plain text inside `{…}`",
    "quote it",
  ],
  [
    "a placeholder in brackets",
    adds("    set: { x-by: §by-{caller.agent} }"),
    "this text holds a bracket, which ends a plain text inside `{…}`",
    "quote it",
  ],
  [
    "a placeholder at a reason's beginning",
    denies("    reason: §{caller.agent} may not"),
    "this text begins with a bracket, which YAML reads as a list or a map",
    "quote it",
  ],
  [
    "a quoted word at a reason's beginning",
    denies('    reason: §"Ask" them'),
    "this text begins with a quoted text, where YAML ends the value",
    "quote it",
  ],
  ["an at sign at a hint's beginning", denies("    hint: §@ana knows"), "this text begins with a character that YAML reserves", "quote it"],
  ["a star at a hint's beginning", denies("    hint: §*really* no"), "this text begins with `*`, which YAML reads as an alias", "quote it"],
];

/** What people write who come from elsewhere, each with its cure. */
export const BROKEN_BY_NEWCOMERS: readonly BrokenFile[] = ROWS.map(([name, text, message, fix]) =>
  fix === undefined ? { name, text, message } : { name, text, message, fix },
);
