import type { Call } from "../../../src/core/call.ts";
import { UNAUTHENTICATED } from "../../../src/core/proxy.ts";

export type CallText = {
  readonly method?: string;
  readonly scheme?: string;
  readonly authority?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly repeated?: readonly string[];
  readonly body?: Call["body"] | string;
};

/** A call with sensible rest: GET https://api.example.com/ without body. A text body is seen in full. */
export function makeCall(text: CallText = {}): Call {
  const { body = { kind: "none" } } = text;
  return {
    method: text.method ?? "GET",
    scheme: text.scheme ?? "https",
    authority: text.authority ?? "api.example.com",
    target: text.target ?? "/",
    headers: new Map(Object.entries(text.headers ?? {})),
    repeated: new Set(text.repeated ?? []),
    body: typeof body === "string" ? { kind: "full", bytes: Buffer.from(body, "utf8") } : body,
    protocol: "HTTP/1.1",
    principal: null,
    context: {},
    proxy: UNAUTHENTICATED,
    proxyRequestId: "1",
    traceparent: null,
  };
}

export const JSON_TYPE = { "content-type": "application/json" };
export const FORM_TYPE = { "content-type": "application/x-www-form-urlencoded" };
