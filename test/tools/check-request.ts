import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

/** A CheckRequest as Envoy 1.40 sends it; what is left out is what Envoy would fill in for a plain HTTP/1.1 request. */
export type CheckParts = {
  readonly method?: string;
  readonly scheme?: string;
  readonly host?: string;
  readonly path?: string;
  /** Lower-case names without the pseudo headers; an array is a repeated header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | undefined;
  /** `pack_as_bytes`; off, the body goes as text. Default true. */
  readonly rawBody?: boolean;
  /** `encode_raw_headers`: header_map instead of headers. Default true. */
  readonly rawHeaders?: boolean;
  /** Bytes buffered; default the body's length. */
  readonly size?: number;
  /** Default: the body's length where there is a body; null leaves it out. */
  readonly contentLength?: string | null;
  /** `x-envoy-auth-partial-body`; default `false` where there is a body; null leaves it out. */
  readonly partialBody?: "true" | "false" | null;
  readonly protocol?: string;
  readonly id?: string;
  /** `source.principal`, from a client certificate. */
  readonly principal?: string;
  readonly context?: Readonly<Record<string, string>>;
};

export function encodeCheckRequest(parts: CheckParts = {}): Buffer {
  const { method = "GET", scheme = "https", host = "api.example.com", protocol = "HTTP/1.1", rawHeaders = true } = parts;
  const path = parts.path ?? (method === "CONNECT" ? "" : "/");
  const http = {
    id: parts.id ?? "1234567890123456789",
    method,
    path,
    host,
    scheme,
    protocol,
    ...(rawHeaders ? { headerMap: { headers: rawEntries(parts, path) } } : { headers: joinedEntries(parts, path) }),
    ...bodyFields(parts),
  };
  const request = { time: { seconds: 1_764_000_000, nanos: 5 }, http };
  return encodeMessage(CheckRequest, {
    attributes: {
      source: { address: socketAddress("127.0.0.1", 40_000), principal: parts.principal ?? "" },
      destination: { address: socketAddress("127.0.0.1", 10_000) },
      request,
      contextExtensions: { ...parts.context },
      metadataContext: {},
      routeMetadataContext: {},
    },
  });
}

export type HeaderOption = { readonly name: string; readonly value: string; readonly append: boolean | null; readonly action: string };

/** A CheckResponse in plain values. `arm` says which member of the oneof is set. */
export type CheckAnswer = {
  /** The verdict: 0 lets the call go on. */
  readonly code: number;
  readonly arm: "ok" | "denied" | "none";
  /** 0 where the arm is not `denied`. */
  readonly httpStatus: number;
  readonly body: string;
  /** The body's `error` object; null where the body is no such JSON. */
  readonly error: Record<string, unknown> | null;
  /** By name: the denied response's headers, or the request headers that are set. */
  readonly headers: Readonly<Record<string, string>>;
  readonly headerOptions: readonly HeaderOption[];
  readonly removed: readonly string[];
  readonly responseHeaders: readonly HeaderOption[];
  /** The struct `sluice` of the dynamic metadata. */
  readonly metadata: Readonly<Record<string, unknown>>;
};

export function decodeCheckResponse(bytes: Uint8Array): CheckAnswer {
  const answer = CheckResponse.toObject(CheckResponse.decode(bytes), { longs: Number, enums: Number, oneofs: true });
  const denied = answer["deniedResponse"] ?? {};
  const ok = answer["okResponse"] ?? {};
  const headerOptions = readOptions(denied.headers ?? ok.headers ?? []);
  return {
    code: answer["status"]?.code ?? 0,
    arm: answer["deniedResponse"] ? "denied" : answer["okResponse"] ? "ok" : "none",
    httpStatus: denied.status?.code ?? 0,
    body: denied.body ?? "",
    error: parseError(denied.body ?? ""),
    headers: Object.fromEntries(headerOptions.map((option) => [option.name, option.value])),
    headerOptions,
    removed: ok.headersToRemove ?? [],
    responseHeaders: readOptions(ok.responseHeadersToAdd ?? []),
    metadata: readStruct(answer["dynamicMetadata"]?.fields?.sluice?.structValue),
  };
}

