import { generateKeyPairSync } from "node:crypto";
import type { Clock } from "../../../src/core/clock.ts";
import type { SigningKey } from "../../../src/core/keys.ts";
import type { CounterName, Observer } from "../../../src/core/observer.ts";
import { SILENT } from "../../../src/core/observer.ts";
import type { DecisionReceipt } from "../../../src/core/receipt.ts";

export const START_MS = Date.UTC(2026, 10, 21, 10, 15);

export function createKey(kid = "receipts-1"): SigningKey {
  return { kid, ...generateKeyPairSync("ed25519") };
}

export function createTestClock(): Clock & { readonly advance: (ms: number) => void } {
  let nowMs = START_MS;
  return {
    nowMs: () => nowMs,
    monotonicUs: () => nowMs * 1000,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

export type Notes = { readonly logs: string[]; readonly faults: string[]; readonly counts: Map<CounterName, number> };

export function createNotingObserver(): Observer & Notes {
  const notes: Notes = { logs: [], faults: [], counts: new Map() };
  return {
    ...SILENT,
    ...notes,
    log: (level, message) => notes.logs.push(`${level}: ${message}`),
    faulted: (dependency, action) => notes.faults.push(`${dependency} ${action}`),
    count: (name, _labels, by = 1) => notes.counts.set(name, (notes.counts.get(name) ?? 0) + by),
  };
}

export function sampleDecision(change: Partial<DecisionReceipt> = {}): DecisionReceipt {
  const tenant = change.tenant === undefined ? "default" : change.tenant;
  return {
    kind: "decision",
    decision_id: "01JD6Q3Z8W0000000000000000",
    tenant,
    caller:
      tenant === null
        ? null
        : {
            tenant,
            agent: "finance-7",
            subject: "ana@example.com",
            actors: ["planner-1"],
            roles: ["payer"],
            groups: [],
            scope: null,
            labels: { team: "treasury" },
            session: "s-1",
            agentVersion: "1.4.2",
            issuer: "https://issuer.example",
            tokenId: "jti-1",
            credential: "agent_token",
            issuedAt: 1_763_720_000,
          },
    decision: "allow",
    class: null,
    code: null,
    rule: "payments/small",
    reasons: ["Payments up to $5,000 are allowed."],
    unknowns: [],
    mode: "enforce",
    shadow: null,
    policy: { name: "payments", revision: "7", digest: "ab".repeat(32) },
    call: {
      method: "POST",
      scheme: "https",
      host: "api.pay.example",
      port: 443,
      path: "/v1/payments",
      protocol: "http",
      operation: null,
      model: "small-1",
      tool: "payments.create",
      digest: "cd".repeat(32),
      body: "full",
    },
    findings: [{ kind: "pii.ssn", where: "query:ssn", count: 1 }],
    limits: [{ id: "payments/daily", remaining: 4_960_000_000 }],
    cost_micros: 1_200,
    hold: null,
    approval: null,
    obligations: ["remove_header:x-sluice-token"],
    facts: { "args.amount": 40, "tool.name": "payments.create" },
    fault: null,
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    span_id: "b7ad6b7169203331",
    us: 61,
    ...change,
  };
}

export function unidentifiedDenial(change: Partial<DecisionReceipt> = {}): DecisionReceipt {
  return sampleDecision({ tenant: null, decision: "deny", class: "identity", code: "token_missing", rule: null, policy: null, ...change });
}
