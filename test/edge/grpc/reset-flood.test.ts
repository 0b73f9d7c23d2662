import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { setImmediate } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { decodeCheckResponse, encodeCheckRequest } from "../../tools/check-request.ts";
import { connectCheckClient } from "../../tools/grpc-client.ts";
import { ALLOW, startServer } from "./start-server.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
});

const ABORTED = 10_000;
const REQUEST = encodeCheckRequest({ method: "POST", body: "x".repeat(500) });
const FRAME = frame(REQUEST);

/** How a client gives up: before it sent anything, in the middle of its message, with it, and after it. */
const ABORTS: readonly ((stream: ClientHttp2Stream) => void)[] = [
  () => {},
  (stream) => stream.write(FRAME.subarray(0, 100)),
  (stream) => stream.write(FRAME),
  (stream) => stream.end(FRAME),
];

describe("10,000 calls that are given up on", () => {
  it("cost a steady client nothing, neither on the same connection nor on another", async () => {
    const { server, address } = await startServer(
      async () => {
        await setImmediate();
        return ALLOW;
      },
      { maxInFlight: 100_000, deadlineMs: 60_000 },
    );
    cleanUp.push(() => server.close(0));
    const { session, problems } = await openSession(address);
    const other = connectCheckClient(address);
    cleanUp.push(other.close);

    const steady: Promise<number>[] = [];
    for (let i = 0; i < ABORTED; i++) {
      abortOne(session, i);
      if (i % 50 === 0) {
        steady.push(
          checkOn(session),
          other.check(REQUEST).then((bytes) => decodeCheckResponse(bytes).code),
        );
        await setImmediate();
      }
    }
    expect(await Promise.all(steady)).toEqual(Array(400).fill(0));
    expect(await checkOn(session)).toBe(0);
    expect(problems).toEqual([]);
    await expect.poll(() => server.inFlight()).toBe(0);
  });
});

async function openSession(address: string): Promise<{ readonly session: ClientHttp2Session; readonly problems: string[] }> {
  const problems: string[] = [];
  const session = connect(`http://${address}`);
  session.on("goaway", (code) => problems.push(`goaway ${code}`));
  session.on("error", (error) => problems.push(error.message));
  session.on("close", () => problems.push("closed"));
  await once(session, "connect");
  cleanUp.push(() => session.destroy());
  return { session, problems };
}

function request(session: ClientHttp2Session): ClientHttp2Stream {
  const path = "/envoy.service.auth.v3.Authorization/Check";
  return session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" });
}

function abortOne(session: ClientHttp2Session, i: number): void {
  const stream = request(session);
  stream.on("error", () => {});
  ABORTS[i % ABORTS.length]?.(stream);
  stream.close(constants.NGHTTP2_CANCEL);
}

async function checkOn(session: ClientHttp2Session): Promise<number> {
  const stream = request(session);
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.end(FRAME);
  const [trailers] = await once(stream, "trailers");
  await once(stream, "close");
  expect(trailers["grpc-status"]).toBe("0");
  return decodeCheckResponse(Buffer.concat(chunks).subarray(5)).code;
}

function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
