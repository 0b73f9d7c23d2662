import { type ClientResult, createExchange, jsonOf, type ServerAccess } from "./exchange.ts";
import { HISTORY_PAGE, type HistoryPageView, POLICY_PAGE, type PolicyPageView, PUSHED_VIEW, type PushedView } from "./policy-view.ts";

export type BundleClient = {
  readonly policies: () => Promise<ClientResult<PolicyPageView>>;
  /** The packed bundle that decides. */
  readonly live: (tenant: string) => Promise<ClientResult<Uint8Array>>;
  readonly history: (tenant: string) => Promise<ClientResult<HistoryPageView>>;
  readonly kept: (tenant: string, digest: string) => Promise<ClientResult<Uint8Array>>;
  readonly push: (tenant: string, packed: Uint8Array, how: { readonly forbidWidening: boolean }) => Promise<ClientResult<PushedView>>;
};

/** A push is answered once the bundle's cases ran. */
const PUSH_TIMEOUT_MS = 90_000;

/** Speaks to the operators' API about policy. */
export function createBundleClient(access: ServerAccess): BundleClient {
  const exchange = createExchange(access);
  const address = (tenant: string) => `/v1/bundles/${encodeURIComponent(tenant)}`;
  const parse = (answer: Uint8Array) => answer;

  return {
    policies: () => exchange({ path: "/v1/policy", parse: jsonOf(POLICY_PAGE) }),
    live: (tenant) => exchange({ path: address(tenant), parse }),
    history: (tenant) => exchange({ path: `${address(tenant)}/history`, parse: jsonOf(HISTORY_PAGE) }),
    kept: (tenant, digest) => exchange({ path: `${address(tenant)}/history/${encodeURIComponent(digest)}`, parse }),
    push: (tenant, packed, { forbidWidening }) =>
      exchange({
        path: `${address(tenant)}${forbidWidening ? "?forbid_widening=true" : ""}`,
        method: "PUT",
        body: packed,
        timeoutMs: PUSH_TIMEOUT_MS,
        parse: jsonOf(PUSHED_VIEW),
      }),
  };
}
