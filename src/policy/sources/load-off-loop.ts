import { Worker } from "node:worker_threads";
import type { PolicyPlace, PreparedLoad } from "./load-policy.ts";

const THREAD = new URL("./load-thread.ts", import.meta.url);
const LOAD_MS_MAX = 60_000;

/** Loads in a thread of its own, so that compiling thousands of rules holds up no call. Rejects where the thread fails. */
export async function loadOffLoop(place: PolicyPlace, loadMsMax: number = LOAD_MS_MAX): Promise<PreparedLoad> {
  const thread = new Worker(THREAD, { workerData: place });
  const { promise, resolve, reject } = Promise.withResolvers<PreparedLoad>();
  const timer = setTimeout(() => reject(new Error(`the policy was not loaded within ${loadMsMax} ms`)), loadMsMax);
  // What comes is what `load-thread.ts` posts.
  thread.once("message", (load: PreparedLoad) => resolve(load));
  thread.once("error", reject);
  thread.once("exit", () => reject(new Error("the thread that loads policies ended without an answer")));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
