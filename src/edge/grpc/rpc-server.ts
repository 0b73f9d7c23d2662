import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { describeConnection } from "./connection.ts";
import { type Holding, receiveMessage } from "./receive-message.ts";
import { failWith, GRPC_STATUS } from "./reply.ts";
import type { Methods } from "./rpc.ts";

export type ServerTls = {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** With it a client certificate is required. */
  readonly clientCa: string | Buffer | null;
};

export type RpcServer = {
  readonly http2: Http2Server | Http2SecureServer;
  /** Lets what is under way end for as long as graceMs. */
  readonly close: (graceMs: number) => Promise<void>;
};

/**
 * gRPC's unary calls over node:http2. Not over grpc-js: it has no way to set the limits below, and with Node's own
 * 1,000 clients that give up close the connection that the proxy's other calls share.
 */
const HTTP2_OPTIONS = {
  streamResetBurst: 1_000_000,
  streamResetRate: 1_000_000,
  // Above it Node refuses streams, and closes the connection after a hundred; receive-message.ts keeps the bound.
  maxSessionMemory: 100_000,
  // With more calls at once, Envoy opens another connection.
  settings: { maxConcurrentStreams: 1024, initialWindowSize: 1024 * 1024 },
};
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
const CONNECTIONS_MAX = 4096;

export function createRpcServer(methods: Methods, transport: { readonly unix: boolean; readonly tls: ServerTls | null }): RpcServer {
  const http2 = transport.tls === null ? createServer(HTTP2_OPTIONS) : createSecureServer({ ...HTTP2_OPTIONS, ...secure(transport.tls) });
  const sessions = new Set<ServerHttp2Session>();
  const holding: Holding = { streams: 0, bytes: 0 };
  http2.maxConnections = CONNECTIONS_MAX;

  http2.on("session", function begin(session: ServerHttp2Session) {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", ignore);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    const connection = describeConnection(session, transport.unix);
    session.on("stream", function accept(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
      stream.on("error", ignore);
      if (!isGrpc(headers)) return refuseMedia(stream);
      const method = methods.get(headers[":path"] ?? "");
      if (method === undefined) {
        stream.resume();
        return failWith(stream, GRPC_STATUS.unimplemented, "no such method");
      }
      receiveMessage(stream, holding, (message) => method({ stream, headers, connection, message }));
    });
  });

  function close(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => sessions.forEach(destroy), graceMs);
      http2.close(() => {
        clearTimeout(timer);
        resolve();
      });
      if (graceMs === 0) sessions.forEach(destroy);
      else sessions.forEach(endSession);
    });
  }

  return { http2, close };
}

function secure({ cert, key, clientCa }: ServerTls): object {
  const verified = clientCa === null ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return { cert, key, ...verified };
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers["content-type"]?.startsWith("application/grpc") === true;
}

function refuseMedia(stream: ServerHttp2Stream): void {
  stream.resume();
  stream.respond({ ":status": 415 }, { endStream: true });
}

/** One GOAWAY that names the last call taken; after RFC 9113's first, with the highest id, Node breaks the calls under way. */
function endSession(session: ServerHttp2Session): void {
  session.close();
}

function destroy(session: ServerHttp2Session): void {
  session.destroy();
}

function ignore(): void {}
