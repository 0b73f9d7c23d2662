import type { ProxyIdentity } from "./proxy.ts";

/**
 * What was seen of the request's body. `partial` and `unseen` are not absent: whoever judges by the body must refuse
 * them (threats.md 12).
 */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "full"; readonly bytes: Uint8Array }
  | { readonly kind: "partial"; readonly bytes: Uint8Array }
  | { readonly kind: "unseen" };

/** One outbound request of an agent, as the proxy describes it, with the proxy's types left behind. */
export type Call = {
  /** Upper case as sent, for example `POST`. */
  readonly method: string;
  readonly scheme: string;
  /** `:authority` exactly as sent. */
  readonly authority: string;
  /** `:path` exactly as sent, query included; empty for CONNECT. */
  readonly target: string;
  /** Lower-case names without the pseudo headers; a repeated header is joined by `,` in order. */
  readonly headers: ReadonlyMap<string, string>;
  /** Names that were seen more than once. Only the raw header form shows them; otherwise a comma is the only sign. */
  readonly repeated: ReadonlySet<string>;
  readonly body: Body;
  readonly protocol: string;
  /** The verified peer; null unless a proxy trusted for `principal` said so. */
  readonly principal: string | null;
  /** Context extensions; empty unless a proxy trusted for `context` sent them. */
  readonly context: Readonly<Record<string, string>>;
  readonly proxy: ProxyIdentity;
  /** Envoy's stream id (`attributes.request.http.id`), not x-request-id. */
  readonly proxyRequestId: string;
  /** W3C trace context of Envoy's own span, from the gRPC metadata; the agent's copy is in `headers`. */
  readonly traceparent: string | null;
};

/** What came over the wire, readable or not: each gets a decision and a receipt. */
export type Received =
  | { readonly kind: "call"; readonly call: Call }
  /** The request could not be decoded; `reason` is for operators and never quotes it. */
  | { readonly kind: "unreadable"; readonly reason: string; readonly traceparent: string | null }
  /** More calls are under way than the server admits. */
  | { readonly kind: "overloaded"; readonly traceparent: string | null };