/** The project's own protos by protobufjs' reflection, which shares no code with the server's codec. */
export function loadProtos(): protobuf.Root {
  const folder = fileURLToPath(new URL("../../proto/", import.meta.url));
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (target.startsWith(folder) ? target : folder + target);
  return root.loadSync(["envoy/service/auth/v3/external_auth.proto", "grpc/health/v1/health.proto"]);
}

const root = loadProtos();
const CheckRequest = root.lookupType("envoy.service.auth.v3.CheckRequest");
const CheckResponse = root.lookupType("envoy.service.auth.v3.CheckResponse");

export function encodeMessage(type: protobuf.Type, value: object): Buffer {
  return Buffer.from(type.encode(type.fromObject(value)).finish());
}

function rawEntries(parts: CheckParts, path: string): { key: string; rawValue: Buffer }[] {
  return allHeaders(parts, path).map(([key, value]) => ({ key, rawValue: Buffer.from(value) }));
}

function joinedEntries(parts: CheckParts, path: string): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [key, value] of allHeaders(parts, path)) joined.set(key, joined.has(key) ? `${joined.get(key)},${value}` : value);
  return Object.fromEntries(joined);
}

function allHeaders(parts: CheckParts, path: string): [string, string][] {
  const { method = "GET", scheme = "https", host = "api.example.com" } = parts;
  const entries: [string, string][] = [
    [":authority", host],
    [":method", method],
  ];
  if (path !== "") entries.push([":path", path]);
  if (method !== "CONNECT") entries.push([":scheme", scheme]);
  for (const [name, value] of Object.entries(parts.headers ?? {})) {
    for (const one of typeof value === "string" ? [value] : value) entries.push([name, one]);
  }
  const bytes = parts.body === undefined ? null : Buffer.from(parts.body);
  const length = parts.contentLength === undefined ? (bytes === null ? null : String(bytes.length)) : parts.contentLength;
  const partial = parts.partialBody === undefined ? (bytes === null ? null : "false") : parts.partialBody;
  if (length !== null) entries.push(["content-length", length]);
  if (partial !== null) entries.push(["x-envoy-auth-partial-body", partial]);
  return entries;
}

function bodyFields(parts: CheckParts): object {
  if (parts.body === undefined) return { size: parts.size ?? 0 };
  const bytes = Buffer.from(parts.body);
  const size = parts.size ?? bytes.length;
  return parts.rawBody === false ? { size, body: bytes.toString("utf8") } : { size, rawBody: bytes };
}

function socketAddress(address: string, portValue: number): object {
  return { socketAddress: { address, portValue } };
}

type WireOption = { header?: { key?: string; value?: string }; append?: { value?: boolean }; appendAction?: number };

const ACTIONS = ["APPEND_IF_EXISTS_OR_ADD", "ADD_IF_ABSENT", "OVERWRITE_IF_EXISTS_OR_ADD", "OVERWRITE_IF_EXISTS"];

function readOptions(options: readonly WireOption[]): HeaderOption[] {
  return options.map((option) => ({
    name: option.header?.key ?? "",
    value: option.header?.value ?? "",
    append: option.append === undefined ? null : (option.append.value ?? false),
    action: ACTIONS[option.appendAction ?? 0] ?? "unknown",
  }));
}

type WireValue = {
  nullValue?: unknown;
  stringValue?: string;
  numberValue?: number;
  boolValue?: boolean;
  structValue?: { fields?: Record<string, WireValue> };
};

function readStruct(struct: { fields?: Record<string, WireValue> } | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(struct?.fields ?? {}).map(([name, value]) => [name, readValue(value)]));
}

function readValue(value: WireValue): unknown {
  if (value.structValue !== undefined) return readStruct(value.structValue);
  return value.stringValue ?? value.numberValue ?? value.boolValue ?? null;
}

function parseError(body: string): Record<string, unknown> | null {
  try {
    const error: unknown = JSON.parse(body).error;
    return typeof error === "object" && error !== null ? { ...error } : null;
  } catch {
    return null;
  }
}
