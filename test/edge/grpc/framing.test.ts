import { once } from "node:events";
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from "node:http2";
import { connect as connectTcp } from "node:net";
import { loadSync } from "@grpc/proto-loader";
import { afterEach, describe, expect, it } from "vitest";
import { denyFault } from "../../../src/edge/grpc/deny-fault.ts";
import { decodeCheckResponse, encodeCheckRequest } from "../../tools/check-request.ts";
import { ALLOW, FACTS, startServer } from "./start-server.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

const CHECK = "/envoy.service.auth.v3.Authorization/Check";
const REQUEST = encodeCheckRequest();

async function open() {
  const running = await startServer((received) =>
    received.kind === "unreadable" ? { ...denyFault("internal", FACTS), code: received.reason } : ALLOW,
  );
  cleanUp.push(() => running.server.close(0));
  const session = connect(`http://${running.address}`);
  await once(session, "connect");
  cleanUp.push(() => session.destroy());
  return { ...running, session };
}

async function send(session: ClientHttp2Session, chunks: readonly Buffer[], headers: OutgoingHttpHeaders = {}) {
  const stream = session.request({ ":method": "POST", ":path": CHECK, "content-type": "application/grpc", te: "trailers", ...headers });
  const answer: Buffer[] = [];
  let status: Record<string, unknown> = {};
  stream.on("response", (given) => {
    status = { ...status, ...given };
  });
  stream.on("trailers", (given) => {
    status = { ...status, ...given };
  });
  stream.on("data", (chunk: Buffer) => answer.push(chunk));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await once(stream, "close");
  return { status, bytes: Buffer.concat(answer) };
}

