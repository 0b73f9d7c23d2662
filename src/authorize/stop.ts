import type { Approval } from "../core/approval.ts";
import { CODES } from "../core/codes.ts";
import type { Challenge, CodeOf } from "../core/decision.ts";
import type { RuleOutcome } from "../core/ruling.ts";

/** Why a call does not go on. */
export type Stop =
  | {
      readonly kind: "policy";
      readonly code: CodeOf<"policy">;
      readonly by: RuleOutcome | null;
      readonly approval: Approval | null;
      /** For operators: what could not be carried out. */
      readonly detail?: string;
    }
  | { readonly kind: "identity"; readonly code: CodeOf<"identity">; readonly challenge: Challenge }
  | { readonly kind: "revoked" }
  | { readonly kind: "limit"; readonly code: CodeOf<"limit">; readonly retryAfterMs: number; readonly rule: string | null }
  /** `detail`, for operators: why the budget cannot be kept. */
  | { readonly kind: "budget"; readonly code: CodeOf<"budget">; readonly rule: string | null; readonly detail?: string }
  | { readonly kind: "malformed"; readonly code: CodeOf<"malformed">; readonly detail: string }
  | { readonly kind: "fault"; readonly code: CodeOf<"fault">; readonly detail: string }
  /** `approval` is null in shadow, where nobody is asked. */
  | { readonly kind: "approval_needed"; readonly by: RuleOutcome; readonly approval: Approval | null };

const KINDS: Readonly<Record<Stop["kind"], true>> = {
  policy: true,
  identity: true,
  revoked: true,
  limit: true,
  budget: true,
  malformed: true,
  fault: true,
  approval_needed: true,
};

/** Whether what a step gave back can be believed: null to go on, or a stop this module knows. */
export function isStepResult(value: unknown): value is Stop | null {
  if (value === null) return true;
  if (typeof value !== "object" || !("kind" in value) || typeof value.kind !== "string") return false;
  if (!Object.hasOwn(KINDS, value.kind)) return false;
  return !("code" in value) || (typeof value.code === "string" && Object.hasOwn(CODES, value.code));
}

export function faultOf(error: unknown): Stop {
  return { kind: "fault", code: "internal", detail: error instanceof Error ? `${error.name}: ${error.message}` : "a step failed" };
}
