import { describe, expect, it } from "vitest";
import { type ProxyIdentity, UNAUTHENTICATED } from "../../../src/core/proxy.ts";
import { type DecodedCall, decodeCall } from "../../../src/edge/grpc/decode-call.ts";
import { type CheckParts, encodeCheckRequest, encodeMessage, loadProtos } from "../../tools/check-request.ts";

const SIDECAR: ProxyIdentity = {
  kind: "authenticated",
  name: "sidecar",
  tenants: ["default"],
  trusts: new Set(["principal", "context"]),
  body: { maxBytes: 64, partial: false },
};
const PARTIAL: ProxyIdentity = { ...SIDECAR, body: { maxBytes: 64, partial: true } };
const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

const CheckRequest = loadProtos().lookupType("envoy.service.auth.v3.CheckRequest");
const HttpRequest = loadProtos().lookupType("envoy.service.auth.v3.AttributeContext.HttpRequest");

function decode(parts: CheckParts, proxy: ProxyIdentity = SIDECAR): DecodedCall {
  return decodeCall(encodeCheckRequest(parts), { proxy, traceparent: null });
}

function decodeHttp(http: object): DecodedCall {
  return decodeCall(encodeMessage(CheckRequest, { attributes: { request: { http } } }), { proxy: SIDECAR, traceparent: null });
}

function callOf(decoded: DecodedCall) {
  if (decoded.kind !== "call") throw new Error(`unreadable: ${decoded.reason}`);
  return decoded.call;
}

const LEAST = { method: "GET", host: "a.example", path: "/" };

describe("what cannot be read", () => {
  it.each([
    ["no bytes", Buffer.alloc(0), "http_missing"],
    ["attributes without a request", encodeMessage(CheckRequest, { attributes: {} }), "http_missing"],
    ["a request without http", encodeMessage(CheckRequest, { attributes: { request: { time: { seconds: 1 } } } }), "http_missing"],
    ["text", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "not_protobuf"],
    ["a message that is cut off", encodeCheckRequest().subarray(0, -9), "not_protobuf"],
    ["a nested message longer than its parent", Buffer.from([0x0a, 0x02, 0x22, 0x09]), "not_protobuf"],
    ["a number of eleven bytes", Buffer.from([0x08, ...Array(10).fill(0xff), 0x01]), "not_protobuf"],
    ["a million nested groups", Buffer.alloc(1_000_000, 0x0b), "not_protobuf"],
    ["a wire type that does not exist", Buffer.from([0x0f, 0x00]), "not_protobuf"],
    ["a fixed number that is cut off", Buffer.from([0x09, 0x00]), "not_protobuf"],
  ])("is %s", (_name, bytes, reason) => {
    expect(decodeCall(bytes, { proxy: SIDECAR, traceparent: null })).toEqual({ kind: "unreadable", reason });
  });

  it.each([
    ["no method", { ...LEAST, method: "" }, "method_invalid"],
    ["a method with a space", { ...LEAST, method: "GET /" }, "method_invalid"],
    ["no host", { ...LEAST, host: "" }, "host_missing"],
    ["no path", { ...LEAST, path: "" }, "path_missing"],
    ["a raw header value that is not UTF-8", { ...LEAST, headerMap: raw("x-a", Buffer.from([0x61, 0xff])) }, "header_not_utf8"],
    ["an overlong UTF-8 form", { ...LEAST, headerMap: raw("x-a", Buffer.from([0xc0, 0xaf])) }, "header_not_utf8"],
    ["both header forms", { ...LEAST, headers: { "x-a": "1" }, headerMap: raw("x-b", Buffer.from("2")) }, "two_header_forms"],
    ["both body forms", { ...LEAST, body: "a", rawBody: Buffer.from("b") }, "two_body_forms"],
    ["a content-length that is no number", { ...LEAST, headers: { "content-length": "5, 5" } }, "content_length_invalid"],
    ["a negative content-length", { ...LEAST, headers: { "content-length": "-1" } }, "content_length_invalid"],
    [
      "too many headers",
      { ...LEAST, headerMap: { headers: Array(1001).fill({ key: "a", rawValue: Buffer.from("1") }) } },
      "headers_too_many",
    ],
    ["headers that are too large", { ...LEAST, headers: { "x-a": "a".repeat(524_288) } }, "headers_too_large"],
  ])("is a request with %s", (_name, http, reason) => {
    expect(decodeHttp(http)).toEqual({ kind: "unreadable", reason });
  });

  it("is a repeated content-length", () => {
    const parts = { method: "POST", headers: { "content-length": ["3", "3"] }, body: "abc", contentLength: null };
    expect(decode(parts)).toEqual({ kind: "unreadable", reason: "content_length_invalid" });
  });

  it("is a host that is not UTF-8", () => {
    const bytes = encodeMessage(CheckRequest, { attributes: { request: { http: { ...LEAST, host: "aXb.example" } } } });
    bytes[bytes.indexOf("X")] = 0xff;
    expect(decodeCall(bytes, { proxy: SIDECAR, traceparent: null })).toEqual({ kind: "unreadable", reason: "text_not_utf8" });
  });

  it("is a believed principal with a NUL in it", () => {
    expect(decode({ principal: "spiffe://good\0.evil" })).toEqual({ kind: "unreadable", reason: "principal_invalid" });
    expect(callOf(decode({ principal: "spiffe://good\0.evil" }, UNAUTHENTICATED)).principal).toBeNull();
  });
});