function frame(message: Buffer, flag = 0, length = message.length): Buffer {
  const prefix = Buffer.from([flag, 0, 0, 0, 0]);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

describe("a frame that is none", () => {
  it.each<[string, readonly Buffer[], string]>([
    ["nothing at all", [], "frame_invalid"],
    ["half a prefix", [Buffer.from([0, 0])], "frame_invalid"],
    ["less than it announces", [frame(REQUEST, 0, REQUEST.length + 1)], "frame_invalid"],
    ["more than it announces", [frame(REQUEST, 0, REQUEST.length - 1)], "frame_invalid"],
    ["two messages", [frame(REQUEST), frame(REQUEST)], "frame_invalid"],
    ["a flag that does not exist", [frame(REQUEST, 2)], "frame_invalid"],
    ["a compressed message", [frame(REQUEST, 1)], "message_compressed"],
  ])("is decided on and denied, never a gRPC error: %s", async (_name, chunks, reason) => {
    const { session } = await open();
    const { status, bytes } = await send(session, chunks);
    expect(status).toMatchObject({ ":status": 200, "content-type": "application/grpc", "grpc-status": "0" });
    expect(decodeCheckResponse(bytes.subarray(5))).toMatchObject({ code: 14, arm: "denied", error: { code: reason } });
  });
});

describe("a message", () => {
  it.each([1, 3, 7, 100])("is whole however it was cut (%d bytes a piece)", async (size) => {
    const { session, received } = await open();
    const framed = frame(REQUEST);
    const chunks = Array.from({ length: Math.ceil(framed.length / size) }, (_, i) => framed.subarray(i * size, (i + 1) * size));
    const { bytes } = await send(session, chunks);
    expect([decodeCheckResponse(bytes.subarray(5)).code, bytes.readUInt32BE(1)]).toEqual([0, bytes.length - 5]);
    expect(received[0]?.what).toMatchObject({ kind: "call", call: { authority: "api.example.com" } });
  });

  it("without an answerable stream leaves nothing behind: a client that closes the connection in the middle", async () => {
    const { session, received, address } = await open();
    const stream = session.request({ ":method": "POST", ":path": CHECK, "content-type": "application/grpc" });
    stream.on("error", () => {});
    stream.write(frame(REQUEST).subarray(0, 10));
    session.destroy();
    const again = connect(`http://${address}`);
    cleanUp.push(() => again.destroy());
    expect((await send(again, [frame(REQUEST)])).status["grpc-status"]).toBe("0");
    expect(received).toHaveLength(1);
  });
});

describe("what is no call of ours", () => {
  it.each([
    ["another method", { ":path": "/envoy.service.auth.v3.Authorization/Other" }, { ":status": 200, "grpc-status": "12" }],
    ["the path with a second slash", { ":path": `/${CHECK}` }, { ":status": 200, "grpc-status": "12" }],
    ["a path in another case", { ":path": CHECK.toLowerCase() }, { ":status": 200, "grpc-status": "12" }],
    ["another media type", { "content-type": "application/json" }, { ":status": 415 }],
    ["no media type", { "content-type": undefined }, { ":status": 415 }],
  ])("is refused without being decided on: %s", async (_name, headers, expected) => {
    const { session, received } = await open();
    expect((await send(session, [frame(REQUEST)], headers)).status).toMatchObject(expected);
    expect(received).toEqual([]);
  });

  it("is not talked to, and disturbs nobody: HTTP/1.1 and noise", async () => {
    const { session, address } = await open();
    const port = Number(address.split(":")[1]);
    for (const text of ["GET / HTTP/1.1\r\nhost: a\r\n\r\n", "\0\0\0noise that is no preface"]) {
      const socket = connectTcp(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(text);
      socket.resume();
      await once(socket, "close");
    }
    expect((await send(session, [frame(REQUEST)])).status["grpc-status"]).toBe("0");
  });
});

describe("health", () => {
  const health = loadSync(new URL("../../../proto/grpc/health/v1/health.proto", import.meta.url).pathname, { enums: String })[
    "grpc.health.v1.Health"
  ];

  function method(name: string) {
    const found = health !== undefined && !("format" in health) ? health[name] : undefined;
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  }

  it("lists the server and the service", async () => {
    const { session } = await open();
    const { bytes } = await send(session, [frame(Buffer.alloc(0))], { ":path": method("List").path });
    expect(method("List").responseDeserialize(bytes.subarray(5))).toEqual({
      statuses: { "": { status: "NOT_SERVING" }, "envoy.service.auth.v3.Authorization": { status: "NOT_SERVING" } },
    });
  });

  it.each([
    ["", ["NOT_SERVING", "SERVING", "NOT_SERVING"]],
    ["envoy.service.auth.v3.Authorization", ["NOT_SERVING", "SERVING", "NOT_SERVING"]],
    ["other", ["SERVICE_UNKNOWN"]],
  ])("streams what becomes of '%s' until the server ends", async (service, expected) => {
    const { session, server } = await open();
    const { path, requestSerialize, responseDeserialize } = method("Watch");
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" });
    const seen: unknown[] = [];
    stream.on("data", (chunk: Buffer) => seen.push(...messagesOf(chunk).map((bytes) => responseDeserialize(bytes))));
    stream.end(frame(requestSerialize({ service })));
    await expect.poll(() => seen).toHaveLength(1);
    server.setServing(true);
    server.setServing(true);
    server.setServing(false);
    await expect.poll(() => seen).toEqual(expected.map((status) => ({ status })));
    await Promise.all([server.close(10_000), once(stream, "close")]);
  });

  it("answers a message it cannot read like one for a service it does not know", async () => {
    const { session } = await open();
    const { status } = await send(session, [frame(Buffer.from([0xff]))], { ":path": method("Check").path });
    expect(status["grpc-status"]).toBe("5");
  });
});

function messagesOf(bytes: Buffer): Buffer[] {
  if (bytes.length === 0) return [];
  const end = 5 + bytes.readUInt32BE(1);
  return [bytes.subarray(5, end), ...messagesOf(bytes.subarray(end))];
}
