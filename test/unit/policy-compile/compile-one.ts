import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import { describeProblem } from "../../../src/policy/compile/problem.ts";
import type { Program, ProgramRule } from "../../../src/policy/program.ts";

/** The program of files that must compile. */
export function compileFiles(...texts: readonly string[]): Program {
  const compiled = compilePolicies(texts.map((text, at) => ({ name: `${at}.yaml`, text })));
  if (compiled.kind === "invalid") throw new Error(compiled.problems.map(describeProblem).join("\n"));
  return compiled.program;
}

export function findRule(program: Program, id: string): ProgramRule {
  const rule = program.rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
}

/** The messages of the problems, or of the warnings where it compiles. */
export function messagesOf(...texts: readonly string[]): readonly string[] {
  const compiled = compilePolicies(texts.map((text, at) => ({ name: `${at}.yaml`, text })));
  return (compiled.kind === "invalid" ? compiled.problems : compiled.warnings).map((problem) => problem.message);
}

export const CATALOGUE = `tools:
  pay.create: { http: { method: POST, host: pay.example, path: /v1/pay, body: form }, args: { sum: { from: form.sum } } }
  pay.refund: { http: { method: POST, host: pay.example, path: "/v1/pay/:id/refund", body: json }, args: { id: { from: path.id }, sum: { from: json.a.sum } } }
  crm.read: { http: { method: GET, host: crm.example, path: "/people/:id" } }
`;
