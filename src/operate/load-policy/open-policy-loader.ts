import { Worker } from "node:worker_threads";
import { createLoadQueue } from "../../policy/sources/create-load-queue.ts";
import type { LoadJob, LoadResult } from "../../policy/sources/load-version.ts";
import { loadInPlace } from "./load-in-place.ts";
import type { FromLoadThread } from "./load-thread.ts";

/** Loads the policies of all tenants of a process, one at a time and in turns. */
export type PolicyLoader = {
  /** What the sources of a tenant are given as `load`. */
  readonly forTenant: (tenant: string) => (job: LoadJob) => Promise<LoadResult>;
  /** From now on there are calls that loading could hold up: it goes on in a thread. */
  readonly goOffLoop: () => void;
  readonly close: () => Promise<void>;
};

export type LoaderOptions = {
  /** A load that has not ended by then is given up, and its thread with it. */
  readonly loadMsMax?: number;
  /** How long a thread without work is kept. */
  readonly idleMsMax?: number;
};

const LOAD_MS_MAX = 60_000;
const IDLE_MS_MAX = 10_000;
const HEAP_MB_MAX = 2_048;
const THREAD = new URL("./load-thread.ts", import.meta.url);

export function openPolicyLoader({ loadMsMax = LOAD_MS_MAX, idleMsMax = IDLE_MS_MAX }: LoaderOptions = {}): PolicyLoader {
  const queue = createLoadQueue();
  let isOffLoop = false;
  let isClosed = false;
  let thread: Worker | null = null;
  let idle: NodeJS.Timeout | null = null;

  function start(): Worker {
    const worker = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX } });
    // Whoever waits for it hears of both as well; one that ends without work is nobody's loss.
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (thread === worker) thread = null;
    });
    return worker;
  }

  async function loadOffLoop(job: LoadJob): Promise<LoadResult> {
    if (idle !== null) clearTimeout(idle);
    thread ??= start();
    const worker = thread;
    try {
      const result = await ask(worker, job, loadMsMax);
      worker.unref();
      idle = setTimeout(end, idleMsMax).unref();
      return result;
    } catch (error) {
      await end();
      throw error;
    }
  }

  async function end(): Promise<void> {
    const ended = thread;
    thread = null;
    await ended?.terminate();
  }

  return {
    forTenant: (tenant) => (job) =>
      queue(tenant, async () => {
        if (isClosed) throw new Error("no more policies are loaded");
        return isOffLoop ? loadOffLoop(job) : loadInPlace(job);
      }),
    goOffLoop: () => {
      isOffLoop = true;
    },
    close: async () => {
      isClosed = true;
      if (idle !== null) clearTimeout(idle);
      await end();
    },
  };
}

/** Rejects where the thread fails, ends or takes too long; it is of no use then. */
async function ask(worker: Worker, job: LoadJob, loadMsMax: number): Promise<LoadResult> {
  const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
  const timer = setTimeout(() => reject(new Error(`the policy was not loaded within ${loadMsMax} ms`)), loadMsMax);
  // What comes is what `load-thread.ts` posts.
  const onMessage = (answer: FromLoadThread) => (answer.kind === "loaded" ? resolve(answer.result) : reject(new Error(answer.message)));
  const onExit = () => reject(new Error("the thread that loads policies ended without an answer"));
  worker.once("message", onMessage).once("error", reject).once("exit", onExit);
  worker.ref();
  worker.postMessage(job);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.off("message", onMessage).off("error", reject).off("exit", onExit);
  }
}
