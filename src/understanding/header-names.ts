/** Headers that multiply or stretch an approved call when Envoy obeys them (threats.md 1), as beginnings of names. */
export const FORBIDDEN_HEADERS = [
  "x-envoy-retry-",
  "x-envoy-max-retries",
  "x-envoy-retriable-",
  "x-envoy-hedge-",
  "x-envoy-upstream-rq-",
  "x-envoy-upstream-stream-duration",
  "x-envoy-expected-rq-timeout",
] as const;

/** Headers that change what a call means upstream; taken out of every call that goes on (contract section 3). */
const OVERRIDE_HEADERS = [
  "x-http-method-override",
  "x-method-override",
  "x-http-method",
  "x-original-url",
  "x-rewrite-url",
  "x-forwarded-host",
  "forwarded",
] as const;

/** Ours, taken out of every call whatever comes behind it. */
export const OWN_HEADER_PREFIX = "x-sluice-";

const OVERRIDES: ReadonlySet<string> = new Set(OVERRIDE_HEADERS);

/** Whether the header is taken out of every call that goes on. `identityHeaders` in lower case. */
export function isAlwaysRemoved(name: string, identityHeaders: readonly string[]): boolean {
  return name === "proxy-authorization" || name.startsWith(OWN_HEADER_PREFIX) || OVERRIDES.has(name) || identityHeaders.includes(name);
}

/** What a proxy on the way may set, change or drop without changing the call; left out of `call.digest`. */
export const TRANSPORT_HEADERS = [
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "via",
  "x-forwarded-client-cert",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-request-id",
  "x-correlation-id",
] as const;

/** Names that begin so are the proxies' own; left out of `call.digest`. */
export const TRANSPORT_PREFIX = "x-envoy-";

/** Trace context in the forms agents send it; left out of `call.digest`. */
export const TRACING_HEADERS = [
  "b3",
  "baggage",
  "grpc-trace-bin",
  "sentry-trace",
  "traceparent",
  "tracestate",
  "uber-trace-id",
  "x-amzn-trace-id",
  "x-b3-flags",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-spanid",
  "x-b3-traceid",
  "x-client-trace-id",
  "x-cloud-trace-context",
  "x-datadog-parent-id",
  "x-datadog-sampling-priority",
  "x-datadog-tags",
  "x-datadog-trace-id",
  "x-ot-span-context",
] as const;

/** Headers whose value is a credential of the upstream; `call.digest` takes them as HMAC. */
export const SECRET_HEADERS = [
  "api-key",
  "apikey",
  "authorization",
  "cookie",
  "ocp-apim-subscription-key",
  "private-token",
  "x-access-token",
  "x-amz-security-token",
  "x-api-key",
  "x-auth-key",
  "x-auth-token",
  "x-csrf-token",
  "x-functions-key",
  "x-github-token",
  "x-goog-api-key",
  "x-goog-iam-authorization-token",
  "x-shopify-access-token",
  "x-vault-token",
  "x-xsrf-token",
] as const;

/** Headers that frame the message or choose its receiver: never set, never redacted. */
export const FRAMING_HEADERS = ["host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect"] as const;
