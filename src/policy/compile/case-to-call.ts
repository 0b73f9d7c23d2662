import type { Body, Call } from "../../core/call.ts";
import type { Caller } from "../../core/caller.ts";
import type { ArgumentSource, CatalogueEntry } from "../../core/catalogue.ts";
import type { Json } from "../../core/intent.ts";
import { UNAUTHENTICATED } from "../../core/proxy.ts";
import type { CaseBody, CaseCall, CaseFields, PolicyCase } from "./cases.ts";

/** A case as the call that Envoy would describe and the caller that its token would name. */
export function caseToCall(policyCase: PolicyCase, catalogue: readonly CatalogueEntry[]): { readonly call: Call; readonly caller: Caller } {
  const sent = policyCase.call.kind === "tool" ? spellTool(policyCase.call, catalogue) : policyCase.call;
  const body = encodeBody(sent.body);
  const headers = new Map([...body.headers, ...Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value] as const)]);
  const call: Call = {
    method: sent.method,
    scheme: sent.scheme,
    authority: sent.host,
    target: withQuery(sent.path, sent.query),
    headers,
    repeated: new Set(),
    body: body.body,
    protocol: "HTTP/1.1",
    principal: null,
    context: policyCase.context,
    proxy: UNAUTHENTICATED,
    proxyRequestId: "case",
    traceparent: null,
  };
  return { call, caller: { ...policyCase.caller, issuer: null, tokenId: null, credential: "agent_token", issuedAt: 0 } };
}

export type HttpCall = CaseCall & { readonly kind: "http" };

/** The call that the catalogue reads these arguments from. Throws where the entry is gone: cases were compiled with it. */
export function spellTool(call: CaseCall & { readonly kind: "tool" }, catalogue: readonly CatalogueEntry[]): HttpCall {
  const entry = catalogue.find((one) => one.tool === call.tool);
  if (entry === undefined) throw new Error(`the case names a tool that the catalogue does not have: ${call.tool}`);
  const given = entry.args.flatMap((source) => {
    const value = Object.hasOwn(call.args, source.name) ? call.args[source.name] : undefined;
    return value === undefined ? [] : [{ source, value }];
  });
  const from = (kind: "form" | "query" | "path" | "header"): Record<string, string> =>
    Object.fromEntries(given.flatMap(({ source, value }) => (source.from.kind === kind ? [[source.from.key, textOf(value)]] : [])));
  const bindings = from("path");
  const segments = entry.path.map((segment) => {
    if (segment.kind === "literal") return encodeURIComponent(segment.text);
    return encodeURIComponent(segment.kind === "bind" ? (bindings[segment.name] ?? "x") : "x");
  });
  return {
    kind: "http",
    method: entry.method,
    scheme: "https",
    host: entry.host,
    path: `/${segments.join("/")}`,
    query: { ...from("query"), ...call.query },
    headers: { ...from("header"), ...call.headers },
    body: bodyOf(entry, from("form"), given),
  };
}

type Given = { readonly source: ArgumentSource; readonly value: Json };

function bodyOf(entry: CatalogueEntry, fields: CaseFields, given: readonly Given[]): CaseBody {
  switch (entry.body) {
    case "none":
      return { kind: "none" };
    case "form":
      return { kind: "form", fields };
    case "json":
      return { kind: "json", value: given.reduce((value: Json, one) => withArgument(value, one), {}) };
  }
}

function withArgument(value: Json, { source, value: argument }: Given): Json {
  return source.from.kind === "json" ? withPath(value, source.from.path, argument) : value;
}

function withPath(into: Json, path: readonly string[], value: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object =
    typeof into === "object" && into !== null && !Array.isArray(into) ? new Map(Object.entries(into)) : new Map<string, Json>();
  object.set(key, withPath(object.get(key) ?? {}, rest, value));
  return Object.fromEntries(object);
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function withQuery(path: string, query: CaseFields): string {
  const text = encodeFields(query);
  return text === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${text}`;
}

function encodeFields(fields: CaseFields): string {
  return new URLSearchParams(Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)])).toString();
}

type Encoded = { readonly body: Body; readonly headers: readonly (readonly [string, string])[] };

function encodeBody(body: CaseBody): Encoded {
  switch (body.kind) {
    case "none":
      return { body: { kind: "none" }, headers: [] };
    case "form":
      return encoded(encodeFields(body.fields), "application/x-www-form-urlencoded");
    case "json":
      return encoded(JSON.stringify(body.value), "application/json");
  }
}

function encoded(text: string, mediaType: string): Encoded {
  const bytes = new TextEncoder().encode(text);
  return {
    body: { kind: "full", bytes },
    headers: [
      ["content-type", mediaType],
      ["content-length", String(bytes.length)],
    ],
  };
}
