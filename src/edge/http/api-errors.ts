import type { NotAllowed } from "../../approvals/who-may-approve.ts";
import { POLICY_REFUSALS } from "../../policy/bundle/refusals.ts";

type ErrorRow = { readonly status: number; readonly message: string };

const NOT_ALLOWED = {
  role_missing: forbidden("This needs a role that the operator does not have."),
  tenant_not_covered: forbidden("The operator does not cover this tenant."),
  operator_is_nobody: forbidden("No entry of `people` has this operator: an approval needs a person."),
  operator_is_ambiguous: forbidden("Several entries of `people` have this operator: an approval needs one person."),
  not_in_group: forbidden("The person is in none of the groups that may answer."),
  requester_is_nobody: forbidden("The subject the agent acts for is no entry of `people`, so nobody can be shown to be someone else."),
  is_requester: forbidden("Who asked cannot answer."),
  is_owner: forbidden("The agent's owner cannot answer."),
  is_excluded: forbidden("The rule excludes this person."),
} as const satisfies Record<NotAllowed, ErrorRow>;

/** Every error of the operators' HTTP. The texts are fixed: nothing of a request is ever quoted. */
export const API_ERRORS = {
  ...NOT_ALLOWED,
  request_invalid: { status: 400, message: "The request is not valid." },
  body_invalid: { status: 400, message: "The body is not the JSON object that is expected." },
  query_invalid: { status: 400, message: "The query has an unknown key or value." },
  credential_missing: { status: 401, message: "Send the operator's token in `authorization: Bearer`." },
  credential_invalid: { status: 401, message: "The operator's token was not accepted." },
  host_unknown: forbidden("The Host is none that this server answers to."),
  origin_foreign: forbidden("Requests from other sites are refused."),
  not_found: { status: 404, message: "There is nothing here." },
  approval_unknown: { status: 404, message: "There is no such approval." },
  explanation_unknown: { status: 404, message: "No explanation of such a decision is kept." },
  bundle_unknown: { status: 404, message: "No bundle decides for such a tenant, or none of this digest is kept." },
  bundle_gone: { status: 404, message: "The bundle was replaced while it was read: ask again." },
  not_pushed: { status: 409, message: "Nothing is pushed to this tenant: its policy comes from elsewhere." },
  widening_forbidden: { status: 409, message: POLICY_REFUSALS.widening_forbidden },
  approval_said_already: { status: 409, message: "This person has said yes already; it needs another one." },
  approval_reason_missing: { status: 422, message: "This approval must say why: send a `reason`." },
  approval_not_open: { status: 409, message: "The approval is not pending any more." },
  body_too_large: { status: 413, message: "The body is too large." },
  media_type_unsupported: { status: 415, message: "Send JSON as application/json, a bundle as application/gzip." },
  too_many_pushes: { status: 429, message: "Other bundles are being pushed: try again." },
  internal: { status: 500, message: "The server failed." },
} as const satisfies Record<string, ErrorRow>;

export type ApiErrorCode = keyof typeof API_ERRORS;

export function describeError(code: ApiErrorCode): { readonly error: { readonly code: ApiErrorCode; readonly message: string } } {
  return { error: { code, message: API_ERRORS[code].message } };
}

function forbidden(message: string) {
  return { status: 403, message } as const;
}
