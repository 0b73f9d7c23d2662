import type { Aspect, Json } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { Progress } from "./progress.ts";

const FACTS_MAX = 32;
/** Enumerations and names that the receipt shows elsewhere in clear already. */
const CLEAR: ReadonlySet<string> = new Set([
  "protocol",
  "operation",
  "model",
  "tool",
  "http.method",
  "http.scheme",
  "http.host",
  "http.port",
  "caller.agent",
  "caller.tenant",
]);

const RECORDED_CHARS_MAX = 1024;

/** What the deciding rules read: numbers and booleans in clear, strings as HMAC but for arguments that the catalogue records. */
export function readFacts(progress: Progress, pseudonyms: Pseudonyms): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = {};
  for (const path of progress.ruling?.factPaths.slice(0, FACTS_MAX) ?? []) {
    const name = path.join(".");
    const value = valueAt(path, progress);
    const isClear = CLEAR.has(name) || (isRecorded(path, progress) && isShort(value));
    facts[name] = isClear ? value : hidden(value, pseudonyms);
  }
  return facts;
}

function isRecorded([head, name]: readonly string[], { recorded }: Progress): boolean {
  return head === "args" && name !== undefined && recorded.includes(name);
}

/** Records are no place for whole documents. */
function isShort(value: Json): boolean {
  return typeof value === "string" ? value.length <= RECORDED_CHARS_MAX : JSON.stringify(value).length <= RECORDED_CHARS_MAX;
}

function hidden(value: Json, pseudonyms: Pseudonyms): Json {
  if (typeof value === "string") return `hmac:${pseudonyms.hmacHex(value)}`;
  if (value === null || typeof value !== "object") return value;
  return isMoney(value) ? value : `hmac:${pseudonyms.hmacHex(JSON.stringify(value))}`;
}

function isMoney(value: object): boolean {
  return "micros" in value && "currency" in value && Object.keys(value).length === 2;
}

function valueAt(path: readonly string[], { caller, intent, call }: Progress): Json {
  const [head, ...rest] = path;
  if (intent === null || caller === null) return null;
  switch (head) {
    case "amount":
      return intent.amount;
    case "cost":
      return intent.cost;
    case "tool":
      return intent.tool.kind === "known" ? intent.tool.name : intent.tool.kind;
    case "protocol":
      return intent.protocol;
    case "operation":
      return nameOf(intent.operation);
    case "model":
      return nameOf(intent.model);
    case "segment":
      return intent.target.segments[Number(rest[0])] ?? null;
    case "args":
      return inside(intent.args, rest);
    case "path":
      return inside(intent.bindings, rest);
    case "caller":
      return inside({ ...caller, agent_version: caller.agentVersion, token_id: caller.tokenId }, rest);
    case "http":
      return httpValue(rest, intent.target, call.method, call.headers);
    default:
      return null;
  }
}

function nameOf(aspect: Aspect): string | null {
  return aspect.kind === "known" ? aspect.name : null;
}

function httpValue(
  [part, key]: readonly string[],
  target: {
    readonly host: string;
    readonly scheme: string;
    readonly port: number;
    readonly path: string;
    readonly query: readonly { readonly key: string; readonly value: string }[];
  },
  method: string,
  headers: ReadonlyMap<string, string>,
): Json {
  switch (part) {
    case "method":
      return method;
    case "host":
      return target.host;
    case "scheme":
      return target.scheme;
    case "port":
      return target.port;
    case "path":
      return target.path;
    case "headers":
      return headers.get(key ?? "") ?? null;
    case "query":
      return target.query.find((pair) => pair.key === key)?.value ?? null;
    default:
      return null;
  }
}

function inside(value: unknown, path: readonly string[]): Json {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return null;
    at = Reflect.get(at, key);
  }
  // Arguments, bindings and the caller consist of JSON values only.
  return (at ?? null) as Json;
}
