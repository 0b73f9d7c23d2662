import { type Link, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, type Tracer, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { ATTR_SERVICE_NAME } from "@opentelemetry/semantic-conventions";
import type { DecisionOutcome, TraceIds } from "../core/observer.ts";
import { spanAttributes } from "./span-attributes.ts";
import { parseTraceparent, type TraceParent } from "./traceparent.ts";

/** Spans of decisions. Whether one is recorded follows Envoy's own flag, or the ratio where Envoy does not trace. */
export type Spans = {
  readonly start: (parent: string | null, agent: string | null) => OpenSpan;
  readonly close: () => Promise<void>;
};

/** Without a span of ours the ids are those of Envoy's span, and null where Envoy does not trace. */
type OpenSpan = { readonly ids: TraceIds | null; readonly span: Span | null };

export type SpansOptions = {
  /** `http://host:port`, or `https:` for TLS. */
  readonly endpoint: string;
  readonly sample: number;
  readonly serviceName: string;
  /** 0 … 1, the draw against `sample`. */
  readonly random: () => number;
  /** Spans that the collector did not take. */
  readonly onLost: (spans: number) => void;
};

const NOT_RECORDED: OpenSpan = { ids: null, span: null };
const EXPORT_TIMEOUT_MS = 5_000;
const SPAN_NAME = "sluice.check";

export function createSpans({ endpoint, sample, serviceName, random, onLost }: SpansOptions): Spans {
  const exporter = new OTLPTraceExporter({ url: endpoint, timeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: serviceName }),
    spanProcessors: [new BatchSpanProcessor({ exporter: reportLost(exporter, onLost), exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
  });
  const tracer = provider.getTracer("sluice");
  return {
    start: function startSpan(parentText, agentText) {
      const parent = parseTraceparent(parentText);
      if (parent === null) return random() < sample ? startRecorded(tracer, null, agentText) : NOT_RECORDED;
      return parent.sampled ? startRecorded(tracer, parent, agentText) : { ids: parent, span: null };
    },
    close: () => provider.shutdown(),
  };
}

/** Where nothing is exported, records still carry the ids of Envoy's trace. */
export function createNoSpans(): Spans {
  return {
    start: function startNothing(parentText) {
      const parent = parseTraceparent(parentText);
      return parent === null ? NOT_RECORDED : { ids: parent, span: null };
    },
    close: async () => {},
  };
}

/** Error status is for faults alone: a deny is a good answer. */
export function endSpan(span: Span, outcome: DecisionOutcome): void {
  const { decision } = outcome;
  span.setAttributes(spanAttributes(outcome));
  if (decision.kind === "deny" && decision.class === "fault") span.setStatus({ code: SpanStatusCode.ERROR, message: decision.code });
  span.end();
}

function startRecorded(tracer: Tracer, parent: TraceParent | null, agentText: string | null): OpenSpan {
  const context = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, toSpanContext(parent));
  const agent = parseTraceparent(agentText);
  const links: Link[] = agent === null ? [] : [{ context: toSpanContext(agent) }];
  const span = tracer.startSpan(SPAN_NAME, { kind: SpanKind.SERVER, links }, context);
  const { traceId, spanId } = span.spanContext();
  return { ids: { traceId, spanId }, span };
}

function toSpanContext(parent: TraceParent) {
  const traceFlags = parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return { traceId: parent.traceId, spanId: parent.spanId, traceFlags, isRemote: true };
}

function reportLost(exporter: SpanExporter, onLost: (spans: number) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) onLost(spans.length);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
