import type { Decision, DecisionFacts } from "../../../src/core/decision.ts";
import type { Intent } from "../../../src/core/intent.ts";
import { type Money, parseCurrency, parseMicros } from "../../../src/core/money.ts";
import type { DecisionOutcome } from "../../../src/core/observer.ts";

export const CANARY = "canary-4111111111111111";

const FACTS: DecisionFacts = {
  id: "01JD6Q3Z8W0000000000000000",
  tenant: "default",
  agent: "finance-7",
  policyName: "payments",
  policyRevision: "7",
  shadow: null,
  costMicros: 1_200,
  hold: null,
};

function usd(micros: number): Money {
  const money = { currency: parseCurrency("usd"), micros: parseMicros(micros) };
  if (money.currency === null || money.micros === null) throw new Error("no amount");
  return { currency: money.currency, micros: money.micros };
}

/** A payment whose path, query, arguments and changes carry the canary. */
export function sampleIntent(change: Partial<Intent> = {}): Intent {
  return {
    protocol: "http",
    target: {
      scheme: "https",
      host: "api.pay.example",
      hostname: "api.pay.example",
      port: 443,
      path: `/v1/payments/${CANARY}`,
      segments: ["v1", "payments", CANARY],
      query: [{ raw: `card=${CANARY}`, key: "card", value: CANARY }],
      text: `/v1/payments/${CANARY}?card=${CANARY}`,
      rewritten: { path: false, authority: false },
      private: false,
    },
    tool: { kind: "known", name: "payments.create" },
    operation: { kind: "none" },
    model: { kind: "known", name: "small-1" },
    args: { card: CANARY },
    bindings: { id: CANARY },
    amount: usd(40_000_000),
    cost: usd(1_200),
    amountExpected: true,
    ...change,
  };
}

export function allowed(facts: Partial<DecisionFacts> = {}): Decision {
  const changes = { path: `/v1?card=${CANARY}`, authority: null, set: [{ name: "authorization", value: CANARY }], remove: [] };
  return { kind: "allow", rule: "payments/small", changes, facts: { ...FACTS, ...facts } };
}

export function denied(deny: "fault" | "limit" | "malformed", facts: Partial<DecisionFacts> = {}): Decision {
  const refusal = { kind: "deny", message: "m", hint: "h", rule: null, facts: { ...FACTS, ...facts } } as const;
  if (deny === "malformed") return { ...refusal, class: deny, code: "path_ambiguous" };
  return { ...refusal, class: deny, code: deny === "fault" ? "deadline_exceeded" : "rate_exceeded", retryAfterMs: 1_000 };
}

export function sampleOutcome(change: Partial<DecisionOutcome> = {}): DecisionOutcome {
  return {
    decision: allowed(),
    mode: "enforce",
    session: "s-1",
    intent: sampleIntent(),
    rules: [{ rule: "payments/small", effect: "allow", mode: "enforce" }],
    identity: "ok",
    us: 61,
    ...change,
  };
}
