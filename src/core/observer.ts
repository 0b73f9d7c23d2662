import type { Decision } from "./decision.ts";
import type { Intent } from "./intent.ts";

/** W3C trace context ids, lower-case hex. */
export type TraceIds = { readonly traceId: string; readonly spanId: string };

/** The span of one decision while it is open. */
export type DecisionTrace = { readonly ids: TraceIds | null; readonly end: (outcome: DecisionOutcome) => void };

export type DecisionOutcome = {
  readonly decision: Decision;
  readonly mode: "enforce" | "shadow";
  readonly session: string | null;
  readonly intent: Intent | null;
  /** Every rule that decided. */
  readonly rules: readonly { readonly rule: string; readonly effect: string; readonly mode: "enforce" | "shadow" }[];
  readonly identity: string;
  readonly us: number;
};

/** What the product tells about itself. Implemented by telemetry; a call never waits for it and it never throws. */
export type Observer = {
  /** @param parent Envoy's traceparent from the gRPC metadata; @param agent the agent's own, only ever a link. */
  readonly startDecision: (parent: string | null, agent: string | null) => DecisionTrace;
  readonly stepTook: (step: string, us: number) => void;
  /** Something failed or was refused by design; `detail` never carries content. */
  readonly faulted: (dependency: string, action: string, detail: string) => void;
  readonly log: (
    level: "debug" | "info" | "warn" | "error",
    message: string,
    fields?: Readonly<Record<string, string | number | boolean | null>>,
  ) => void;
  /** Adds to one of telemetry's counters by its Prometheus name. */
  readonly count: (name: CounterName, labels: Readonly<Record<string, string>>, by?: number) => void;
};

export type CounterName =
  | "sluice_identity_checks_total"
  | "sluice_token_cache_hits_total"
  | "sluice_receipts_total"
  | "sluice_receipts_dropped_total"
  | "sluice_receipt_bytes_total"
  | "sluice_policy_load_failures_total"
  | "sluice_policy_slow_calls_total";

/** For tests and one-off commands: keeps nothing. */
export const SILENT: Observer = {
  startDecision: () => ({ ids: null, end: () => {} }),
  stepTook: () => {},
  faulted: () => {},
  log: () => {},
  count: () => {},
};
