import type protobuf from "protobufjs";
import { loadProtos } from "../tools/check-request.ts";

/** Who a token that was issued for the test speaks for. */
export type Bearer = {
  readonly agent: string;
  readonly roles: readonly string[];
  readonly actors: readonly string[];
  readonly scope: string | null;
};

export type Verdict =
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "permitted"; readonly agent: string; readonly cents: number; readonly clinic: boolean; readonly request: SeenRequest };

export type SeenRequest = {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly scheme: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
};

const CheckRequest = loadProtos().lookupType("envoy.service.auth.v3.CheckRequest");
const CLINIC = ["ehr.clinic.internal", "health.example.com"];
const SSN = /(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}/;

/**
 * The two example policies said again in plain code that shares nothing with the server: what may go on at most. Limits, which only
 * take away, are left out. `tokens` are the good ones.
 */
export function judgePlainly(bytes: Uint8Array, tokens: ReadonlyMap<string, Bearer>): Verdict {
  const http = readHttp(bytes);
  if (http === null) return no("no request");
  const { request, body } = http;
  const bearer = bearerOf(request, tokens);
  if (bearer === null) return no("no good token");
  if (request.headers.some(([name]) => /^x-envoy-(retry-|max-retries|retriable-|hedge-|upstream-rq-)/.test(name))) return no("steering");
  if (request.headers.some(([name]) => name === "upgrade")) return no("upgrade");
  if (/application\/grpc/i.test(joinedValue(request, "content-type") ?? "")) return no("grpc");
  const host = plainHost(request);
  const path = plainPath(request.path);
  if (host === null || path === null) return no("host or path");
  if (!inScope(bearer, host, path)) return no("scope");
  if (host === "api.stripe.com") return judgePayments(request, { path, body, bearer });
  return CLINIC.includes(host) ? judgeClinic(request, { host, path, body, bearer }) : no("host");
}

type Judged = { readonly path: string; readonly body: SeenBody; readonly bearer: Bearer };
type SeenBody = { readonly kind: "none" } | { readonly kind: "whole"; readonly text: string } | { readonly kind: "doubtful" };

