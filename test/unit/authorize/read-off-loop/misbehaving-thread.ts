import { parentPort } from "node:worker_threads";
import type { ToThread } from "../../../../src/authorize/read-off-loop/messages.ts";

/** The thread of the server, but for calls that ask it to end or never to answer. */
parentPort?.on("message", (message: ToThread) => {
  if (message.kind !== "read" && message.kind !== "find") return;
  if (message.call.headers.has("x-end")) process.exit(3);
  if (message.call.headers.has("x-hang")) for (;;);
});
await import("../../../../src/authorize/read-off-loop/thread.ts");
