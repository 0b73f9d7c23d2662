import type { ApprovalDescription, ApprovalSubject } from "../../../src/core/approval.ts";
import type { Person } from "../../../src/core/person.ts";

export const MINUTE = 60_000;

/** A payment of finance-1 that treasury must approve within 15 minutes and that must be made within 10 after. */
export const SUBJECT: ApprovalSubject = {
  tenant: "default",
  agent: "finance-1",
  subject: null,
  rule: "payments/large",
  code: "payment_over_ceiling",
  digest: "d1".repeat(32),
  requirement: {
    from: ["treasury"],
    people: [],
    count: 1,
    exclude: [],
    note: false,
    bind: null,
    expiresMs: 15 * MINUTE,
    useWithinMs: 10 * MINUTE,
    summary: "Pay {amount}",
  },
};

export const DESCRIPTION: ApprovalDescription = {
  reason: "Payments over $5,000 need an approval from treasury.",
  summary: "Pay 9000.00 usd",
  method: "POST",
  host: "api.stripe.com",
  path: "/v1/payment_intents",
  tool: "stripe.create_payment",
};

export function person(name: string, facts: Partial<Person> = {}): Person {
  return { name, operator: name, subjects: [], owns: [], groups: ["treasury"], ...facts };
}