function judgePayments(request: SeenRequest, { path, body, bearer }: Judged): Verdict {
  if (!bearer.agent.startsWith("finance-")) return no("agent");
  if (bearer.actors.some((actor) => actor.startsWith("planner-"))) return no("planner");
  const permitted = { kind: "permitted", agent: bearer.agent, clinic: false, request } as const;
  if (request.method === "GET" && path === "/v1/balance") return { ...permitted, cents: 0 };
  if (request.method !== "POST" || path !== "/v1/payment_intents") return no("tool");
  if (body.kind !== "whole" || joinedValue(request, "content-encoding") !== null) return no("body");
  const type = (joinedValue(request, "content-type") ?? "").toLowerCase().replaceAll(/[\s"]/g, "");
  if (!/^application\/x-www-form-urlencoded(;charset=utf-?8)?(;(?!charset).*)?$/.test(type)) return no("type");
  const query = request.path.split("?").slice(1).join("?");
  const pairs = [...new URLSearchParams(body.text), ...new URLSearchParams(query)];
  const named = (name: string) => pairs.filter(([key]) => key.toLowerCase().replaceAll(/[^a-z]/g, "") === name).map(([, value]) => value);
  const [amounts, currencies] = [named("amount"), named("currency")];
  if (amounts.length !== 1 || currencies.length !== 1) return no("arguments");
  if (currencies[0]?.toLowerCase() !== "usd" || !/^(0|[1-9][0-9]*)$/.test(amounts[0] ?? "")) return no("money");
  const cents = BigInt(amounts[0] ?? "0");
  return cents <= 500_000n ? { ...permitted, cents: Number(cents) } : no("ceiling");
}

function judgeClinic(request: SeenRequest, { host, path, body, bearer }: Judged & { readonly host: string }): Verdict {
  if (!bearer.agent.startsWith("clinic-")) return no("agent");
  if (body.kind === "doubtful" || (body.kind === "whole" && SSN.test(body.text))) return no("body");
  if (SSN.test(decodeURIComponent(path))) return no("number in the path");
  if (host === "health.example.com" && /^\/patients\/[^/]+\/notes(\/|$)/.test(path)) return no("notes");
  const query = new URLSearchParams(request.path.split("?").slice(1).join("?"));
  if (query.has("export") && bearer.agent !== "clinic-export") return no("export");
  const reads = ["GET", "HEAD"].includes(request.method) && /^\/(patients|appointments)(\/|$)/.test(path);
  const makes = request.method === "POST" && path === "/appointments" && bearer.roles.includes("scheduler");
  return reads || makes ? { kind: "permitted", agent: bearer.agent, cents: 0, clinic: true, request } : no("rule");
}

/** Whether a number that must not leave is in what goes upstream. */
export function holdsSsn(text: string): boolean {
  return SSN.test(text);
}

function no(why: string): Verdict {
  return { kind: "refused", why };
}

type WireHttp = {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly scheme?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headerMap?: { readonly headers?: readonly { readonly key?: string; readonly value?: string; readonly rawValue?: Uint8Array }[] };
  readonly body?: string;
  readonly rawBody?: Uint8Array;
  readonly size?: number;
};

function readHttp(bytes: Uint8Array): { readonly request: SeenRequest; readonly body: SeenBody } | null {
  const http = decodeHttp(bytes);
  if (http === null) return null;
  const raw = (http.headerMap?.headers ?? []).map(({ key = "", value = "", rawValue }) => {
    return [key.toLowerCase(), rawValue !== undefined && rawValue.length > 0 ? Buffer.from(rawValue).toString() : value] as const;
  });
  const joined = Object.entries(http.headers ?? {}).map(([key, value]) => [key.toLowerCase(), value] as const);
  const headers = [...raw, ...joined].filter(([name]) => !name.startsWith(":"));
  const { method = "", host = "", path = "", scheme = "" } = http;
  const request: SeenRequest = { method, host, path, scheme, headers };
  return { request, body: bodyOf(http, request) };
}

function decodeHttp(bytes: Uint8Array): WireHttp | null {
  try {
    const options: protobuf.IConversionOptions = { longs: Number };
    return CheckRequest.toObject(CheckRequest.decode(bytes), options)["attributes"]?.request?.http ?? null;
  } catch {
    return null;
  }
}

function bodyOf(http: WireHttp, request: SeenRequest): SeenBody {
  const bytes = http.rawBody !== undefined && http.rawBody.length > 0 ? Buffer.from(http.rawBody) : Buffer.from(http.body ?? "");
  const length = joinedValue(request, "content-length");
  const partial = joinedValue(request, "x-envoy-auth-partial-body");
  if (partial === "true" || (length !== null && length !== String(bytes.length)) || (http.size ?? 0) > bytes.length)
    return { kind: "doubtful" };
  if (bytes.length > 0) return { kind: "whole", text: bytes.toString() };
  const plain = length === "0" || partial !== null || ["GET", "HEAD", "OPTIONS"].includes(request.method);
  return plain ? { kind: "none" } : { kind: "doubtful" };
}

function bearerOf(request: SeenRequest, tokens: ReadonlyMap<string, Bearer>): Bearer | null {
  const sent = request.headers.filter(([name]) => name === "x-sluice-token" || name === "proxy-authorization");
  return sent.length === 1 ? (tokens.get((sent[0]?.[1] ?? "").replace(/^bearer +/i, "")) ?? null) : null;
}

function plainHost({ host, scheme }: SeenRequest): string | null {
  const port = { http: ":80", https: ":443", "": ":80" }[scheme.toLowerCase()];
  const lower = host.toLowerCase();
  if (port === undefined) return null;
  return (lower.endsWith(port) ? lower.slice(0, -port.length) : lower).replace(/\.$/, "");
}

/** Null where a path could be read in two ways. */
function plainPath(target: string): string | null {
  const path = (target.split("?")[0] ?? "").replaceAll(/%([0-9a-f]{2})/gi, (triplet, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : triplet;
  });
  if (!/^\/[!-~]*$/.test(path) || /[#\\]|\/\/|%(2f|5c|00|25)|\/\.{1,2}(\/|$)/i.test(path)) return null;
  try {
    decodeURIComponent(path);
    return path;
  } catch {
    return null;
  }
}

function inScope({ scope }: Bearer, host: string, path: string): boolean {
  if (scope === null) return true;
  const tool = host !== "api.stripe.com" ? "" : path === "/v1/balance" ? "tool:stripe.read_balance" : "tool:stripe.create_payment";
  return scope === `host:${host}` || scope === tool;
}

function joinedValue({ headers }: SeenRequest, name: string): string | null {
  const values = headers.filter(([key]) => key === name).map(([, value]) => value);
  return values.length === 0 ? null : values.join(",");
}
