import { summarize } from "../authorize/summarize.ts";
import type { Decision } from "../core/decision.ts";
import type { Aspect, Intent, Tool } from "../core/intent.ts";
import { type Money, parseMicros } from "../core/money.ts";
import type { DecisionReceipt } from "../core/receipt.ts";
import type { ApprovalRequirement, Limit, Ruling } from "../core/ruling.ts";
import { headersRemoved, headersSet, redactionsOf } from "./changes-of.ts";

/** What is known of a call that was decided off-line, and what would be done to it. */
export type DecisionDetails = {
  /** Null where the call was not understood. */
  readonly tool: string | null;
  readonly model: string | null;
  readonly amount: Money | null;
  readonly cost: Money | null;
  /** The limits that were charged, with what is left: calls of a rate, money of a budget. */
  readonly limits: readonly { readonly id: string; readonly remaining: number | Money }[];
  /** Whom the call waits for. */
  readonly approvals: readonly (Pick<ApprovalRequirement, "from" | "people" | "count" | "exclude" | "summary"> & {
    readonly rule: string;
  })[];
  readonly redactions: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
  readonly rewritten: boolean;
  readonly shadow: DecisionReceipt["shadow"];
};

type Seen = {
  readonly decision: Decision;
  readonly receipt: DecisionReceipt;
  readonly intent: Intent | null;
  readonly ruling: Ruling | null;
};

export function detailsOf({ decision, receipt, intent, ruling }: Seen): DecisionDetails {
  return {
    ...namesOf(intent),
    amount: intent?.amount ?? null,
    cost: intent?.cost ?? null,
    limits: receipt.limits.map(({ id, remaining }) => ({
      id,
      remaining: leftOf(
        remaining,
        ruling?.limits.find((limit) => limit.id === id),
      ),
    })),
    approvals: decision.kind === "approval_needed" ? approvalsOf(intent, ruling) : [],
    redactions: redactionsOf(receipt.obligations),
    set: headersSet(decision, receipt.obligations),
    removed: headersRemoved(decision),
    rewritten: receipt.obligations.some((done) => done === "rewrite_path" || done === "rewrite_authority"),
    shadow: receipt.shadow,
  };
}

/** The call's tool and model as cases name them. */
export function namesOf(intent: Intent | null): Pick<DecisionDetails, "tool" | "model"> {
  const name = (one: Tool | Aspect) => (one.kind === "known" ? one.name : one.kind);
  return intent === null ? { tool: null, model: null } : { tool: name(intent.tool), model: name(intent.model) };
}

function leftOf(remaining: number, limit: Limit | undefined): number | Money {
  if (limit?.bound.kind !== "budget") return remaining;
  const micros = parseMicros(remaining);
  return micros === null ? remaining : { currency: limit.bound.currency, micros };
}

function approvalsOf(intent: Intent | null, ruling: Ruling | null): DecisionDetails["approvals"] {
  if (intent === null || ruling?.kind !== "approval_needed") return [];
  return ruling.by.flatMap(({ rule }, at) => {
    const requirement = ruling.requirements[at];
    if (requirement === undefined) return [];
    const { from, people, count, exclude, summary } = requirement;
    return [{ rule, from, people, count, exclude, summary: summarize(summary, intent) }];
  });
}
