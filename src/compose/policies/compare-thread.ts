import { parentPort, workerData } from "node:worker_threads";
import { compareVersions, type ProgramPair } from "./compare-versions.ts";

// Whoever starts this thread gives it two programs, and nothing else.
parentPort?.postMessage(compareVersions(workerData as ProgramPair));
