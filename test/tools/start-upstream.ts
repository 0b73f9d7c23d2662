import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

export type UpstreamRequest = {
  readonly method: string;
  /** The request line's target: origin-form as Envoy sends it. */
  readonly url: string;
  /** Lower-case names; repeats are kept apart. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

export type Upstream = {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly port: number;
  /** Everything that arrived, in order. */
  readonly requests: UpstreamRequest[];
  readonly stop: () => Promise<void>;
};

export type Answer = (request: UpstreamRequest, response: ServerResponse) => void;

/** A plain HTTP/1.1 server on a free loopback port that keeps what it received and answers with it as JSON. */
export async function startUpstream(answer: Answer = echo): Promise<Upstream> {
  const requests: UpstreamRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, response) => {
    read(incoming, (request) => {
      requests.push(request);
      answer(request, response);
    });
  });
  // A websocket or other upgrade is answered 101 and then echoed byte by byte.
  server.on("upgrade", (incoming: IncomingMessage, socket: Socket) => {
    requests.push(describe(incoming, ""));
    socket.on("error", () => socket.destroy());
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${incoming.headers.upgrade ?? "websocket"}\r\n\r\n`);
    socket.pipe(socket);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  return {
    address: `127.0.0.1:${port}`,
    port,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function headerOf(request: UpstreamRequest, name: string): string | null {
  const values = request.headers.filter(([key]) => key === name).map(([, value]) => value);
  return values.length === 0 ? null : values.join(",");
}

function echo(request: UpstreamRequest, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(request));
}

function read(incoming: IncomingMessage, then: (request: UpstreamRequest) => void): void {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => then(describe(incoming, Buffer.concat(chunks).toString("utf8"))));
  incoming.on("error", () => {});
}

function describe(incoming: IncomingMessage, body: string): UpstreamRequest {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    headers.push([(incoming.rawHeaders[at] ?? "").toLowerCase(), incoming.rawHeaders[at + 1] ?? ""]);
  }
  return { method: incoming.method ?? "", url: incoming.url ?? "", headers, body };
}
