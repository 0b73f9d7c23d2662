import { parentPort, workerData } from "node:worker_threads";
import type { PolicyCase } from "../policy/compile/cases.ts";
import { type CaseBench, type CaseRun, createCaseRunner } from "./case-runner.ts";

// `runCases` starts this thread with both.
const { bench, cases } = workerData as { readonly bench: CaseBench; readonly cases: readonly PolicyCase[] };

const run = createCaseRunner(bench);
const runs: CaseRun[] = [];
for (const policyCase of cases) runs.push(await run(policyCase));
parentPort?.postMessage(runs);
