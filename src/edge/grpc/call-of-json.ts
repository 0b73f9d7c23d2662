import { z } from "zod";
import { UNAUTHENTICATED } from "../../core/proxy.ts";
import { envoy } from "./codec.generated.js";
import { type DecodedCall, decodeCall } from "./decode-call.ts";

const text = z.string();

/** What a decision rests on in a CheckRequest's JSON form, in either spelling of its fields; the rest is not looked at. */
const CHECK_JSON = z.object({
  attributes: z.object({
    request: z.object({
      http: z.object({
        id: text.default(""),
        method: text,
        scheme: text.default("https"),
        host: text,
        path: text.default(""),
        protocol: text.default("HTTP/1.1"),
        headers: z.record(text, text).default({}),
        body: text.optional(),
        raw_body: z.base64().optional(),
        rawBody: z.base64().optional(),
      }),
    }),
  }),
});

/** A CheckRequest in JSON as the server would read it from a proxy that proved nothing. */
export function callOfJson(json: unknown): DecodedCall | { readonly kind: "no_check_request"; readonly reason: string } {
  const parsed = CHECK_JSON.safeParse(json);
  if (!parsed.success) return { kind: "no_check_request", reason: z.prettifyError(parsed.error) };
  const { raw_body, rawBody, body, ...http } = parsed.data.attributes.request.http;
  const raw = raw_body ?? rawBody;
  const bytes = raw === undefined ? Buffer.from(body ?? "") : Buffer.from(raw, "base64");
  const message = { attributes: { request: { http: { ...http, rawBody: bytes, size: bytes.length } } } };
  return decodeCall(envoy.service.auth.v3.CheckRequest.encode(message).finish(), { proxy: UNAUTHENTICATED, traceparent: null });
}
