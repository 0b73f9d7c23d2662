import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Connection } from "./connection.ts";
import type { Message } from "./receive-message.ts";

/** One call of one method, its message received. */
export type Rpc = {
  readonly stream: ServerHttp2Stream;
  /** gRPC metadata and HTTP/2 headers alike. */
  readonly headers: IncomingHttpHeaders;
  readonly connection: Connection;
  readonly message: Message;
};

/** Answers a call over its stream. Must not throw. */
export type Method = (rpc: Rpc) => void;

/** By the HTTP/2 path, for example `/grpc.health.v1.Health/Check`. */
export type Methods = ReadonlyMap<string, Method>;
