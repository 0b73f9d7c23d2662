import { compilePolicies } from "../../../src/policy/compile/compile-policies.ts";
import type { LintCode } from "../../../src/policy/compile/lint/index.ts";
import { describeProblem } from "../../../src/policy/compile/problem.ts";

export type Files = {
  readonly policy?: string;
  readonly tools?: string;
  readonly groups?: string;
  readonly [schema: `${string}.schema.json`]: string;
};

/** Findings of one kind as `file:line:column: message (fix)`, without the code that ends each. The files must compile. */
export function lintOf(code: LintCode, { policy, tools = TOOLS, groups, ...schemas }: Files, guardrail?: string): readonly string[] {
  const compiled = compilePolicies(
    Object.entries({
      ...(policy !== undefined && { "policy.yaml": policy }),
      "tools.yaml": tools,
      "groups.yaml": groups,
      ...schemas,
    }).flatMap(([name, text]) => (text === undefined ? [] : [{ name, text }])),
    guardrail === undefined ? {} : { guardrails: [{ name: "guardrail.yaml", text: guardrail }] },
  );
  if (compiled.kind === "invalid") throw new Error(compiled.problems.map(describeProblem).join("\n"));
  return compiled.warnings.filter((warning) => warning.code === code).map((warning) => describeProblem(warning).replace(` [${code}]`, ""));
}

/** A policy with these rules, each in a line of its own from line 3. */
export function rulesOf(...rules: readonly string[]): string {
  return ["policy: p", "rules:", ...rules.map((rule) => `  - ${rule}`), ""].join("\n");
}

/** A rule `r` with a condition, whose text begins at line 6, column 7. */
export function ruleIf(condition: string, then: string, match = "{}"): string {
  return ["policy: p", "rules:", "  - id: r", `    match: ${match}`, "    if: |", `      ${condition}`, `    ${then}`, ""].join("\n");
}

export const TOOLS = `tools:
  pay.create:
    http: { method: POST, host: pay.example, path: /v1/pay, body: json }
    args: { sum: { from: json.sum, type: integer }, currency: { from: json.currency }, to: { from: json.to }, meta: { from: json.meta } }
    amount: { value: args.sum, unit: minor, currency: args.currency }
  pay.read: { http: { method: GET, host: pay.example, path: "/v1/pay/:id" }, args: { id: { from: path.id } } }
  crm.find: { http: { method: GET, host: crm.example, path: /people }, args: { q: { from: query.q } } }
`;
