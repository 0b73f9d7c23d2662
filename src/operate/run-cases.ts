import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PolicyCase } from "../policy/compile/cases.ts";
import { type CaseBench, type CaseRun, createCaseRunner } from "./case-runner.ts";

/** To begin, a thread takes as long as about so many cases take to run: with fewer for each, it would not be worth it. */
const CASES_A_THREAD_MIN = 1000;

export type RunCasesOptions = {
  /** How many threads may share many cases. */
  readonly threads: number;
  readonly casesAThreadMin?: number;
};

/** What came of each case, in their order, whoever ran them. */
export async function runCases(
  bench: CaseBench,
  cases: readonly PolicyCase[],
  { threads: most, casesAThreadMin = CASES_A_THREAD_MIN }: RunCasesOptions,
): Promise<readonly CaseRun[]> {
  const threads = Math.min(most, Math.floor(cases.length / casesAThreadMin));
  if (threads < 2) return runInPlace(bench, cases);
  // Every so manieth to each, because cases of one file take about the same time.
  const shares = Array.from({ length: threads }, (_, thread) => cases.filter((_case, at) => at % threads === thread));
  const runs = await Promise.all(shares.map((share) => runInThread(bench, share)));
  return cases.flatMap((_case, at) => runs[at % threads]?.[Math.floor(at / threads)] ?? []);
}

async function runInPlace(bench: CaseBench, cases: readonly PolicyCase[]): Promise<readonly CaseRun[]> {
  const run = createCaseRunner(bench);
  const runs: CaseRun[] = [];
  for (const policyCase of cases) runs.push(await run(policyCase));
  return runs;
}

async function runInThread(bench: CaseBench, cases: readonly PolicyCase[]): Promise<readonly CaseRun[]> {
  const worker = new Worker(new URL("./case-worker.ts", import.meta.url), { workerData: { bench, cases } });
  try {
    // Rejects where the thread throws.
    const [runs] = await once(worker, "message");
    // Its thread sends nothing else.
    return runs as readonly CaseRun[];
  } finally {
    await worker.terminate();
  }
}
