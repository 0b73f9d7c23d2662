import type { Decision, DecisionFacts, ShadowVerdict } from "../../core/decision.ts";
import type { google } from "./codec.generated.js";

/** The struct `sluice` for logs, metrics and later filters of the proxy. No secrets, no content. */
export function encodeMetadata(decision: Decision): google.protobuf.IStruct {
  const { facts } = decision;
  const fields = {
    decision: text(decision.kind),
    class: text(decision.kind === "deny" ? decision.class : null),
    code: text(decision.kind === "allow" || decision.kind === "sanitize" ? null : decision.code),
    rule: text(decision.rule),
    ...factFields(facts),
    // No body is edited yet, so there is nothing for ext_proc to do on any answer.
    inspect: SKIP,
    plan: NULL,
  };
  return { fields: { sluice: { structValue: { fields } } } };
}

function factFields(facts: DecisionFacts): Record<string, google.protobuf.IValue> {
  return {
    decision_id: text(facts.id),
    tenant: text(facts.tenant),
    agent: text(facts.agent),
    policy_revision: text(facts.policyRevision),
    shadow: facts.shadow === null ? NULL : shadowValue(facts.shadow),
    cost_micros: facts.costMicros === null ? NULL : { numberValue: facts.costMicros },
    hold: text(facts.hold),
  };
}

function shadowValue(shadow: ShadowVerdict): google.protobuf.IValue {
  const { decision, code, rule } = shadow;
  return { structValue: { fields: { decision: text(decision), class: text(shadow.class), code: text(code), rule: text(rule) } } };
}

/** A proto string must be UTF-8, or the proxy takes the whole answer for an error. */
function text(value: string | null): google.protobuf.IValue {
  return value === null ? NULL : { stringValue: value.toWellFormed() };
}

const NULL: google.protobuf.IValue = { nullValue: 0 };
const SKIP: google.protobuf.IValue = { stringValue: "skip" };
