import { type LoadJob, type LoadResult, loadVersion } from "../../policy/sources/load-version.ts";
import { tryCases } from "./try-cases.ts";

/** Loads where it is called: in a thread of its own, or at start, while there is no call that it could hold up. */
export function loadInPlace(job: LoadJob): Promise<LoadResult> {
  return loadVersion(job, { tryCases, monotonicUs: () => performance.now() * 1000 });
}
