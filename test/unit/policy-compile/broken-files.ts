/**
 * Broken policy files. `§` marks where the problem must be told (it is taken out before the file is read); the message and
 * the cure are what a person reads.
 */
export type BrokenFile = { readonly name: string; readonly text: string; readonly message: string; readonly fix?: string };

const rule = (lines: string) => `policy: p\nrules:\n  - id: a\n    then: allow\n${lines}\n`;
const limit = (text: string) => `policy: p\nlimits:\n  - ${text}\n`;
const tool = (text: string) => `tools:\n  t.one:\n    http: { method: POST, host: h.example, path: "/v1/:id", body: form }\n${text}\n`;
const asks = (text: string) => `policy: p\nrules:\n  - id: a\n    then: approval_needed\n    approval: ${text}\n`;
const test = (text: string) => `cases:\n  - ${text}\n`;

const BLOCK = "write the expression as a block (`if: |` and the text indented below), or quote it";

export const BROKEN_FILES: readonly BrokenFile[] = [
  // YAML itself
  { name: "a key twice", text: "policy: p\nrules: []\n§rules: []\n", message: "this key stands twice in the same map" },
  { name: "a second document", text: "policy: p\n§---\npolicy: q\n", message: "a file holds one document; this is a second one" },
  { name: "YAML 1.1", text: "§%YAML 1.1\n---\npolicy: p\n", message: "YAML 1.1 is not read, only 1.2", fix: "remove the directive" },
  {
    name: "a tag",
    text: "policy: §!!str p\n",
    message: "YAML tags are not read: tag:yaml.org,2002:str",
    fix: "remove the tag, or quote the text",
  },
  {
    name: "a local tag",
    text: "policy: p\ndescription: §!secret x\n",
    message: "YAML tags are not read: !secret",
    fix: "remove the tag, or quote the text",
  },
  {
    name: "a merge key",
    text: "policy: p\nmatch: &m { agents: [a] }\nrules:\n  - id: a\n    match:\n      §<<: *m\n",
    message: "merge keys (<<) are not read",
    fix: "write the keys out",
  },
  { name: "a prototype key", text: "policy: p\n§__proto__: {}\n", message: "the key __proto__ is not read" },
  {
    name: "an alias without its anchor",
    text: "policy: §*nobody\n",
    message: "there is no anchor &nobody before this alias",
    fix: "quote the text if it is no alias",
  },
  { name: "an alias inside its own anchor", text: "policy: p\nrules: &r [§*r]\n", message: "the alias *r stands inside its own anchor" },
  { name: "a tab for indentation", text: "policy: p\nrules:\n§\t- id: a\n", message: "not YAML 1.2: Tabs are not allowed as indentation" },
  { name: "brackets without end", text: `§${"[".repeat(70)}`, message: "the file nests brackets deeper than 64" },
  {
    name: "many aliases",
    text: `policy: p\nmatch: { agents: [&a x${", *a".repeat(50)}, §*a] }\n`,
    message: "more than 50 aliases in one file",
  },

  // Traps of plain expressions
  {
    name: "an expression read as a tag",
    text: rule("    if: §!has(args.to)"),
    message: "this expression begins with `!`, which YAML reads as a tag",
    fix: BLOCK,
  },
  {
    name: "an expression that begins with a quote",
    text: rule('    if: §"a" in caller.roles'),
    message: "this expression begins with a quoted text, where YAML ends the value",
    fix: BLOCK,
  },
  {
    name: "an expression that holds a colon",
    text: rule('    if: §caller.agent == "a: b"'),
    message: "this expression holds `: `, which YAML reads as a key",
    fix: BLOCK,
  },
  {
    name: "an expression cut by a comment",
    text: rule('    if: §caller.agent == "a #b"'),
    message: "this expression holds ` #`, where YAML begins a comment",
    fix: BLOCK,
  },
  {
    name: "a condition cut where it stays valid",
    text: rule("    if: §http.port == 1 # || http.port == 2"),
    message: "this expression holds ` #`, where YAML begins a comment",
    fix: BLOCK,
  },
  {
    name: "an expression in a flow map",
    text: 'policy: p\nrules: [{ id: a, if: §caller.agent in ["a"], then: deny }]\n',
    message: "this expression holds a bracket or a comma, which end a plain text inside `{…}`",
    fix: BLOCK,
  },
  { name: "an expression that begins with a bracket", text: rule("    if: §[x]"), message: "expected a text, found a list" },

  // What a file is
  { name: "a list as a file", text: "§- policy\n", message: "a file is a map with one of the keys policy, tools, cases" },
  {
    name: "no key that says what it is",
    text: "§polcy: p\n",
    message: "none of the keys policy, tools, cases says what this file is",
    fix: "did you mean policy? allowed: policy, tools, cases",
  },
  { name: "two things in one file", text: "policy: p\n§tools: {}\n", message: "a file is one thing: `policy` or `tools`" },
  { name: "groups", text: "§groups: {}\n", message: "`groups` is not built yet" },

  // Keys and their types
  {
    name: "an unknown key of a policy",
    text: "policy: p\n§ruls: []\n",
    message: "unknown key `ruls`",
    fix: "did you mean rules? allowed: policy, version, description, time_zone, match, mode, rules, limits",
  },
  {
    name: "an unknown key of a rule",
    text: rule("    §reaso: x"),
    message: "unknown key `reaso`",
    fix: "did you mean reason? allowed: id, match, if, then, redact, approval, code, reason, hint, mode",
  },
  {
    name: "an unknown key of a match",
    text: rule("    match: { §agent: [a] }"),
    message: "unknown key `agent`",
    fix: "did you mean agents? allowed: agents, hosts, methods, paths, tools, protocols",
  },
  { name: "a reserved key of a match", text: rule("    match: { §roles: [a] }"), message: "`roles` is not built yet" },
  { name: "a reserved key of a rule", text: rule("    §set: { x: y }"), message: "`set` is not built yet" },
  { name: "a short form", text: "policy: p\n§allowed_domains: [.example.com]\n", message: "`allowed_domains` is not built yet" },
  { name: "no id", text: "policy: p\nrules:\n  - §then: allow\n", message: "the key `id` is missing: a text" },
  {
    name: "a number for a text",
    text: "policy: p\nversion: §1.2\nrules: []\n",
    message: "expected a text, found the number `1.2`",
    fix: "quote it",
  },
  {
    name: "a version that is none",
    text: "policy: p\nversion: §v1\n",
    message: "found the text `v1`, expected a semantic version such as 1.2.0, quoted if it has one dot",
  },
  {
    name: "a decision that is none",
    text: "policy: p\nrules:\n  - id: a\n    then: §alow\n",
    message: "found the text `alow`",
    fix: "did you mean allow? allowed: allow, sanitize, approval_needed, deny",
  },
  { name: "a text for a list", text: rule("    match: { agents: §finance-* }"), message: "expected a list, found the text `finance-*`" },
  {
    name: "an id with a space",
    text: "policy: p\nrules:\n  - id: §a b\n    then: allow\n",
    message: "found the text `a b`, expected an id: a-z, 0-9, `.`, `_`, `-`, at most 64 characters",
  },
  {
    name: "a code in capitals",
    text: "policy: p\nrules:\n  - id: a\n    then: deny\n    code: §TooMuch\n",
    message: "found the text `TooMuch`, expected a code in lower_snake_case",
  },
  { name: "true for an expression", text: rule("    if: §true"), message: "expected a text, found the boolean `true`", fix: "quote it" },

  // Match
  {
    name: "a star inside a name",
    text: rule("    match: { agents: [ok, §fin*ce] }"),
    message: "`fin*ce` is no name of an agent",
    fix: "one `*` may stand at the end",
  },
  {
    name: "a host with a star",
    text: rule('    match: { hosts: [§"*.example.com"] }'),
    message: "`*.example.com` is no host",
    fix: "write .example.com for all names under it",
  },
  {
    name: "a URL as a host",
    text: rule("    match: { hosts: [§https://example.com] }"),
    message: "`https://example.com` is no host",
    fix: "write the host without scheme and path",
  },
  { name: "every host", text: rule('    match: { hosts: [§"*"] }'), message: "`*` is no host", fix: "leave `hosts` out to fit every host" },
  {
    name: "a method in lower case",
    text: rule("    match: { methods: [§get] }"),
    message: "`get` is no method: methods are in upper case",
    fix: "write GET",
  },
  {
    name: "a path without its slash",
    text: rule("    match: { paths: [§v1/x] }"),
    message: "`v1/x` does not begin with `/`",
    fix: "write the path without scheme and host",
  },
  {
    name: "a star inside a segment",
    text: rule("    match: { paths: [§/v1/x*] }"),
    message: "`/v1/x*` has the segment `x*`",
    fix: "a segment is a text, `*`, `:name` or, as the last one, `**`",
  },
  {
    name: "a double star before the end",
    text: rule("    match: { paths: [§/v1/**/x] }"),
    message: "`/v1/**/x` has `**` before its end",
    fix: "`**` stands only as the last segment",
  },
  {
    name: "a dot segment",
    text: rule("    match: { paths: [§/v1/../x] }"),
    message: "`/v1/../x` has an empty or a dot segment, which no call that is judged has",
  },
  {
    name: "a tool that nobody has",
    text: rule("    match: { tools: [§stripe.pay] }"),
    message: "no tool of the catalogue is `stripe.pay`",
    fix: "write a file with the key `tools`",
  },
  { name: "a protocol of later", text: rule("    match: { protocols: [§mcp] }"), message: "protocol `mcp` is not built yet" },
  {
    name: "a protocol that is none",
    text: rule("    match: { protocols: [§htp] }"),
    message: "`htp` is no protocol",
    fix: "did you mean http? allowed: http, tunnel, upgrade, stream",
  },
  {
    name: "an empty list",
    text: rule("    match: { hosts: §[] }"),
    message: "an empty list fits no call",
    fix: "leave the key out to fit every call",
  },
  {
    name: "a match outside its policy's",
    text: "policy: p\nmatch: { hosts: [a.example] }\nrules:\n  - id: a\n    then: allow\n    match: §{ hosts: [b.example] }\n",
    message: "the hosts of the policy's match and of this one have nothing in common, so this never applies",
  },

  // Rules
  {
    name: "a rule twice",
    text: "policy: p\nrules:\n  - { id: a, then: allow }\n  - { id: §a, then: deny }\n",
    message: "the id `a` stands twice in this policy",
    fix: "rules and limits share one set of ids",
  },
  {
    name: "a rule that does nothing",
    text: "policy: p\nrules:\n  - §id: a\n",
    message: "a rule without `then` and without `redact` does nothing",
  },
  {
    name: "a deny that redacts",
    text: "policy: p\nrules:\n  - id: a\n    then: deny\n    §redact: [{ header: x }]\n",
    message: "a rule that denies takes nothing out: the call does not go on",
  },
  {
    name: "an approval by nobody",
    text: "policy: p\nrules:\n  - §id: a\n    then: approval_needed\n",
    message: "the key `approval` is missing: who may approve",
  },
  {
    name: "an approval without groups",
    text: asks("§{ expires: 5m }"),
    message: "the key `from` is missing: the groups whose people may approve",
  },
  { name: "an approval of two", text: asks("{ from: [t], count: §2 }"), message: "a count above 1 is not built yet" },
  {
    name: "an approval for ever",
    text: asks("{ from: [t], expires: §forever }"),
    message: "`forever` is no duration up to 30d",
    fix: "for example 30m",
  },
  { name: "a note", text: asks("{ from: [t], §note: required }"), message: "`note` is not built yet" },
  {
    name: "a summary of what is not there",
    text: asks('{ from: [t], summary: "Pay §{args.to}" }'),
    message: "`{args.to}` is nothing that every tool of this rule has",
    fix: "allowed: amount",
  },
  {
    name: "an approval on an allow",
    text: rule("    §approval: { from: [t] }"),
    message: "`approval` stands only with `then: approval_needed`",
  },
  {
    name: "an argument in a reason",
    text: "policy: p\nrules:\n  - id: a\n    then: deny\n    reason: No §{args.to} here\n",
    message: "`{args.to}` cannot stand in what an agent reads: verified facts of the caller only",
  },
  {
    name: "a fact in a hint",
    text: "policy: p\nrules:\n  - id: a\n    then: deny\n    hint: Dear §{caller.agent}\n",
    message: "`{caller.agent}` in a text for agents is not built yet",
  },
  {
    name: "a code of ours",
    text: "policy: p\nrules:\n  - id: a\n    then: deny\n    code: §token_expired\n",
    message: "`token_expired` is a code of Sluice itself and would be taken for it",
    fix: "choose a code of your own",
  },
  {
    name: "a redaction of two things",
    text: rule("    redact: [§{ header: x, query: y }]"),
    message: "an entry names exactly one of `find`, `header`, `query`",
  },
  { name: "a redaction of the response", text: rule("    redact: [{ find: pii.ssn, on: §both }]"), message: "`on: both` is not built yet" },
  { name: "a redaction in a body", text: rule("    redact: [{ §json: $.a }]"), message: "`json` is not built yet" },
  {
    name: "a redaction of nothing known",
    text: rule("    redact: [{ find: §pii.sn }]"),
    message: "nothing detects `pii.sn`",
    fix: "did you mean pii.ssn? allowed: pii.card, pii.ssn",
  },
  {
    name: "a redaction of the host",
    text: rule("    redact: [{ header: §Host }]"),
    message: "the header `host` cannot be taken out by a rule",
  },
  {
    name: "an enforced rule in a shadow policy",
    text: "policy: p\nmode: shadow\nrules:\n  - { id: a, then: allow, mode: §enforce }\n",
    message: "the policy says `mode: shadow` for all its rules, and this one `enforce`",
  },
  {
    name: "a time zone that is none",
    text: "policy: p\ntime_zone: §Mars/Base\nrules:\n  - { id: a, then: allow }\n",
    message: "`Mars/Base` is no time zone",
    fix: "for example Europe/Berlin",
  },
  { name: "a policy that does nothing", text: "§policy: p\n", message: "a policy without rules and limits does nothing" },

  // Limits
  {
    name: "a rate per day",
    text: limit("{ id: l, per: [agent], rate: §50/d }"),
    message: "`50/d` is no rate",
    fix: "for example 50/s, 100/m or 5/h",
  },
  { name: "a limit of nothing", text: limit("§{ id: l, per: [agent] }"), message: "a limit has exactly one of `rate`, `budget`" },
  {
    name: "a budget of nobody knows what",
    text: limit("§{ id: l, per: [agent], budget: 5 usd per day }"),
    message: "the key `of` is missing: amount (money inside the call) or cost (of the call itself)",
  },
  {
    name: "a budget per week",
    text: limit("{ id: l, per: [agent], of: cost, budget: §5 usd per week }"),
    message: "a budget of `5 usd per week` is not built yet",
    fix: "write money per day",
  },
  {
    name: "a budget that is none",
    text: limit("{ id: l, per: [agent], of: cost, budget: §-5 usd per day }"),
    message: "`-5 usd per day` is no budget",
    fix: "for example 10000 usd per day",
  },
  { name: "a quota", text: limit("{ id: l, per: [agent], §quota: 5 per day }"), message: "`quota` is not built yet" },
  {
    name: "beyond",
    text: limit("{ id: l, per: [agent], of: cost, budget: 5 usd per day, beyond: §approval_needed }"),
    message: "`beyond: approval_needed` is not built yet",
  },
  { name: "a dimension of later", text: limit("{ id: l, per: [agent, §group], rate: 5/s }"), message: "`per: group` is not built yet" },
  {
    name: "a dimension that is none",
    text: limit("{ id: l, per: [§agnt], rate: 5/s }"),
    message: "nothing is counted per `agnt`",
    fix: "did you mean agent? allowed: tenant, agent, subject, tool, host, session, labels.NAME",
  },
  {
    name: "no dimension",
    text: limit("{ id: l, per: §[], rate: 5/s }"),
    message: "a limit is counted per something",
    fix: "for example per: [agent]",
  },
  { name: "a burst of half", text: limit("{ id: l, per: [agent], rate: 5/s, burst: §0.5 }"), message: "burst is a whole number from 1" },

  // The catalogue
  { name: "a tool that is no call", text: "tools:\n  §t.one: {}\n", message: "the tool `t.one` says no `http`: which call it is" },
  { name: "a tool of later", text: "tools:\n  t.one: { §mcp: {} }\n", message: "`mcp` is not built yet" },
  {
    name: "a tool called unknown",
    text: "tools:\n  §unknown: { http: { method: GET, host: h.example, path: / } }\n",
    message: "`unknown` cannot be the name of a tool",
    fix: "letters, digits, `.`, `_`, `:`, `/`, `-`; not `unknown`",
  },
  {
    name: "a tool on many hosts",
    text: "tools:\n  t: { http: { method: GET, host: §.example, path: / } }\n",
    message: "the host of a tool is exact",
  },
  {
    name: "two tools that are one call",
    text: 'tools:\n  a: { http: { method: GET, host: h.example, path: "/:x" } }\n  §b: { http: { method: GET, host: h.example, path: "/*" } }\n',
    message: "`a` and `b` both fit GET h.example/x, and neither is the more specific",
    fix: "make one path narrower at every place where they differ",
  },
  {
    name: "an argument from nowhere",
    text: tool("    args: { x: { from: §formm.x } }"),
    message: "`formm.x` is no place of an argument",
    fix: "did you mean form? allowed: form, json, query, path, header",
  },
  {
    name: "an argument from another body",
    text: tool("    args: { x: { from: §json.x } }"),
    message: "`json.x` is read from a JSON body, which the tool does not declare",
    fix: "write `body: json`",
  },
  {
    name: "an argument of a path that does not bind it",
    text: tool("    args: { x: { from: §path.x } }"),
    message: "`path.x` is not bound by the tool's path",
    fix: "write `:x` as a segment of the path",
  },
  {
    name: "an amount of no argument",
    text: tool("    amount: { value: §args.sum, unit: minor, currency: usd }"),
    message: "`args.sum` is no argument of this tool",
    fix: "there are none yet",
  },
  {
    name: "an amount in no currency",
    text: tool("    args: { sum: { from: form.sum } }\n    amount: { value: args.sum, unit: minor, currency: §dollars }"),
    message: "`dollars` is no currency",
    fix: "write args.NAME or a code such as usd",
  },
  { name: "a cost that is none", text: tool("    cost: §30 cents"), message: "`30 cents` is no cost", fix: "for example 0.30 usd" },
  {
    name: "a schema that is no such file",
    text: tool("    schema: §x.json"),
    message: "`x.json` cannot be the name of a schema's file",
    fix: "write NAME.schema.json, a file beside this one",
  },

  // Cases
  {
    name: "a case without expectation",
    text: test("§{ name: x, caller: { agent: a }, call: { method: GET, host: h, path: / } }"),
    message: "the key `expect` is missing: a text or a map",
  },
  {
    name: "a case that expects what is not",
    text: test("{ name: x, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: { decision: §alow } }"),
    message: "found the text `alow`",
    fix: "did you mean allow? allowed: allow, sanitize, approval_needed, deny",
  },
  {
    name: "a case of a tool that nobody has",
    text: test("{ name: x, caller: { agent: a }, call: { tool: §t.two }, expect: deny }"),
    message: "no tool of the catalogue is `t.two`",
    fix: "there are none yet",
  },
  {
    name: "a case with tool and host",
    text: test("{ name: x, caller: { agent: a }, call: { tool: t.one, §host: h }, expect: deny }"),
    message: "`host` follows from `tool`",
    fix: "write either the tool or the call",
  },
  {
    name: "a case of two bodies",
    text: test("{ name: x, caller: { agent: a }, call: { method: POST, host: h, path: /, form: {}, §json: {} }, expect: deny }"),
    message: "a call has one body: `form` or `json`",
  },
  {
    name: "a case at a time",
    text: test("{ name: x, §time: noon, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }"),
    message: "`time` is not built yet",
  },
];
