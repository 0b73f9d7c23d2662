import type { CaseOutcome } from "../compile/cases.ts";

/** How a case's answer changed, what lets most through first. */
export const CASE_CHANGES = {
  "deny → allow": { widens: true },
  "approval → allow": { widens: true },
  "deny → approval": { widens: true },
  "less taken out": { widens: true },
  "fewer limits": { widens: true },
  "more taken out": { widens: false },
  "more limits": { widens: false },
  "approval → deny": { widens: false },
  "allow → approval": { widens: false },
  "allow → deny": { widens: false },
  /** The same decision by another rule or with another code. */
  "told otherwise": { widens: false },
} as const satisfies Record<string, { readonly widens: boolean }>;

export type CaseChange = keyof typeof CASE_CHANGES;

/** How the second answer to one call differs from the first; null where it does not. */
export function compareOutcomes(was: CaseOutcome, is: CaseOutcome): CaseChange | null {
  const [before, after] = [GOES[was.decision], GOES[is.decision]];
  if (before === "deny" && after !== "deny") return after === "allow" ? "deny → allow" : "deny → approval";
  if (before === "approval" && after !== "approval") return after === "allow" ? "approval → allow" : "approval → deny";
  if (before === "allow" && after !== "allow") return after === "approval" ? "allow → approval" : "allow → deny";
  const lost = (one: readonly string[], other: readonly string[]) => one.some((name) => !other.includes(name));
  if (before !== "deny" && lost(was.redactions, is.redactions)) return "less taken out";
  if (before !== "deny" && lost(was.limits, is.limits)) return "fewer limits";
  if (before !== "deny" && lost(is.redactions, was.redactions)) return "more taken out";
  if (before !== "deny" && lost(is.limits, was.limits)) return "more limits";
  return was.rule === is.rule && was.code === is.code && was.class === is.class ? null : "told otherwise";
}

const GOES = { deny: "deny", approval_needed: "approval", sanitize: "allow", allow: "allow" } as const satisfies Record<
  CaseOutcome["decision"],
  string
>;
