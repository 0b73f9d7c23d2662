import { describeProblem, type Problem } from "../../../../policy/compile/problem.ts";
import { escapeText } from "../../../http/escape-text.ts";
import type { CliWorld } from "../../cli-world.ts";

/** Every problem on a line of standard error, so that what a command finds and what is wrong do not mix. */
export function tellProblems(problems: readonly Problem[], prefix: "" | "warning: ", world: CliWorld): void {
  for (const problem of problems) world.writeError(`${prefix}${escapeText(describeProblem(problem))}\n`);
}