describe("a call", () => {
  const parts: CheckParts = {
    method: "POST",
    scheme: "http",
    host: "Api.Example.com:8443",
    path: "/v1/charges?amount=1&b=%20",
    headers: { "content-type": "application/json", "x-long": "y".repeat(9000), "x-utf8": "zażółć 🙂", "x-empty": "" },
    body: '{"a":1}',
    protocol: "HTTP/2",
    id: "42",
    principal: "spiffe://cluster/agent",
    context: { "sluice.tenant": "default" },
  };

  it.each([
    { rawHeaders: true, rawBody: true },
    { rawHeaders: true, rawBody: false },
    { rawHeaders: false, rawBody: true },
    { rawHeaders: false, rawBody: false },
  ])("has everything the proxy said, whichever form it used (%o)", (forms) => {
    const asker = { proxy: SIDECAR, traceparent: TRACEPARENT };
    expect(decodeCall(encodeCheckRequest({ ...parts, ...forms }), asker)).toEqual({
      kind: "call",
      call: {
        method: "POST",
        scheme: "http",
        authority: "Api.Example.com:8443",
        target: "/v1/charges?amount=1&b=%20",
        headers: new Map([
          ["content-type", "application/json"],
          ["x-long", "y".repeat(9000)],
          ["x-utf8", "zażółć 🙂"],
          ["x-empty", ""],
          ["content-length", "7"],
        ]),
        repeated: new Set(),
        body: { kind: "full", bytes: Buffer.from('{"a":1}') },
        protocol: "HTTP/2",
        principal: "spiffe://cluster/agent",
        context: Object.assign(Object.create(null), { "sluice.tenant": "default" }),
        proxy: SIDECAR,
        proxyRequestId: "42",
        traceparent: TRACEPARENT,
      },
    });
  });

  it("believes an unauthenticated asker nothing", () => {
    const call = callOf(decode(parts, UNAUTHENTICATED));
    expect([call.principal, { ...call.context }, call.proxy]).toEqual([null, {}, UNAUTHENTICATED]);
  });

  it("believes an authenticated proxy only what it is trusted for", () => {
    const call = callOf(decode(parts, { ...SIDECAR, trusts: new Set(["metadata"]) }));
    expect([call.principal, { ...call.context }]).toEqual([null, {}]);
  });

  it("keeps a context key of any name as plain data", () => {
    const call = callOf(decode({ context: { ["__proto__"]: "a", constructor: "b" } }));
    expect(Object.entries(call.context).filter(([key]) => key !== "__proto__")).toEqual([["constructor", "b"]]);
  });

  it("joins a repeated header by a comma and names it, where the raw form shows it", () => {
    const headers = { "x-a": ["1", "2", "3"], "x-b": "1,2" };
    const call = callOf(decode({ headers }));
    expect([call.headers.get("x-a"), call.headers.get("x-b"), [...call.repeated]]).toEqual(["1,2,3", "1,2", ["x-a"]]);
    const joined = callOf(decode({ headers, rawHeaders: false }));
    expect([joined.headers.get("x-a"), [...joined.repeated]]).toEqual(["1,2,3", []]);
  });

  it("has header names in lower case", () => {
    expect([...callOf(decodeHttp({ ...LEAST, headers: { "X-Token": "t" } })).headers]).toEqual([["x-token", "t"]]);
  });

  it("may be without headers, scheme, id and path where it is a CONNECT", () => {
    const call = callOf(decodeHttp({ method: "CONNECT", host: "a.example:443" }));
    expect(call).toMatchObject({ target: "", scheme: "", proxyRequestId: "", authority: "a.example:443", body: { kind: "none" } });
  });

  it("ignores fields it does not know, of every wire type, at every level", () => {
    const unknown = Buffer.from([0xf8, 0x7f, 1, 0xf9, 0x7f, 1, 2, 3, 4, 5, 6, 7, 8, 0xfa, 0x7f, 2, 0x0b, 0x0b, 0xfd, 0x7f, 1, 2, 3, 4]);
    const http = Buffer.concat([encodeMessage(HttpRequest, LEAST), unknown]);
    const request = Buffer.concat([nest(0x12, http), unknown]);
    const attributes = Buffer.concat([nest(0x22, request), unknown]);
    const bytes = Buffer.concat([nest(0x0a, attributes), unknown]);
    expect(callOf(decodeCall(bytes, { proxy: SIDECAR, traceparent: null }))).toMatchObject({ authority: "a.example", target: "/" });
  });
});

