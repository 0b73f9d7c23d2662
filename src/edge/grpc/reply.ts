import type { ServerHttp2Stream } from "node:http2";

/** The status codes of gRPC that are sent here. */
export const GRPC_STATUS = { notFound: 5, resourceExhausted: 8, unimplemented: 12, unavailable: 14 } as const;
export type GrpcStatus = (typeof GRPC_STATUS)[keyof typeof GRPC_STATUS];

/** Answers a unary call. Silent where the client is gone. */
export function replyWith(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (!openReply(stream, 0)) return;
  stream.end(frame(message));
}

/** Begins an answer that ends with the status; false where the client is gone. */
export function openReply(stream: ServerHttp2Stream, status: GrpcStatus | 0): boolean {
  if (stream.destroyed || stream.aborted || stream.headersSent) return false;
  stream.respond(HEADERS, WAIT_FOR_TRAILERS);
  stream.on("wantTrailers", status === 0 ? sendOk : () => stream.sendTrailers({ "grpc-status": String(status) }));
  return true;
}

export function writeMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (!stream.destroyed && !stream.aborted) stream.write(frame(message));
}

/** Ends the call with a gRPC error. For a Check that would be "could not decide", which a proxy may let pass: never use it there. */
export function failWith(stream: ServerHttp2Stream, status: GrpcStatus, message: string): void {
  if (stream.destroyed || stream.aborted || stream.headersSent) return;
  stream.respond({ ...HEADERS, "grpc-status": String(status), "grpc-message": message }, { endStream: true });
}

function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(message.length + 5);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, 5);
  return framed;
}

function sendOk(this: ServerHttp2Stream): void {
  this.sendTrailers(OK_TRAILERS);
}

const HEADERS = { ":status": 200, "content-type": "application/grpc" };
const OK_TRAILERS = { "grpc-status": "0" };
const WAIT_FOR_TRAILERS = { waitForTrailers: true, sendDate: false };
