import { Worker } from "node:worker_threads";
import type { PolicyChanges } from "../../operate/policy-desk.ts";
import { comparePrograms } from "../../policy/diff/compare-programs.ts";
import { mayWiden } from "../../policy/diff/differences.ts";
import type { Program } from "../../policy/program.ts";

export type ProgramPair = { readonly was: Program; readonly is: Program };

export const RULES_TOLD_MAX = 50;
/** Above it a comparison would hold up calls for longer than a few milliseconds. */
const RULES_IN_PLACE_MAX = 200;
const COMPARE_MS_MAX = 60_000;
const THREAD = new URL("./compare-thread.ts", import.meta.url);

/** What another version changes, by the ids of rules. */
export function compareVersions({ was, is }: ProgramPair): PolicyChanges {
  const { rules, others } = comparePrograms(was, is);
  const idsOf = (kind: (typeof rules)[number]["kind"]) =>
    rules
      .filter((rule) => rule.kind === kind)
      .map(({ id }) => id)
      .slice(0, RULES_TOLD_MAX);
  return {
    added: idsOf("added"),
    removed: idsOf("removed"),
    changed: idsOf("changed"),
    widening: [...rules, ...others].some(mayWiden),
  };
}

/** The same, in a thread where the programs are large. Null where that thread fails: a record without it is still one. */
export async function compareOffLoop(pair: ProgramPair): Promise<PolicyChanges | null> {
  if (pair.was.rules.length + pair.is.rules.length <= RULES_IN_PLACE_MAX * 2) return compareVersions(pair);
  const thread = new Worker(THREAD, { workerData: pair });
  const { promise, resolve } = Promise.withResolvers<PolicyChanges | null>();
  const timer = setTimeout(() => resolve(null), COMPARE_MS_MAX);
  // What comes is what `compare-thread.ts` posts.
  thread.once("message", (changes: PolicyChanges) => resolve(changes));
  thread.once("error", () => resolve(null)).once("exit", () => resolve(null));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
