import { z } from "zod";
import type { Answer } from "../../approvals/approvals.ts";
import { ANSWERING_ROLES } from "../../approvals/who-may-approve.ts";
import type { Explanations } from "../../authorize/explanations.ts";
import type { Role } from "../../core/person.ts";
import { type ApprovalDoor, answerApproval, listApprovals, showApproval } from "../../operate/approvals.ts";
import type { PolicyDesk } from "../../operate/policy-desk.ts";
import { showExplanation } from "../../operate/show-explanation.ts";
import { APPROVAL_STATES, viewApproval } from "./approval-view.ts";
import { createBundleRoutes } from "./bundle-routes.ts";
import { isPlainText } from "./escape-text.ts";
import { viewExplanation } from "./explanation-view.ts";
import type { OpenPolls } from "./open-polls.ts";
import { type ApiReply, type ApiRequest, READING_ROLES, type Route, refuse } from "./route.ts";

/** Who writes policy or runs the server. An explanation tells more of the policy than an approver needs. */
const EXPLAINING_ROLES: readonly Role[] = ["author", "operator", "admin"];
const REASON_LENGTH_MAX = 500;

const PARAMS = z.object({ id: z.string() });
const LIST_QUERY = z.strictObject({ status: z.enum(APPROVAL_STATES).optional(), tenant: z.string().min(1).max(128).optional() });
const REASON = z.string().max(REASON_LENGTH_MAX).refine(isPlainText);
const ANSWER_BODY = z.strictObject({ reason: REASON.nullable().optional() });

export type Doors = {
  readonly approvals: ApprovalDoor;
  readonly explanations: Pick<Explanations, "find">;
  readonly policies: PolicyDesk;
};

export function createRoutes({ approvals: door, explanations, policies }: Doors, polls: OpenPolls): readonly Route[] {
  return [
    { method: "GET", path: "/v1/approvals", roles: READING_ROLES, handle: (request) => list(door, request) },
    { method: "GET", path: "/v1/approvals/{id}", roles: READING_ROLES, handle: (request) => show(door, request) },
    { method: "POST", path: "/v1/approvals/{id}:approve", roles: ANSWERING_ROLES, handle: (request) => answer(door, request, "approve") },
    { method: "POST", path: "/v1/approvals/{id}:reject", roles: ANSWERING_ROLES, handle: (request) => answer(door, request, "reject") },
    { method: "GET", path: "/v1/decisions/{id}/explanation", roles: EXPLAINING_ROLES, handle: (request) => explain(explanations, request) },
    ...createBundleRoutes(policies, polls),
  ];
}

function list(door: ApprovalDoor, { operator, query }: ApiRequest): ApiReply {
  const parsed = LIST_QUERY.safeParse(query);
  if (!parsed.success) return refuse("query_invalid");
  const { approvals, truncated } = listApprovals(door, operator, {
    state: parsed.data.status ?? null,
    tenant: parsed.data.tenant ?? null,
  });
  return { kind: "ok", body: { approvals: approvals.map(viewApproval), truncated } };
}

function show(door: ApprovalDoor, { operator, params }: ApiRequest): ApiReply {
  const approval = showApproval(door, operator, PARAMS.parse(params).id);
  return approval === null ? refuse("approval_unknown") : { kind: "ok", body: viewApproval(approval) };
}

async function answer(door: ApprovalDoor, { operator, params, body }: ApiRequest, kind: Answer["kind"]): Promise<ApiReply> {
  const parsed = ANSWER_BODY.safeParse(body);
  if (!parsed.success) return refuse("body_invalid");
  const result = await answerApproval(door, operator, { id: PARAMS.parse(params).id, kind, reason: parsed.data.reason ?? null });
  switch (result.kind) {
    case "answered":
      return { kind: "ok", body: viewApproval(result.approval) };
    case "unknown":
      return refuse("approval_unknown");
    case "not_open":
      return refuse("approval_not_open");
    case "said_already":
      return refuse("approval_said_already");
    case "reason_missing":
      return refuse("approval_reason_missing");
    case "not_allowed":
      return refuse(result.why);
  }
}

function explain(kept: Doors["explanations"], { operator, params }: ApiRequest): ApiReply {
  const shown = showExplanation(kept, operator, PARAMS.parse(params).id);
  return shown === null ? refuse("explanation_unknown") : { kind: "ok", body: viewExplanation(shown) };
}
