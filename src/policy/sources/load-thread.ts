import { parentPort, workerData } from "node:worker_threads";
import { loadPolicy, type PolicyPlace } from "./load-policy.ts";

// Whoever starts this thread gives it a place, and nothing else.
parentPort?.postMessage(await loadPolicy(workerData as PolicyPlace));
