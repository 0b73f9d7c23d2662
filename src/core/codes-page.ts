import { CLASS_STATUS, CODES, type Code, type DenyClass } from "./codes.ts";

type PageRow = {
  /** Who can put it right. */
  readonly whose: "agent" | "operator" | "agent or operator" | "approver" | "Sluice or its host" | "nobody";
  readonly means: string;
  readonly todo: string;
  /** Reserved: no version gives it yet. */
  readonly later?: true;
};

/** What the page says beyond the code's own row. */
const PAGE = {
  denied_by_rule: row("agent or operator", "A deny rule without a `code` of its own applies.", "See the receipt's `rule`."),
  no_matching_rule: row("operator", "No rule that permits covers the call.", "`sluice check … --explain` shows each candidate rule."),
  out_of_scope: row(
    "agent or operator",
    "The token's `scope` does not cover the tool or host; policy is not asked.",
    "Issue a token with a wider scope.",
  ),
  destination_private: row(
    "operator",
    "A loopback, private, link-local or internal name or address that no permitting rule and no catalogue entry names exactly.",
    "Name the host exactly in a rule, if it is meant.",
  ),
  approval_rejected: row("approver", "A person said no to exactly this call.", "The rejection stands for the request's life."),
  cannot_sanitize: row(
    "agent or operator",
    "What a rule takes out stands in the path or in a part that cannot be changed, or not all of it could be seen. The record's `rule` is the one that takes out, its `fault` says what and where.",
    "Send the call without it.",
  ),
  sanitizer_not_declared: row(
    "agent or operator",
    "What a rule takes out stands in the body, or would in the answer. The record's `rule` is the one that takes out, its `fault` says what and where.",
    "Bodies are not edited in this version: send the call without it, or change that rule.",
  ),
  token_missing: row("agent", "No credential in any header of `identity.headers`.", "Send the token in `x-sluice-token`."),
  token_expired: row("agent", "`exp` has passed.", "Issue a fresh token."),
  token_invalid: row(
    "agent or operator",
    "Form, algorithm, key, issuer, audience, times or claims are not accepted.",
    "The receipt's `fault` names the reason; `sluice token inspect` shows the token.",
  ),
  agent_revoked: row("operator", "The agent stands in `revocations.jsonl`.", "Take its line out to lift the revocation."),
  rate_exceeded: row("agent", "A `rate` of the policy is used up.", "Wait for `retry_after_ms`; the receipt's `rule` is the limit."),
  quota_exceeded: { ...row("agent", "A `quota` is used up.", "Wait for the next period."), later: true },
  concurrency_exceeded: { ...row("agent", "Too many calls are under way.", "Wait for one to end."), later: true },
  repeating_denied_call: { ...row("agent", "The same denied call comes again and again.", "Stop the loop."), later: true },
  approval_flood: row("agent", "20 requests of the agent, or 1,000 of its tenant, wait for people.", "Answer or let expire what waits."),
  budget_exceeded: row("agent or operator", "The call would go beyond the day's `budget`.", "Wait for the next day, or raise the budget."),
  currency_mismatch: row(
    "agent or operator",
    "The call's money is in another currency than the budget.",
    "Nothing is converted: write a budget for it. The record's `rule` is the budget, its `fault` says both currencies.",
  ),
  price_unknown: row(
    "agent or operator",
    "A budget covers the call and its money cannot be read.",
    "Send an amount, or give the tool a `cost`. The record's `rule` is the budget, its `fault` says what is missing.",
  ),
  request_invalid: row(
    "agent or operator",
    "The proxy's message cannot be decoded, or method or scheme are none.",
    "The receipt's `fault` names the place.",
  ),
  body_partial: row(
    "agent or operator",
    "Something must judge the body and not all of it was shown, or it is over 1 MiB.",
    "Send less, or give Envoy and `proxies[].body` the same larger size.",
  ),
  body_unreadable: row(
    "agent",
    "The body is not strict JSON, form or UTF-8 as its tool declares.",
    "Send the declared media type, unencoded.",
  ),
  args_invalid: row(
    "agent",
    "An argument or JSON key comes twice, or in two places, or the tool's JSON Schema refuses the arguments.",
    "Send each once, as its tool takes it; the record names the keyword.",
  ),
  path_ambiguous: row("agent", "Dot segments, encoded slashes, `//`, malformed escapes and the like.", "Send the canonical path."),
  host_invalid: row("agent", "The host is no name or address with an optional port.", "Send a plain host."),
  header_forbidden: row("agent", "An `x-envoy-*` header that multiplies or stretches calls.", "Remove it; the shipped Envoy files do so."),
  policy_unavailable: row("operator", "The tenant has no policy that loads.", "`/readyz` and the log name the reason."),
  deadline_exceeded: row(
    "Sluice or its host",
    "The decision took longer than `deadline`, or than Envoy waits.",
    "Look at load and `sluice_step_duration_seconds`.",
  ),
  overloaded: row("Sluice or its host", "More calls wait than the server holds.", "Repeat later; add CPU."),
  internal: row("Sluice or its host", "A step failed. The call did not go on.", "Look the decision id up in log and receipts."),
} as const satisfies Record<Code, PageRow>;

const INTRODUCTION = `# Codes

A call that does not go on is answered with one \`code\`. It stands in the body (\`error.code\`), in the receipt, in the span and in the metric
\`sluice_decisions_total\`. A rule of yours may give its own \`code\`, of class \`policy\`; the codes below are ours. A call that waits for a
person is answered \`approval_needed\` with 403 and the rule's code, or \`approval_required\`.

Retryable means: the same call may succeed later by itself. The answer then carries \`retry-after\` and \`x-should-retry: true\`; a limit whose
wait is above 60 seconds is not retryable. Identity is answered 407 instead of 401 where the credential belongs in \`proxy-authorization\`
(CONNECT, or it came there). A gRPC call gets \`grpc-status\` and \`grpc-message\` instead of a body.

The agent reads \`message\` and \`hint\`; they never quote the call. This page is generated from \`src/core/codes.ts\`.

`;

/** The text of `docs/codes.md`. */
export function renderCodes(): string {
  // Object.keys gives plain strings; these are the tables' own names.
  const classes = Object.keys(CLASS_STATUS) as DenyClass[];
  return INTRODUCTION + classes.map(renderClass).join("\n");
}

function renderClass(name: DenyClass): string {
  const { http, code: grpc } = CLASS_STATUS[name];
  const codes = (Object.keys(CODES) as Code[]).filter((code) => CODES[code].class === name);
  return `## ${name}: HTTP ${http}, gRPC ${grpc}\n\n| code | retryable | the agent reads | what it means | whose fault | what to do |\n| --- | --- | --- | --- | --- | --- |\n${codes.map(renderRow).join("")}`;
}

function renderRow(code: Code): string {
  const { whose, means, todo, later }: PageRow = PAGE[code];
  const { retryable, message } = CODES[code];
  const meaning = `${means}${later === true ? " Reserved: this version never gives it." : ""}`;
  return `| \`${code}\` | ${retryable ? "yes" : "no"} | ${message} | ${meaning} | ${whose} | ${todo} |\n`;
}

function row(whose: PageRow["whose"], means: string, todo: string) {
  return { whose, means, todo } as const;
}
