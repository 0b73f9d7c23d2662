import { describe, expect, it } from "vitest";
import { approvalLine, describeApproval } from "../../../src/edge/cli/describe-approval.ts";
import { viewApproval } from "../../../src/edge/http/approval-view.ts";
import { DESCRIPTION, SUBJECT } from "../../unit/approvals/subjects.ts";

const APPROVAL = {
  id: "apr_1",
  subject: SUBJECT,
  description: DESCRIPTION,
  state: "pending",
  createdAtMs: Date.parse("2027-01-15T08:00:00Z"),
  expiresAtMs: Date.parse("2027-01-15T08:15:00Z"),
  useByMs: null,
  approvers: [],
  rejectedReason: null,
} as const;

const STRICT = { ...SUBJECT.requirement, count: 2, people: ["zoe"], exclude: ["interns"], note: true, bind: ["amount", "to"] };

describe("an approval in a terminal", () => {
  it("is told without what its rule does not ask", () => {
    expect(describeApproval(viewApproval(APPROVAL)).split("\n")).toEqual([
      "id         apr_1",
      "status     pending",
      "agent      finance-1",
      "tenant     default",
      "call       POST api.stripe.com/v1/payment_intents",
      "tool       stripe.create_payment",
      `digest     ${SUBJECT.digest}`,
      "summary    Pay 9000.00 usd",
      "rule       payments/large",
      "reason     Payments over $5,000 need an approval from treasury.",
      "from       treasury",
      "approved   0 of 1",
      "expires    2027-01-15T08:15:00.000Z",
      "",
    ]);
    expect(approvalLine(viewApproval(APPROVAL))).toBe(
      "apr_1  pending  finance-1  POST api.stripe.com/v1/payment_intents  Pay 9000.00 usd\n",
    );
  });

  it("says how many have said yes, who may, whether they must say why, and what the yes covers", () => {
    const one = viewApproval({ ...APPROVAL, subject: { ...SUBJECT, requirement: STRICT }, approvers: ["ana"] });
    const lines = describeApproval(one).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "covers     any call of stripe.create_payment with the same amount, to",
        "or         zoe",
        "never      interns",
        "note       required: approve with --reason",
        "approved   1 of 2",
        "approvers  ana",
      ]),
    );
    expect(approvalLine(one)).toContain("apr_1  pending (1 of 2)  finance-1");
    expect(approvalLine({ ...one, status: "approved" })).toContain("apr_1  approved  finance-1");
  });
});
