import { type BrokenFile, group } from "./broken-file.ts";

const FIX = "a guardrail denies, asks, redacts, removes or limits";
const NAME_TOOLS = "write the tools in a `tools` file beside it and name them in the match";
const TOOL =
  'tools:\n  pay: { http: { method: POST, host: pay.example, path: "/v1/**", body: json }, args: { sum: { from: json.sum } } }\n';

const guard = (lines: string, more = "") => `policy: g\n${more}rules:\n  - id: a\n${lines}\n`;

/** Files of guardrails, beside a tenant's policy that denies everything. */
export const BROKEN_GUARDRAILS: readonly BrokenFile[] = [
  {
    name: "a guardrail that allows",
    text: guard("    §then: allow"),
    guardrail: true,
    message: "a guardrail never permits: `allow`",
    fix: FIX,
  },
  {
    name: "a guardrail that sanitizes",
    text: guard("    §then: sanitize\n    redact: [{ header: x }]"),
    guardrail: true,
    message: "a guardrail never permits: `sanitize`",
    fix: FIX,
  },
  { name: "a guardrail that sets", text: guard("    §set: { x-a: b }"), guardrail: true, message: "a guardrail sets no headers", fix: FIX },
  {
    name: "a guardrail of allowed domains",
    text: "policy: g\n§allowed_domains: [a.example]\n",
    guardrail: true,
    message: "a guardrail never permits: `allow`",
    fix: FIX,
  },
  {
    name: "a guardrail that reads arguments of others",
    text: guard("    match: { hosts: [pay.example] }\n    then: deny\n    if: §args.sum > 5"),
    guardrail: true,
    message: "a guardrail reads `args.sum` only where it names tools of the guardrails' own: others could say what it is",
    fix: NAME_TOOLS,
  },
  {
    name: "a guardrail that reads amounts of others",
    text: guard("    then: deny\n    if: §amount > usd(5)"),
    guardrail: true,
    message: "a guardrail reads `amount` only where it names tools of the guardrails' own: others could say what it is",
    fix: NAME_TOOLS,
  },
  {
    name: "a guardrail that budgets prices of others",
    text: "policy: g\n§max_daily_budget: 25 usd\n".replace("§max_daily_budget: ", "max_daily_budget: §"),
    guardrail: true,
    message: "a guardrail reads the `cost` of calls only where it names tools of the guardrails' own: others could say what it is",
    fix: NAME_TOOLS,
  },
  {
    name: "a guardrail that counts tools of others",
    text: "policy: g\nlimits:\n  - §{ id: l, per: [agent, tool], rate: 5/s }\n",
    guardrail: true,
    message: "a guardrail reads the `tool` of calls only where it names tools of the guardrails' own: others could say what it is",
    fix: NAME_TOOLS,
  },
  {
    name: "a guardrail that counts groups",
    text: "policy: g\nlimits:\n  - { id: l, per: §[group], rate: 5/s }\n",
    guardrail: true,
    message: "a guardrail counts nothing per group: files of others say who is in which",
    fix: "count per agent, subject or tenant",
  },
  {
    name: "a guardrail that names a tool of others",
    text: guard("    match: { tools: [§crm.read] }\n    then: deny"),
    beside: [{ name: "tools.yaml", text: "tools:\n  crm.read: { http: { method: GET, host: crm.example, path: / } }\n" }],
    guardrail: true,
    message: "the guardrails' folder has no tool `crm.read`: tools that a guardrail names stand in the guardrails' folder",
    fix: "move it there from the policies' folder",
  },
  {
    name: "a guardrail that names a tool of nobody",
    text: guard("    match: { tools: [§crm.read] }\n    then: deny"),
    guardrail: true,
    message: "the guardrails' folder has no tool `crm.read`: tools that a guardrail names stand in the guardrails' folder",
    fix: "write a file with the key `tools` there",
  },
  {
    name: "a guardrail that misspells a tool of its own",
    text: guard("    match: { tools: [§pya] }\n    then: deny"),
    beside: [{ name: "guardrail/tools.yaml", text: TOOL }],
    guardrail: true,
    message: "the guardrails' folder has no tool `pya`: tools that a guardrail names stand in the guardrails' folder",
    fix: "did you mean pay? allowed: pay",
  },
  {
    name: "a tool in both folders",
    text: "tools:\n  §pay: { http: { method: POST, host: other.example, path: / } }\n",
    beside: [{ name: "guardrail/tools.yaml", text: TOOL }],
    message: "the tool `pay` stands in guardrail/tools.yaml:2 too",
    fix: "one catalogue for all: leave it in the guardrails' folder and delete it here",
  },
  {
    name: "a tool that takes calls from a guardrail's",
    text: 'tools:\n  §refund: { http: { method: POST, host: pay.example, path: "/v1/refunds" } }\n',
    beside: [{ name: "guardrail/tools.yaml", text: TOOL }],
    message: "`refund` could be a call of the guardrails' tool `pay`, which only that may be",
  },
  {
    name: "a header set that a guardrail removes",
    text: "policy: p\nrules:\n  - id: a\n    then: allow\n    §set: { x_a: b }\n",
    beside: [{ name: "guardrail/g.yaml", text: guard("    remove: [X-A]") }],
    message: "the header `x_a` is taken out by `guardrail:g/a`, and so cannot be set",
  },
  {
    name: "a header set that a guardrail redacts",
    text: "policy: p\nrules:\n  - id: a\n    then: allow\n    §set: { x-a: b }\n",
    beside: [{ name: "guardrail/g.yaml", text: guard("    redact: [{ header: x-a, with: mask }]") }],
    message: "the header `x-a` is taken out by `guardrail:g/a`, and so cannot be set",
  },
  {
    name: "a group of the guardrails said again",
    text: group("§treasury: { people: [eve] }"),
    beside: [{ name: "guardrail/groups.yaml", text: group("treasury: { people: [ana] }") }],
    message: "the group `treasury` stands in guardrail/groups.yaml:2 too",
  },
];
