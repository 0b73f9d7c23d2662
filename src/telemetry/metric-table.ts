import type { CounterName } from "../core/observer.ts";

type CounterRow = { readonly help: string; readonly labels: readonly string[] };

/** Every counter with its labels (contract section 6). A label that is not named here is not exported. */
export const COUNTERS = {
  sluice_decisions_total: { help: "Decisions made.", labels: ["tenant", "decision", "class", "code", "mode"] },
  sluice_rule_hits_total: { help: "Rules that decided a call.", labels: ["tenant", "policy", "rule", "effect", "mode"] },
  sluice_shadow_decisions_total: {
    help: "Decisions that would have been different had shadow been enforced.",
    labels: ["tenant", "actual", "would"],
  },
  sluice_spend_usd_total: { help: "US dollars that calls moved or cost.", labels: ["tenant", "agent", "tool", "model", "kind"] },
  sluice_identity_checks_total: { help: "Tokens looked at, by what came of it.", labels: ["result"] },
  sluice_token_cache_hits_total: { help: "Tokens that were verified before.", labels: [] },
  sluice_receipts_total: { help: "Receipts stored.", labels: ["sink"] },
  sluice_receipts_dropped_total: { help: "Receipts lost because a sink did not take them.", labels: ["sink"] },
  sluice_receipt_bytes_total: { help: "Bytes of receipts stored.", labels: ["sink"] },
  sluice_policy_load_failures_total: { help: "Policies that could not be loaded.", labels: ["tenant", "source", "code"] },
  sluice_policy_slow_calls_total: { help: "Calls whose rules took longer than their budget.", labels: ["policy"] },
  sluice_faults_total: { help: "Things that failed, by what was done about it.", labels: ["dependency", "action"] },
  sluice_spans_lost_total: { help: "Spans that were not exported.", labels: ["reason"] },
} as const satisfies Record<CounterName | `sluice_${string}_total`, CounterRow>;

const DURATION_BUCKETS = [0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const;

export const HISTOGRAMS = {
  sluice_decision_duration_seconds: { help: "From the decoded request to the decision.", labels: [], buckets: DURATION_BUCKETS },
  sluice_step_duration_seconds: { help: "One step of the decision.", labels: ["step"], buckets: DURATION_BUCKETS },
} as const satisfies Record<string, CounterRow & { readonly buckets: readonly number[] }>;
