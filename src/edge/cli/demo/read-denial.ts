import { z } from "zod";

const DENIAL = z.object({
  error: z.object({
    class: z.string().nullable(),
    code: z.string(),
    message: z.string(),
    decision_id: z.string(),
    approval: z.object({ id: z.string() }).nullish(),
  }),
});

export type Denial = {
  readonly class: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly decisionId: string | null;
  readonly approvalId: string | null;
};

const NONE: Denial = { class: null, code: null, message: null, decisionId: null, approvalId: null };

/** The body of a refused call (contract section 4), as far as the demo shows it. */
export function readDenial(body: string): Denial {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return NONE;
  }
  const parsed = DENIAL.safeParse(json);
  if (!parsed.success) return NONE;
  const { error } = parsed.data;
  return {
    class: error.class,
    code: error.code,
    message: error.message,
    decisionId: error.decision_id,
    approvalId: error.approval?.id ?? null,
  };
}
