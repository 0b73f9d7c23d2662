import type { PolicyCase } from "../policy/compile/cases.ts";
import { limitsIn, lowerCase } from "../policy/compile/lower-cases.ts";
import { describeProblem } from "../policy/compile/problem.ts";
import { readFiles } from "../policy/compile/read-files.ts";
import type { Notes } from "../policy/compile/spot.ts";
import type { Program } from "../policy/program.ts";

export type CaseText =
  | { readonly kind: "case"; readonly policyCase: PolicyCase }
  | { readonly kind: "unreadable"; readonly messages: readonly string[] };

/** One case without `name` and `expect`, in YAML or JSON: a caller and a call. */
export function readCase(given: object, file: string, program: Program): CaseText {
  const notes: Notes = { problems: [], warnings: [] };
  const text = JSON.stringify({ cases: [{ ...given, name: "call", expect: "allow" }] });
  const found = readFiles([{ name: file, text }], notes).cases[0];
  const policyCase =
    found === undefined
      ? null
      : lowerCase(found.source, found.spot, { catalogue: program.catalogue, limits: limitsIn(program), expected: null });
  if (policyCase === null || notes.problems.length > 0)
    return { kind: "unreadable", messages: notes.problems.map((problem) => describeProblem(problem)) };
  return { kind: "case", policyCase };
}
