import type { Aspect, Json } from "../core/intent.ts";
import type { Pseudonyms } from "../core/keys.ts";
import type { Progress } from "./progress.ts";
import { showValue } from "./show-value.ts";

const FACTS_MAX = 32;

/** What the deciding rules read, as records show it. */
export function readFacts(progress: Progress, pseudonyms: Pseudonyms): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = {};
  for (const path of progress.ruling?.factPaths.slice(0, FACTS_MAX) ?? []) {
    facts[path.join(".")] = showValue(path, valueAt(path, progress), { recorded: progress.recorded, pseudonyms });
  }
  return facts;
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
