import type { ApprovalSubject } from "../core/approval.ts";
import type { Operator, Person, Role } from "../core/person.ts";

export type NotAllowed =
  | "role_missing"
  | "tenant_not_covered"
  | "operator_is_nobody"
  | "operator_is_ambiguous"
  | "not_in_group"
  | "requester_is_nobody"
  | "is_requester"
  | "is_owner"
  | "is_excluded";

export const ANSWERING_ROLES: readonly Role[] = ["approver", "admin"];

export type ApproverResult =
  | { readonly kind: "person"; readonly person: Person }
  | { readonly kind: "not_allowed"; readonly why: NotAllowed };

/** The one person behind an operator's credential, if that credential may answer for this tenant at all. */
export function findApprover(operator: Operator, tenant: string, people: readonly Person[]): ApproverResult {
  if (!ANSWERING_ROLES.some((role) => operator.roles.has(role))) return notAllowed("role_missing");
  if (operator.tenants !== "all" && !operator.tenants.includes(tenant)) return notAllowed("tenant_not_covered");
  const persons = people.filter((person) => person.operator === operator.name);
  const [person] = persons;
  if (person === undefined) return notAllowed("operator_is_nobody");
  return persons.length === 1 ? { kind: "person", person } : notAllowed("operator_is_ambiguous");
}

/**
 * Why this person may not answer for this call, or null. Who asked and who owns the agent never may; a principal who is
 * none of `people` could be the one who answers, so nobody may (threats.md 29).
 */
export function refuseApprover(person: Person, subject: ApprovalSubject, people: readonly Person[]): NotAllowed | null {
  const principals = people.filter((one) => subject.subject !== null && one.subjects.includes(subject.subject));
  if (subject.subject !== null && principals.length === 0) return "requester_is_nobody";
  const own = people.filter((one) => one.name === person.name);
  if (own.length === 0) return "operator_is_nobody";
  if (principals.some((one) => own.includes(one)) || own.some((one) => one.subjects.includes(subject.agent))) return "is_requester";
  if (own.some((one) => one.owns.some((pattern) => coversName(pattern, subject.agent)))) return "is_owner";
  const { requirement } = subject;
  if (requirement.exclude.includes(person.name) || own.some((one) => isInAny(one, requirement.exclude))) return "is_excluded";
  return isInAny(person, requirement.from) || requirement.people.includes(person.name) ? null : "not_in_group";
}

function isInAny(person: Person, groups: readonly string[]): boolean {
  return person.groups.some((group) => groups.includes(group));
}

function coversName(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function notAllowed(why: NotAllowed): ApproverResult {
  return { kind: "not_allowed", why };
}
