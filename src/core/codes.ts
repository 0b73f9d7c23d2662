/** Why a call was denied, so that an agent can act on it. */
export type DenyClass = "policy" | "identity" | "revoked" | "limit" | "budget" | "malformed" | "fault";

type CodeRow = {
  readonly class: DenyClass;
  readonly retryable: boolean;
  /** What the agent reads. Never quotes the call, never names another tenant. */
  readonly message: string;
  readonly hint: string;
};

/** How a class is answered: `google.rpc.Status.code` of the CheckResponse, and the HTTP status that the agent gets. */
export const CLASS_STATUS = {
  policy: { code: 7, http: 403 },
  identity: { code: 16, http: 401 },
  revoked: { code: 7, http: 403 },
  limit: { code: 8, http: 429 },
  budget: { code: 8, http: 402 },
  malformed: { code: 3, http: 400 },
  fault: { code: 14, http: 503 },
} as const satisfies Record<DenyClass, { readonly code: number; readonly http: number }>;

/** Every code of ours, each with its class. A policy's own `code` is of class policy. */
export const CODES = {
  denied_by_rule: policy(
    "A rule of your organisation's policy forbids this call.",
    "Do not repeat it; choose another way or ask your operator.",
  ),
  no_matching_rule: policy("No rule permits this call.", "Ask your operator for a rule that allows this host, method and path."),
  out_of_scope: policy("The call is outside the scope of the agent's token.", "Use a token whose scope covers this tool or host."),
  destination_private: policy(
    "The destination is a private or internal address.",
    "Call a public host name, or ask your operator to name this host in a rule.",
  ),
  approval_rejected: policy("A person rejected this call.", "Do not repeat it."),
  cannot_sanitize: policy("Something that must be taken out of the call cannot be taken out.", "Send the call without it."),
  sanitizer_not_declared: policy(
    "The call's body would have to be edited, and the proxy cannot do that.",
    "Send the call without the sensitive data: bodies are not edited in this version.",
  ),
  token_missing: identity("No agent token was sent.", "Send the agent's token in x-sluice-token."),
  token_expired: identity("The agent's token has expired.", "Get a fresh token and repeat the call."),
  token_invalid: identity("The agent's token was not accepted.", "Get a token from a configured issuer for this audience."),
  agent_revoked: {
    class: "revoked",
    retryable: false,
    message: "This agent has been revoked.",
    hint: "Stop; only an operator can lift a revocation.",
  },
  rate_exceeded: limit(true, "Too many calls in a short time.", "Wait for retry_after_ms, then repeat the call."),
  quota_exceeded: limit(true, "The number of calls allowed in this period is used up.", "Wait for the next period."),
  concurrency_exceeded: limit(true, "Too many calls are under way at once.", "Wait until one of them ends."),
  repeating_denied_call: limit(false, "The same call was denied again and again.", "Stop repeating it."),
  approval_flood: limit(true, "Too many approvals are waiting for this agent.", "Wait until some of them are answered."),
  budget_exceeded: budget("The budget for this period is used up.", "Wait for the next period, or ask your operator for more."),
  currency_mismatch: budget("The call's currency is not the budget's.", "Pay in the budget's currency."),
  price_unknown: budget(
    "What the call costs is not known, so its budget cannot be kept.",
    "Send an amount that can be read, or ask your operator for a price.",
  ),
  request_invalid: malformed("The request could not be read.", "Send a well-formed request."),
  body_partial: malformed("The request's body was not fully seen.", "Send a smaller body with its content-length."),
  body_unreadable: malformed(
    "The body is not in the form its tool declares.",
    "Send the declared media type in UTF-8 without content encoding.",
  ),
  args_invalid: malformed(
    "An argument is given twice, has two meanings, or is not as its tool takes it.",
    "Send each argument once, in its declared place and form.",
  ),
  path_ambiguous: malformed(
    "The path could mean more than one thing.",
    "Send the canonical path: no dot segments, encoded slashes, double slashes or parameters.",
  ),
  host_invalid: malformed("The host is not a valid name.", "Send a plain host name with at most a port."),
  header_forbidden: malformed("The call carries a header that changes how the proxy treats it.", "Remove the x-envoy-* headers."),
  policy_unavailable: fault("The policy cannot be evaluated now.", "Repeat the call later."),
  deadline_exceeded: fault("The decision took too long.", "Repeat the call later."),
  overloaded: fault("The server has too much to do.", "Repeat the call later."),
  internal: fault("The decision failed.", "Repeat the call later; tell your operator the decision id."),
} as const satisfies Record<string, CodeRow>;

export type Code = keyof typeof CODES;

/** The code of an approval that its rule gave none. */
export const APPROVAL_CODE_DEFAULT = "approval_required";

function policy(message: string, hint: string) {
  return { class: "policy", retryable: false, message, hint } as const;
}
function identity(message: string, hint: string) {
  return { class: "identity", retryable: false, message, hint } as const;
}
function limit(retryable: boolean, message: string, hint: string) {
  return { class: "limit", retryable, message, hint } as const;
}
function budget(message: string, hint: string) {
  return { class: "budget", retryable: false, message, hint } as const;
}
function malformed(message: string, hint: string) {
  return { class: "malformed", retryable: false, message, hint } as const;
}
function fault(message: string, hint: string) {
  return { class: "fault", retryable: true, message, hint } as const;
}
