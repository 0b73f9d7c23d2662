import { describe, expect, it } from "vitest";
import { findApprover, type NotAllowed, refuseApprover } from "../../../src/approvals/who-may-approve.ts";
import type { ApprovalSubject } from "../../../src/core/approval.ts";
import type { Operator, Person, Role } from "../../../src/core/person.ts";
import { person, SUBJECT } from "./subjects.ts";

const operator = (name: string, roles: Role[] = ["approver"], tenants: Operator["tenants"] = "all"): Operator => ({
  name,
  roles: new Set(roles),
  tenants,
});

describe("the person behind an operator", () => {
  const ana = person("ana");
  const twins = [person("eve-1", { operator: "eve" }), person("eve-2", { operator: "eve" })];
  const people = [ana, person("chat-only", { operator: null }), ...twins];

  const refusals: readonly { claim: string; who: Operator; why: NotAllowed }[] = [
    { claim: "is nobody without any role", who: operator("ana", []), why: "role_missing" },
    {
      claim: "is nobody with reading and writing roles alone",
      who: operator("ana", ["viewer", "author", "operator"]),
      why: "role_missing",
    },
    {
      claim: "is nobody for a tenant the operator does not cover",
      who: operator("ana", ["approver"], ["other"]),
      why: "tenant_not_covered",
    },
    { claim: "is nobody without an entry, also for the first operator", who: operator("admin", ["admin"]), why: "operator_is_nobody" },
    { claim: "is not guessed from the person's name", who: operator("chat-only"), why: "operator_is_nobody" },
    { claim: "is nobody where two entries claim the operator", who: operator("eve"), why: "operator_is_ambiguous" },
  ];
  it.each(refusals)("$claim", ({ who, why }) => {
    expect(findApprover(who, "default", people)).toEqual({ kind: "not_allowed", why });
  });

  it.each([["approver"], ["admin"]] as const)("is the entry with the operator's name for role %s", (role) => {
    expect(findApprover(operator("ana", [role], ["default"]), "default", people)).toEqual({ kind: "person", person: ana });
  });
});

const asking = (requirement: Partial<ApprovalSubject["requirement"]>): Partial<ApprovalSubject> => ({
  requirement: { ...SUBJECT.requirement, ...requirement },
});

describe("who may answer", () => {
  const ana = person("ana");
  const bob = person("bob", { subjects: ["bob@example"] });
  const cases: readonly { claim: string; who: Person; others?: Person[]; subject?: Partial<ApprovalSubject>; why: NotAllowed | null }[] = [
    { claim: "refuses a person of no asked group", who: person("ana", { groups: ["sales"] }), why: "not_in_group" },
    {
      claim: "refuses everyone where no group is asked",
      who: ana,
      subject: { requirement: { ...SUBJECT.requirement, from: [] } },
      why: "not_in_group",
    },
    { claim: "refuses the principal", who: bob, subject: { subject: "bob@example" }, why: "is_requester" },
    {
      claim: "refuses everyone for a principal who is nobody",
      who: ana,
      others: [bob],
      subject: { subject: "eve@example" },
      why: "requester_is_nobody",
    },
    {
      claim: "takes a principal's name by letter",
      who: ana,
      others: [bob],
      subject: { subject: "Bob@example" },
      why: "requester_is_nobody",
    },
    { claim: "refuses the person the agent is", who: person("ana", { subjects: ["finance-1"] }), why: "is_requester" },
    {
      claim: "refuses the person the agent is, also when it acts for another",
      who: person("ana", { subjects: ["finance-1"] }),
      others: [bob],
      subject: { subject: "bob@example" },
      why: "is_requester",
    },
    { claim: "refuses the owner of the agent", who: person("ana", { owns: ["finance-1"] }), why: "is_owner" },
    { claim: "refuses the owner by pattern", who: person("ana", { owns: ["hr-*", "finance-*"] }), why: "is_owner" },
    { claim: "refuses the owner of all", who: person("ana", { owns: ["*"] }), why: "is_owner" },
    { claim: "does not stretch an exact pattern", who: person("ana", { owns: ["finance-"] }), why: null },
    { claim: "refuses an excluded person", who: ana, subject: asking({ exclude: ["bob", "ana"] }), why: "is_excluded" },
    {
      claim: "refuses a person of an excluded group",
      who: person("ana", { groups: ["treasury", "interns"] }),
      subject: asking({ exclude: ["interns"] }),
      why: "is_excluded",
    },
    {
      claim: "refuses an excluded person whom the policy lets approve",
      who: ana,
      subject: asking({ people: ["ana"], exclude: ["ana"] }),
      why: "is_excluded",
    },
    {
      claim: "refuses a person of no asked group whom another policy's group has",
      who: person("ana", { groups: [] }),
      subject: asking({ people: ["bob"] }),
      why: "not_in_group",
    },
    {
      claim: "allows a person whom the policy's own group has",
      who: person("ana", { groups: [] }),
      subject: asking({ people: ["bob", "ana"] }),
      why: null,
    },
    {
      claim: "refuses the owner, also one whom the policy's own group has",
      who: person("ana", { owns: ["*"], groups: [] }),
      subject: asking({ people: ["ana"] }),
      why: "is_owner",
    },
    { claim: "allows a person of the group", who: ana, why: null },
    { claim: "allows one person for another's call", who: ana, others: [bob], subject: { subject: "bob@example" }, why: null },
  ];
  it.each(cases)("$claim", ({ who, others = [], subject = {}, why }) => {
    expect(refuseApprover(who, { ...SUBJECT, ...subject }, [who, ...others])).toBe(why);
  });

  it("refuses a person the configuration does not know", () => {
    expect(refuseApprover(ana, SUBJECT, [bob])).toBe("operator_is_nobody");
  });

  it("excludes by what the configuration says of a person, not by what the caller brings", () => {
    const intern = person("ana", { groups: ["treasury", "interns"] });
    expect(refuseApprover(ana, { ...SUBJECT, ...asking({ exclude: ["interns"] }) }, [intern])).toBe("is_excluded");
    expect(refuseApprover(ana, SUBJECT, [person("ana", { owns: ["finance-*"] })])).toBe("is_owner");
  });
});
