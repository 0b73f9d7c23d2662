import { parentPort } from "node:worker_threads";
import type { LoadJob, LoadResult } from "../../policy/sources/load-version.ts";
import { loadInPlace } from "./load-in-place.ts";

export type FromLoadThread =
  | { readonly kind: "loaded"; readonly result: LoadResult }
  | { readonly kind: "threw"; readonly message: string };

// Whoever starts this thread sends it one job after another, and nothing else.
parentPort?.on("message", async (job: LoadJob) => {
  const told = await answer(job);
  // The engine's memory is the bulk of it, and of no use here any more.
  const transfer = told.kind === "loaded" && told.result.kind === "version" ? [told.result.image.image.bytes.buffer] : [];
  parentPort?.postMessage(told, transfer);
});

async function answer(job: LoadJob): Promise<FromLoadThread> {
  try {
    return { kind: "loaded", result: await loadInPlace(job) };
  } catch (error) {
    return { kind: "threw", message: error instanceof Error ? error.message : "unknown" };
  }
}
