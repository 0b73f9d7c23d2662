import type { Observer } from "../core/observer.ts";
import { createDecisionCounter } from "./count-decision.ts";
import { createFaultLog } from "./fault-log.ts";
import { createLogs, type LogDestination, type LogLevel } from "./logs.ts";
import { COUNTERS } from "./metric-table.ts";
import { createMetrics, type GaugeValue } from "./metrics.ts";
import { prometheusText } from "./prometheus-text.ts";
import { createSpanCap } from "./span-cap.ts";
import { createNoSpans, createSpans, endSpan } from "./spans.ts";

/** Spans, metrics and logs of one process. Nothing is registered globally. */
export type Telemetry = {
  readonly observer: Observer;
  /** Prometheus' text format. */
  readonly metricsText: () => Promise<string>;
  readonly registerGauge: (name: string, help: string, read: () => number) => void;
  /** A gauge with labels, whose rows come and go. */
  readonly registerGauges: (gauge: {
    readonly name: string;
    readonly help: string;
    readonly labels: readonly string[];
    readonly read: () => readonly GaugeValue[];
  }) => void;
  readonly setLogLevel: (level: LogLevel) => void;
  /** Sends what waits, in bounded time. */
  readonly close: () => Promise<void>;
};

export type TelemetryOptions = {
  /** `http://host:port`, or `https:` for TLS; null exports no spans. */
  readonly otlp: { readonly endpoint: string; readonly protocol: "grpc" } | null;
  /** Share of decisions with a span where Envoy does not trace: 0 … 1. */
  readonly sample: number;
  readonly logLevel: LogLevel;
  readonly serviceName: string;
  readonly destination?: LogDestination;
  readonly nowMs?: () => number;
  readonly random?: () => number;
};

const SPANS_PER_AGENT_AND_SECOND_MAX = 100;
const CLOSE_WITHIN_MS = 3_000;
const US_PER_SECOND = 1_000_000;

export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { otlp, sample, serviceName, nowMs = Date.now, random = Math.random } = options;
  const metrics = createMetrics();
  const logs = createLogs(options.logLevel, serviceName, options.destination ?? null);
  const logFault = createFaultLog(logs.log, nowMs);
  const countDecision = createDecisionCounter(metrics);
  const admitsSpan = createSpanCap(SPANS_PER_AGENT_AND_SECOND_MAX);
  const onLost = (spans: number) => {
    metrics.add("sluice_spans_lost_total", ["export"], spans);
    faulted("otlp", "dropped", "the collector did not take spans");
  };
  const spans = otlp === null ? createNoSpans() : createSpans({ endpoint: otlp.endpoint, sample, serviceName, random, onLost });

  function faulted(dependency: string, action: string, detail: string): void {
    metrics.add("sluice_faults_total", [dependency, action]);
    logFault(dependency, action, detail);
  }

  const observer: Observer = {
    startDecision: function startDecision(parent, agent) {
      const { ids, span } = spans.start(parent, agent);
      if (span === null) return { ids, end: countDecision };
      return {
        ids,
        end: function endDecision(outcome) {
          countDecision(outcome);
          if (admitsSpan(outcome.decision.facts.agent ?? "", nowMs())) endSpan(span, outcome);
          else metrics.add("sluice_spans_lost_total", ["agent_cap"]);
        },
      };
    },
    stepTook: (step, us) => metrics.observe("sluice_step_duration_seconds", [step], us / US_PER_SECOND),
    faulted,
    log: logs.log,
    count: (name, labels, by) =>
      metrics.add(
        name,
        COUNTERS[name].labels.map((label) => labels[label] ?? ""),
        by,
      ),
  };
  return {
    observer,
    metricsText: async () => prometheusText(metrics),
    registerGauge: (name, help, read) => metrics.addGauge({ name, help, labels: [], read: () => [{ labels: [], value: read() }] }),
    registerGauges: metrics.addGauge,
    setLogLevel: logs.setLevel,
    close: async function closeTelemetry() {
      await endsWithin(CLOSE_WITHIN_MS, spans.close());
      await endsWithin(CLOSE_WITHIN_MS, logs.close());
    },
  };
}

/** A collector that is gone, or a pipe nobody reads, must not keep the process. */
async function endsWithin(ms: number, ending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([ending.catch(() => {}), late]);
  clearTimeout(timer);
}
