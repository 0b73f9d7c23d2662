import type { Decision, ShadowVerdict } from "../core/decision.ts";
import type { Ruling, ShadowOutcome } from "../core/ruling.ts";
import { isAlwaysRemoved } from "../understanding/header-names.ts";
import type { Running } from "./running.ts";
import type { World } from "./world.ts";

const SEVERITY = { allow: 0, sanitize: 0, approval_needed: 1, deny: 2 } as const;

/** What a tenant in shadow answers: the call goes on with its credentials taken off, whatever was decided. */
export function shadowed(decision: Decision, running: Running, world: World): Decision {
  const { call } = running.progress;
  const remove = [...call.headers.keys()].filter((name) => isAlwaysRemoved(name, world.identityHeaders));
  const changes = { path: null, authority: null, set: [], remove };
  const shadow = decision.kind === "allow" ? decision.facts.shadow : verdictOf(decision);
  return { kind: "allow", rule: decision.rule, changes, facts: { ...decision.facts, shadow } };
}

/** What would have been decided had the rules in shadow been enforced; null when the same. */
export function shadowOfRules(decision: Decision, ruling: Ruling | null): ShadowVerdict | null {
  const strictest = ruling?.shadow[0];
  if (ruling === null || strictest === undefined) return null;
  const unmatched = ruling.kind === "deny" && ruling.by.length === 0;
  if (!unmatched && SEVERITY[strictest.decision] <= SEVERITY[decision.kind]) return null;
  if (unmatched && strictest.decision === "deny") return null;
  return outcomeVerdict(strictest);
}

function outcomeVerdict({ decision, rule, code }: ShadowOutcome): ShadowVerdict {
  return { decision, class: decision === "deny" ? "policy" : null, code: decision === "deny" ? (code ?? "denied_by_rule") : code, rule };
}

function verdictOf(decision: Decision): ShadowVerdict {
  const denied = decision.kind === "deny";
  const refused = denied || decision.kind === "approval_needed";
  return { decision: decision.kind, class: denied ? decision.class : null, code: refused ? decision.code : null, rule: decision.rule };
}
