import type { ApprovalState } from "../../core/approval.ts";
import { APPROVAL_PAGE, APPROVAL_VIEW, type ApprovalPageView, type ApprovalView } from "./approval-view.ts";
import { type ClientResult, createExchange, jsonOf, type ServerAccess } from "./exchange.ts";
import { EXPLANATION_VIEW, type ExplanationView } from "./explanation-view.ts";

export type OperatorClient = {
  readonly list: (filter: {
    readonly status: ApprovalState | null;
    readonly tenant: string | null;
  }) => Promise<ClientResult<ApprovalPageView>>;
  readonly show: (id: string) => Promise<ClientResult<ApprovalView>>;
  readonly approve: (id: string, reason: string | null) => Promise<ClientResult<ApprovalView>>;
  readonly reject: (id: string, reason: string | null) => Promise<ClientResult<ApprovalView>>;
  /** Why a call was decided so, where the server was asked to keep that. */
  readonly explanation: (decisionId: string) => Promise<ClientResult<ExplanationView>>;
};

/** Speaks to the operators' API about calls; `createBundleClient` does about policy. */
export function createOperatorClient(access: ServerAccess): OperatorClient {
  const exchange = createExchange(access);
  const address = (id: string, verb: string) => `/v1/approvals/${encodeURIComponent(id)}${verb}`;
  const answer = (id: string, verb: string, reason: string | null) =>
    exchange({ path: address(id, verb), method: "POST", body: { reason }, parse: jsonOf(APPROVAL_VIEW) });

  return {
    list: ({ status, tenant }) => {
      const query = new URLSearchParams({ ...(status === null ? {} : { status }), ...(tenant === null ? {} : { tenant }) });
      return exchange({ path: `/v1/approvals?${query}`, parse: jsonOf(APPROVAL_PAGE) });
    },
    show: (id) => exchange({ path: address(id, ""), parse: jsonOf(APPROVAL_VIEW) }),
    approve: (id, reason) => answer(id, ":approve", reason),
    reject: (id, reason) => answer(id, ":reject", reason),
    explanation: (id) => exchange({ path: `/v1/decisions/${encodeURIComponent(id)}/explanation`, parse: jsonOf(EXPLANATION_VIEW) }),
  };
}
