import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT, ATTR_URL_SCHEME } from "@opentelemetry/semantic-conventions";
import type { DecisionOutcome } from "../core/observer.ts";

/** What a span says of a decision (contract section 6). Names and numbers only: never a path, a header or a body. */
export function spanAttributes(outcome: DecisionOutcome): Attributes {
  const { decision, intent } = outcome;
  const { facts } = decision;
  const goes = decision.kind === "allow" || decision.kind === "sanitize";
  return present({
    "sluice.tenant": facts.tenant,
    "sluice.agent": facts.agent,
    "sluice.decision": decision.kind,
    "sluice.class": decision.kind === "deny" ? decision.class : null,
    "sluice.code": goes ? null : decision.code,
    "sluice.rule": decision.rule,
    "sluice.rules": outcome.rules.map((hit) => hit.rule),
    "sluice.policy.name": facts.policyName,
    "sluice.policy.revision": facts.policyRevision,
    "sluice.mode": outcome.mode,
    "sluice.session": outcome.session,
    "sluice.cost_micros": facts.costMicros,
    "gen_ai.agent.id": facts.agent,
    "gen_ai.request.model": intent?.model.kind === "known" ? intent.model.name : null,
    "gen_ai.tool.name": intent?.tool.kind === "known" ? intent.tool.name : null,
    [ATTR_SERVER_ADDRESS]: intent?.target.hostname ?? null,
    [ATTR_SERVER_PORT]: intent?.target.port ?? null,
    [ATTR_URL_SCHEME]: intent?.target.scheme ?? null,
  });
}

function present(values: Readonly<Record<string, AttributeValue | null>>): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(values)) if (value !== null) attributes[name] = value;
  return attributes;
}
