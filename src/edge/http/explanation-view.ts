import { z } from "zod";
import type { RuleExplanation } from "../../core/explanation.ts";
import type { ShownExplanation } from "../../operate/show-explanation.ts";
import { escapeTexts } from "./escape-texts.ts";

const text = z.string();
const nullable = text.nullable();
const truth = z.enum(["true", "false", "unknown"]);
const seen = z.json().optional();

const MATCH = z.object({
  fits: truth,
  permits: z.boolean(),
  opens: z.boolean(),
  dimensions: z.array(
    z.object({
      dimension: z.enum(["agent", "host", "method", "tool", "protocol", "operation", "model", "role", "group", "path"]),
      saw: seen,
      wants: z.array(text).optional(),
      truth,
    }),
  ),
});

const ATOM = z.object({
  operator: text,
  path: z.array(text),
  operand: z.json(),
  saw: seen,
  sawKind: z.enum(["absent", "null", "text", "number", "boolean", "list", "map"]),
  against: seen,
  truth,
});

const RULE = z.object({
  rule: text,
  effect: z.enum(["deny", "approval_needed", "allow", "add", "limit"]),
  shadow: z.boolean(),
  guard: z.boolean(),
  match: MATCH,
  conditions: z.array(z.object({ mode: z.enum(["sure", "maybe"]), applies: z.boolean(), truth, clauses: z.array(z.array(ATOM)) })),
  outcome: z.enum(["decides", "outranked", "opens_nothing", "adds", "limits", "shadow", "does_not_apply"]),
}) satisfies z.ZodType<RuleExplanation>;

/** Why a call was decided so, as operators read it. */
export const EXPLANATION_VIEW = z.object({
  decision_id: text,
  tenant: text,
  agent: text,
  at: text,
  mode: z.enum(["enforce", "shadow"]),
  decision: z.enum(["allow", "sanitize", "approval_needed", "deny"]),
  class: nullable,
  code: nullable,
  rule: nullable,
  why: z.object({
    because: text,
    unknowns: z.array(z.object({ rule: text, about: text, found: text, countsAs: z.boolean(), in: text })),
  }),
  rules: z.array(RULE),
  rules_left_out: z.number(),
});

export type ExplanationView = z.output<typeof EXPLANATION_VIEW>;

/** Every text escaped: policies hold what authors wrote, and a path is the call's own. */
export function viewExplanation({ explanation, why }: ShownExplanation): ExplanationView {
  const { decisionId, tenant, agent, atMs, mode, decision, code, rule, rules, rulesLeftOut } = explanation;
  const view = {
    decision_id: decisionId,
    tenant,
    agent,
    at: new Date(atMs).toISOString(),
    mode,
    decision,
    class: explanation.class,
    code,
    rule,
    why,
    rules,
    rules_left_out: rulesLeftOut,
  };
  return EXPLANATION_VIEW.parse(escapeTexts(view));
}
