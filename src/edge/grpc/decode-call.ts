import type { Call } from "../../core/call.ts";
import type { ProxyIdentity } from "../../core/proxy.ts";
import { classifyBody } from "./classify-body.ts";
import { type CheckFlaw, readCheckRequest, type WireCheck } from "./read-check-request.ts";

export type Asker = { readonly proxy: ProxyIdentity; readonly traceparent: string | null };

/** `reason` is for operators: a word of ours, never a part of the request. */
export type DecodedCall =
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "unreadable"; readonly reason: UnreadableReason };

export type UnreadableReason =
  | CheckFlaw
  | "not_protobuf"
  | "http_missing"
  | "method_invalid"
  | "host_missing"
  | "path_missing"
  | "content_length_invalid"
  | "principal_invalid";

/** Never throws for what the bytes say. The call's body is a view of the bytes. */
export function decodeCall(bytes: Uint8Array, asker: Asker): DecodedCall {
  let check: WireCheck;
  try {
    check = readCheckRequest(bytes);
  } catch {
    return { kind: "unreadable", reason: "not_protobuf" };
  }
  const flaw = findFlaw(check);
  return flaw === null ? toCall(check, asker) : { kind: "unreadable", reason: flaw };
}

function findFlaw(check: WireCheck): UnreadableReason | null {
  if (check.flaw !== null) return check.flaw;
  if (!check.http) return "http_missing";
  if (!METHOD.test(check.method)) return "method_invalid";
  if (check.host === "") return "host_missing";
  if (check.path === "" && check.method !== "CONNECT") return "path_missing";
  return null;
}

function toCall(check: WireCheck, asker: Asker): DecodedCall {
  const trusts = asker.proxy.kind === "authenticated" ? asker.proxy.trusts : NOTHING;
  const principal = trusts.has("principal") ? check.principal : "";
  // A certificate's name with a NUL in it was made to be read in two ways.
  if (principal === null || principal.includes("\0")) return { kind: "unreadable", reason: "principal_invalid" };
  const { headers, method, size } = check;
  const partialHeader = headers.get(PARTIAL_HEADER) ?? null;
  headers.delete(PARTIAL_HEADER);
  const buffer = asker.proxy.kind === "authenticated" ? asker.proxy.body : null;
  const body = classifyBody({ method, headers, partialHeader, bytes: check.body, size, buffer });
  if (body === null) return { kind: "unreadable", reason: "content_length_invalid" };
  const call: Call = {
    method,
    scheme: check.scheme,
    authority: check.host,
    target: check.path,
    headers,
    repeated: check.repeated,
    body,
    protocol: check.protocol,
    principal: principal === "" ? null : principal,
    context: trusts.has("context") ? check.context : NO_CONTEXT,
    proxy: asker.proxy,
    proxyRequestId: check.id,
    traceparent: asker.traceparent,
  };
  return { kind: "call", call };
}

/** A token of RFC 9110 section 5.6.2; longer ones do not exist. */
const METHOD = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;

/** The proxy drops a client's copy and sets its own only when it buffered a body. It does not go upstream. */
const PARTIAL_HEADER = "x-envoy-auth-partial-body";

const NOTHING: ReadonlySet<string> = new Set();
const NO_CONTEXT: Readonly<Record<string, string>> = Object.freeze(Object.create(null));
