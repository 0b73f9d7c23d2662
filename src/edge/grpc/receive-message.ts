import type { ServerHttp2Stream } from "node:http2";

/** What a client sent as the one message of a unary call. */
export type Message =
  /** A view of what node:http2 read, or a copy; nobody writes to it again. */
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "unreadable"; readonly reason: "frame_invalid" | "message_compressed" | "message_too_large" }
  /** The server holds too much already. */
  | { readonly kind: "refused" };

/** What all streams of a server hold that has not been answered; shared by them. */
export type Holding = { streams: number; bytes: number };

/** `max_request_bytes` of a body may be 1 MiB; headers come on top. */
export const MESSAGE_BYTES_MAX = 8 * 1024 * 1024;
const HELD_BYTES_MAX = 256 * 1024 * 1024;
const HELD_STREAMS_MAX = 16_384;
const PREFIX_BYTES = 5;

/** Delivers once, when the client has sent everything; never when it went away before. */
export function receiveMessage(stream: ServerHttp2Stream, holding: Holding, deliver: (message: Message) => void): void {
  if (holding.streams >= HELD_STREAMS_MAX || holding.bytes >= HELD_BYTES_MAX) {
    stream.resume();
    deliver({ kind: "refused" });
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  holding.streams += 1;
  stream.on("data", function keep(chunk: Buffer) {
    if (bytes > MESSAGE_BYTES_MAX) return;
    bytes += chunk.length;
    holding.bytes += chunk.length;
    chunks.push(chunk);
  });
  stream.on("close", function release() {
    holding.streams -= 1;
    holding.bytes -= bytes;
  });
  // An aborted stream ends too.
  stream.on("end", function whole() {
    if (!stream.aborted && !stream.destroyed) deliver(assemble(chunks, bytes));
  });
}

/** One message in gRPC's length-prefixed form. */
function assemble(chunks: readonly Buffer[], bytes: number): Message {
  if (bytes > MESSAGE_BYTES_MAX) return { kind: "unreadable", reason: "message_too_large" };
  const [first] = chunks;
  if (first === undefined || bytes < PREFIX_BYTES) return { kind: "unreadable", reason: "frame_invalid" };
  const framed = chunks.length === 1 ? first : Buffer.concat(chunks, bytes);
  if (framed[0] === 1) return { kind: "unreadable", reason: "message_compressed" };
  if (framed[0] !== 0 || framed.readUInt32BE(1) !== bytes - PREFIX_BYTES) return { kind: "unreadable", reason: "frame_invalid" };
  return { kind: "whole", bytes: framed.subarray(PREFIX_BYTES) };
}
