import { createServer } from "node:net";

/** A loopback port that was free a moment ago, for what must be started twice on the same one. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const bound = server.address();
      server.close(() => (typeof bound === "object" && bound !== null ? resolve(bound.port) : reject(new Error("no port"))));
    });
  });
}
