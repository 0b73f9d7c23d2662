import { z } from "zod";
import type { Approval } from "../core/approval.ts";

const VERSION = 1;

const time = z.number().int().nonnegative();
const text = z.string();

const APPROVAL = z.strictObject({
  id: z.string().regex(/^apr_[0-9A-HJKMNP-TV-Z]{26}$/),
  subject: z.strictObject({
    tenant: text.min(1),
    agent: text.min(1),
    subject: text.min(1).nullable(),
    rule: text.min(1),
    code: text.min(1),
    digest: text.min(1),
    requirement: z.strictObject({
      from: z.array(text),
      // Lines written before requirements could say these things said none of them.
      people: z.array(text).default([]),
      count: z.number().int().positive(),
      exclude: z.array(text).default([]),
      note: z.boolean().default(false),
      bind: z.array(text).nullable().default(null),
      expiresMs: time,
      useWithinMs: time,
      summary: text.nullable(),
    }),
  }),
  description: z.strictObject({
    reason: text.nullable(),
    summary: text.nullable(),
    method: text,
    host: text,
    path: text,
    tool: text.nullable(),
  }),
  state: z.enum(["pending", "approved", "rejected", "expired", "consumed", "lapsed"]),
  createdAtMs: time,
  expiresAtMs: time,
  useByMs: time.nullable(),
  approvers: z.array(text),
  rejectedReason: text.nullable(),
});

const LINE = z.strictObject({ v: z.literal(VERSION), approval: APPROVAL });

export function formatLine(approval: Approval): string {
  return JSON.stringify({ v: VERSION, approval });
}

/**
 * The last state of each approval, in the order they were made. A last line without its end was never acknowledged and
 * does not count; any other that cannot be read is a fault, because the consumed grant it may have told would come back.
 */
export function parseJournal(content: string): readonly Approval[] {
  const approvals = new Map<string, Approval>();
  const lines = content.split("\n");
  for (const [at, line] of lines.slice(0, -1).entries()) {
    const approval = parseLine(line);
    if (approval === null) throw new Error(`line ${at + 1} of the approvals journal cannot be read`);
    approvals.set(approval.id, approval);
  }
  return [...approvals.values()];
}

function parseLine(line: string): Approval | null {
  try {
    const parsed = LINE.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data.approval : null;
  } catch {
    return null;
  }
}
