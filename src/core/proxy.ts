/** What a proxy may be trusted for. `explain`: it says which calls are to be explained. */
export type ProxyTrust = "principal" | "context" | "metadata" | "explain";

/** An Envoy that asks. What it says beyond the agent's token counts only when it proved who it is. */
export type ProxyIdentity =
  | { readonly kind: "unauthenticated" }
  | {
      readonly kind: "authenticated";
      readonly name: string;
      /** The tenants it may speak for. */
      readonly tenants: readonly string[];
      readonly trusts: ReadonlySet<ProxyTrust>;
      /** What the proxy's `with_request_body` says; null when it was not declared. */
      readonly body: { readonly maxBytes: number; readonly partial: boolean } | null;
    };

export const UNAUTHENTICATED: ProxyIdentity = { kind: "unauthenticated" };