describe("a body", () => {
  const POST = { method: "POST" } as const;
  const full = (text: string) => ({ kind: "full", bytes: Buffer.from(text) });
  const partial = (text: string) => ({ kind: "partial", bytes: Buffer.from(text) });
  const none = { kind: "none" };
  const unseen = { kind: "unseen" };

  it.each<[string, CheckParts, ProxyIdentity, object]>([
    ["is none where a GET has no sign of one", { method: "GET" }, SIDECAR, none],
    ["is none where a HEAD has no sign of one", { method: "HEAD" }, SIDECAR, none],
    ["is none where an OPTIONS has no sign of one", { method: "OPTIONS" }, SIDECAR, none],
    ["is none for CONNECT", { method: "CONNECT", host: "a.example:443" }, SIDECAR, none],
    ["is none for a websocket's handshake", { headers: { upgrade: "websocket", connection: "upgrade" } }, SIDECAR, none],
    ["is none where content-length is 0", { ...POST, contentLength: "0" }, SIDECAR, none],
    ["is none where the proxy buffered it and it was empty", { ...POST, partialBody: "false" }, SIDECAR, none],
    ["is unseen where content-length says more than came", { ...POST, contentLength: "5" }, SIDECAR, unseen],
    ["is unseen where a GET declares one that did not come", { method: "GET", contentLength: "5" }, SIDECAR, unseen],
    ["is unseen where a POST says nothing: chunked leaves no sign", POST, SIDECAR, unseen],
    ["is unseen where a DELETE says nothing", { method: "DELETE" }, SIDECAR, unseen],
    ["is unseen where an unheard-of method says nothing", { method: "PURGE" }, SIDECAR, unseen],
    ["is unseen where the proxy had bytes and sent none", { ...POST, size: 9, contentLength: "0" }, SIDECAR, unseen],
    ["is unseen where the proxy says partial and sent none", { ...POST, partialBody: "true", contentLength: "0" }, SIDECAR, unseen],
    ["is unseen where a websocket's handshake is a POST", { ...POST, headers: { upgrade: "websocket" } }, SIDECAR, unseen],
    ["is unseen where a gRPC call was not buffered", { ...POST, headers: { "content-type": "application/grpc" } }, SIDECAR, unseen],
    ["is full where its length is what content-length says", { ...POST, body: "hello" }, SIDECAR, full("hello")],
    ["is full where chunked and the proxy never cuts", { ...POST, body: "hello", contentLength: null }, SIDECAR, full("hello")],
    ["is full where it fills the buffer of a proxy that never cuts", { ...POST, body: "x".repeat(64) }, SIDECAR, full("x".repeat(64))],
    ["is full where a GET has one", { method: "GET", body: "hello" }, SIDECAR, full("hello")],
    ["is full where a length proves it to an unknown asker", { ...POST, body: "hello" }, UNAUTHENTICATED, full("hello")],
    [
      "is full below the buffer of a proxy that cuts",
      { ...POST, body: "x".repeat(63), contentLength: null },
      PARTIAL,
      full("x".repeat(63)),
    ],
    ["is partial where the proxy says so", { ...POST, body: "hello", partialBody: "true" }, SIDECAR, partial("hello")],
    ["is partial where the proxy had more", { ...POST, body: "hello", size: 6 }, SIDECAR, partial("hello")],
    ["is partial where content-length is larger", { ...POST, body: "hello", contentLength: "6" }, SIDECAR, partial("hello")],
    ["is partial where content-length is smaller", { ...POST, body: "hello", contentLength: "4" }, SIDECAR, partial("hello")],
    ["is partial where it fills the buffer of a proxy that cuts", { ...POST, body: "x".repeat(64) }, PARTIAL, partial("x".repeat(64))],
    ["is partial where nothing proves its end", { ...POST, body: "hello", contentLength: null }, UNAUTHENTICATED, partial("hello")],
  ])("%s", (_name, parts, proxy, body) => {
    expect(callOf(decode(parts, proxy)).body).toEqual(body);
  });

  it("counts bytes, not characters, where it came as text", () => {
    const parts = { method: "POST", body: "żółć", rawBody: false };
    expect(callOf(decode(parts)).body).toEqual(full("żółć"));
  });

  it("keeps the proxy's own word on it out of the call's headers", () => {
    expect([...callOf(decode({ method: "POST", body: "a" })).headers.keys()]).toEqual(["content-length"]);
  });
});

function raw(key: string, rawValue: Buffer): object {
  return { headers: [{ key, rawValue }] };
}

function nest(tag: number, message: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, message.length]), message]);
}
