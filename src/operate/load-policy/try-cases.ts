import type { CaseTrial } from "../../policy/sources/load-version.ts";
import { createCaseRunner } from "../case-runner.ts";

/** What of the first case that fails was not met, in one line; null where all pass. */
export async function tryCases({ cases, ...bench }: CaseTrial): Promise<string | null> {
  const run = createCaseRunner(bench);
  for (const policyCase of cases) {
    const [difference] = await run(policyCase).then(({ differences }) => differences, threw);
    if (difference !== undefined) return `${policyCase.file}:${policyCase.line}: case "${policyCase.name}": ${difference}`;
  }
  return null;
}

/** A case that cannot even be decided, such as one that names a tool that is not there. */
function threw(error: unknown): readonly string[] {
  return [error instanceof Error ? error.message : "it could not be decided"];
}
