import type { LintCode } from "./lint/index.ts";

/** Something in a policy folder that is wrong or doubtful, at a place a person can go to. Lines and columns begin at 1. */
export type Problem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What to write instead, where we know it. */
  readonly fix: string | null;
  readonly code: ProblemCode;
};

export type ProblemCode =
  | "syntax"
  | "yaml_trap"
  | "unknown_key"
  | "missing_key"
  | "wrong_type"
  | "wrong_value"
  | "not_built_yet"
  | "bad_expression"
  | "type_error"
  | "too_large"
  | "duplicate"
  | "contradiction"
  | "no_such_tool"
  | "does_nothing"
  | "crowded_key"
  | "tools_overlap"
  | "schema_mismatch"
  | "schema_unused"
  | "guardrail"
  | LintCode;

/** `file:line:column: message (fix) [code]`, one line. */
export function describeProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return `${place}: ${problem.message}${problem.fix === null ? "" : ` (${problem.fix})`} [${problem.code}]`;
}

/** By file, then place, so that the same folder always tells the same story. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.message, b.message),
  );
}

/** Order by code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
