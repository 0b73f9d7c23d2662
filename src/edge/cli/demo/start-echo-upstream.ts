import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type EchoUpstream = { readonly address: string; readonly close: () => Promise<void> };

const BODY_BYTES_MAX = 1 << 20;

/** Stands for the whole internet: answers each call with what reached it, on a free loopback port. */
export async function startEchoUpstream(): Promise<EchoUpstream> {
  const server = createServer(echo);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const bound = server.address();
  if (typeof bound !== "object" || bound === null) throw new Error("the demo's upstream has no port");
  return {
    address: `127.0.0.1:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function echo(incoming: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) incoming.destroy();
    else chunks.push(chunk);
  });
  incoming.on("error", () => response.destroy());
  incoming.on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    const { method, url, headers } = incoming;
    response.end(`${JSON.stringify({ method, target: url, headers, body: Buffer.concat(chunks).toString("utf8") })}\n`);
  });
}
