import type { ServerHttp2Stream } from "node:http2";
import { loadService } from "./load-service.ts";
import { failWith, GRPC_STATUS, openReply, replyWith, writeMessage } from "./reply.ts";
import type { Method, Methods, Rpc } from "./rpc.ts";

/** grpc.health.v1.Health for the server as a whole and for each service it names. */
export type Health = {
  readonly methods: Methods;
  readonly setServing: (serving: boolean) => void;
  /** Ends all watches, so that their connections can close. */
  readonly close: () => void;
};

/** A watcher holds a stream for as long as it likes. */
const WATCHERS_MAX = 128;

export function createHealth(services: readonly string[]): Health {
  const method = loadService("grpc/health/v1/health.proto", "grpc.health.v1.Health");
  const [check, watch, list] = [method("Check"), method("Watch"), method("List")];
  const names: ReadonlySet<string> = new Set(["", ...services]);
  /** Whether the watched service is one of ours; the set of services never changes. */
  const watchers = new Map<ServerHttp2Stream, boolean>();
  let status = "NOT_SERVING";

  function answerCheck(rpc: Rpc): void {
    const name = readServiceName(rpc, check.requestDeserialize);
    if (name !== null && names.has(name)) replyWith(rpc.stream, check.responseSerialize({ status }));
    else failWith(rpc.stream, GRPC_STATUS.notFound, "unknown service");
  }

  function answerWatch(rpc: Rpc): void {
    const { stream } = rpc;
    const name = readServiceName(rpc, watch.requestDeserialize);
    const known = name !== null && names.has(name);
    if (watchers.size >= WATCHERS_MAX) failWith(stream, GRPC_STATUS.resourceExhausted, "too many watchers");
    else if (openReply(stream, GRPC_STATUS.unavailable)) {
      writeMessage(stream, watch.responseSerialize({ status: known ? status : "SERVICE_UNKNOWN" }));
      watchers.set(stream, known);
      stream.on("close", () => watchers.delete(stream));
    }
  }

  function answerList(rpc: Rpc): void {
    const statuses = Object.fromEntries([...names].map((name) => [name, { status }]));
    replyWith(rpc.stream, list.responseSerialize({ statuses }));
  }

  const methods = new Map<string, Method>([
    [check.path, answerCheck],
    [watch.path, answerWatch],
    [list.path, answerList],
  ]);
  return {
    methods,
    setServing: (serving) => {
      const next = serving ? "SERVING" : "NOT_SERVING";
      if (next === status) return;
      status = next;
      for (const [stream, known] of watchers) if (known) writeMessage(stream, watch.responseSerialize({ status }));
    },
    close: () => {
      for (const stream of watchers.keys()) stream.end();
    },
  };
}

/** Null where the message cannot be read. */
function readServiceName({ message }: Rpc, deserialize: (bytes: Buffer) => object): string | null {
  if (message.kind !== "whole") return null;
  try {
    const request = deserialize(message.bytes);
    return "service" in request && typeof request.service === "string" ? request.service : null;
  } catch {
    return null;
  }
}
