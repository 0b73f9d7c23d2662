import { type BrokenFile, test } from "./broken-file.ts";

const LIMITED = [{ name: "limits.yaml", text: "policy: q\nlimits:\n  - { id: l, per: [agent], rate: 5/s }\n" }];

const CALLED = "caller: { agent: a }, call: { method: GET, host: h, path: / }";
const expects = (text: string) => test(`{ name: x, ${CALLED}, expect: { decision: deny, ${text} } }`);
const calls = (text: string) => test(`{ name: x, caller: { agent: a }, call: { ${text} }, expect: deny }`);
const CODED = [
  { name: "coded.yaml", text: "policy: q\nrules:\n  - { id: r, match: { hosts: [h] }, then: deny, code: not_today }\n" },
  ...LIMITED.map(({ name, text }) => ({ name, text: text.replace("policy: q", "policy: z").replace("id: l", "id: calls") })),
];

export const BROKEN_CASES: readonly BrokenFile[] = [
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
    text: test("{ name: x, time: §noon, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }"),
    message: "`noon` is no moment",
    fix: "for example 2026-12-24T18:00:00Z",
  },
  {
    name: "a case on a day that is none",
    text: test('{ name: x, time: §"2026-02-30T00:00:00Z", caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }'),
    message: "`2026-02-30T00:00:00Z` is no moment",
    fix: "for example 2026-12-24T18:00:00Z",
  },
  {
    name: "a usage of no limit",
    text: test("{ name: x, usage: { §p/l: { used: 1 } }, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }"),
    message: "there is no limit `p/l`",
    fix: "there are none yet",
  },
  {
    name: "a usage said twice",
    text: test(
      "{ name: x, usage: { q/l: §{ used: 1, share: 0.2 } }, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }",
    ),
    beside: LIMITED,
    message: "exactly one of `used`, `remaining`, `share` is given: the others follow",
  },
  {
    name: "a usage above the limit",
    text: test("{ name: x, usage: { q/l: { used: §6 } }, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }"),
    beside: LIMITED,
    message: "`used` is from 0 to 5 here",
  },
  {
    name: "a share above one",
    text: test("{ name: x, usage: { q/l: { share: §1.5 } }, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }"),
    beside: LIMITED,
    message: "`share` is from 0 to 1 here",
  },
  {
    name: "a finding that nothing detects",
    text: test(
      "{ name: x, findings: [{ kind: §pii.sn, where: path }], caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }",
    ),
    message: "nothing detects `pii.sn`",
    fix: "did you mean pii.ssn? allowed: pii.card, pii.ssn",
  },
  {
    name: "a finding nowhere",
    text: test(
      "{ name: x, findings: [{ kind: pii.ssn, where: §body }], caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }",
    ),
    message: "`body` is no place of a call",
    fix: "header:NAME, query:KEY, form:KEY, json:/pointer, path or text",
  },
  {
    name: "a finding surer than sure",
    text: test(
      "{ name: x, findings: [{ kind: pii.ssn, where: path, confidence: §2 }], caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }",
    ),
    message: "confidence is from 0 to 1",
  },
  {
    name: "a case of a path without its host",
    text: test("{ name: x, caller: { agent: a }, call: §{ method: GET, path: / }, expect: deny }"),
    message: "the key `host` is missing",
  },
  {
    name: "a case of a host without its method",
    text: test("{ name: x, caller: { agent: a }, call: §{ host: h, path: / }, expect: deny }"),
    message: "the key `method` is missing (or `tool`)",
  },
  {
    name: "a case of arguments without a tool",
    text: test("{ name: x, caller: { agent: a }, call: { method: GET, host: h, path: /, §args: {} }, expect: deny }"),
    message: "`args` stands only with `tool`",
  },
  {
    name: "a case without a caller",
    text: test("§{ name: x, call: { method: GET, host: h, path: / }, expect: deny }"),
    message: "the key `caller` is missing: a map",
  },
  {
    name: "a key that a case does not have",
    text: test("{ name: x, §expected: deny, caller: { agent: a }, call: { method: GET, host: h, path: / }, expect: deny }"),
    message: "unknown key `expected`",
    fix: "did you mean expect? allowed: name, caller, call, usage, time, findings, context, expect",
  },
  {
    name: "a case of a method in lower case",
    text: calls("method: §get, host: h, path: /"),
    message: "`get` is no method: methods are in upper case",
    fix: "write GET",
  },
  {
    name: "a case of a URL as host",
    text: calls("method: GET, host: §'https://h', path: /"),
    message: "`https://h` is no host",
    fix: "write h",
  },
  {
    name: "a case of a path in the host",
    text: calls("method: GET, host: §h/a, path: /"),
    message: "`h/a` is no host",
    fix: "write h",
  },
  {
    name: "a case of a suffix as host",
    text: calls("method: GET, host: §.h.example, path: /"),
    message: "`.h.example` is no host of a call",
    fix: "write one host, for example api.h.example",
  },
  {
    name: "a case that expects a rule that nobody has",
    text: expects("rule: §q/s"),
    beside: CODED,
    message: "there is no rule or limit `q/s`",
    fix: "did you mean q/r? allowed: q/r, z/calls",
  },
  {
    name: "a case that expects a rule as a limit",
    text: expects("limits: [z/calls, §q/r]"),
    beside: CODED,
    message: "there is no limit `q/r`",
    fix: "allowed: z/calls",
  },
  {
    name: "a case that expects a rule in shadow that nobody has",
    text: expects("shadow: { decision: deny, rule: §q/t }"),
    beside: CODED,
    message: "there is no rule or limit `q/t`",
    fix: "did you mean q/r? allowed: q/r, z/calls",
  },
  {
    name: "a case that expects a tool that nobody has",
    text: expects("tool: §unknow"),
    beside: CODED,
    message: "there is no tool `unknow`",
    fix: "did you mean unknown? allowed: unknown, none, undetermined",
  },
  {
    name: "a redaction that is none",
    text: expects("redactions: ['find:pii.ssn', §pii.ssn]"),
    message: "`pii.ssn` is no redaction",
    fix: "find:KIND, header:NAME, query:KEY, form:KEY or json:$.a.b",
  },
  {
    name: "a redaction of what nothing detects",
    text: expects("redactions: [§'find:pii.sn']"),
    message: "nothing detects `pii.sn`",
    fix: "did you mean pii.ssn? allowed: pii.card, pii.ssn",
  },
  {
    name: "a redaction of no place in a body",
    text: expects("redactions: ['§json:a.b']"),
    message: "`a.b` is no place in a JSON body: it begins with $",
    fix: "write $.a.b",
  },
  {
    name: "two cases of one name",
    text: `cases:\n  - { name: x, ${CALLED}, expect: deny }\n  - { name: §x, ${CALLED}, expect: allow }\n`,
    message: "the case on line 2 has this name too",
  },
  ...["+4915112345678", "007", "1e3", "0x1F", "1.50", "12345678901234567890", "True"].map((written) => ({
    name: `${written} in a form`,
    text: calls(`method: POST, host: h, path: /, form: { a: §${written} }`),
    message: `YAML reads ${written} as ${shown(written)}, and so it would be sent`,
    fix: `quote it: "${written}", or write ${shown(written)}`,
  })),
  {
    name: "a number in a query that YAML reads otherwise",
    text: calls("method: GET, host: h, path: /, query: { a: 7, b: §007 }"),
    message: "YAML reads 007 as 7, and so it would be sent",
    fix: 'quote it: "007", or write 7',
  },
  {
    name: "an argument in a query that YAML reads otherwise",
    text: calls("tool: t.one, args: { n: §007, b: 007 }"),
    beside: [
      {
        name: "t.yaml",
        text: "tools:\n  t.one: { http: { method: POST, host: h, path: /, body: json }, args: { n: { from: query.n }, b: { from: json.b } } }\n",
      },
    ],
    message: "YAML reads 007 as 7, and so it would be sent",
    fix: 'quote it: "007", or write 7',
  },
];

function shown(written: string): string {
  return written === "True" ? "true" : String(Number(written));
}
