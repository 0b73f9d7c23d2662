import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTelemetry, type Telemetry, type TelemetryOptions } from "../../../src/telemetry/create-telemetry.ts";
import { type Collector, startCollector } from "./otlp-collector.ts";
import { allowed, CANARY, denied, sampleOutcome } from "./sample-outcomes.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const ENVOY = `00-${TRACE}-b7ad6b7169203331-01`;
const ENVOY_UNSAMPLED = `00-${TRACE}-b7ad6b7169203331-00`;
const AGENT = "00-11112222333344445555666677778888-aaaabbbbccccdddd-01";
const KIND_SERVER = 2;
const STATUS_ERROR = 2;

let collector: Collector;
beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => collector.close());

function create(options: Partial<TelemetryOptions> = {}): Telemetry {
  const otlp = { endpoint: collector.endpoint, protocol: "grpc" } as const;
  return createTelemetry({ otlp, sample: 0, logLevel: "error", serviceName: "sluice", destination: { write: () => {} }, ...options });
}

async function exportOne(options: { parent: string | null; agent?: string | null; outcome?: ReturnType<typeof sampleOutcome> }) {
  const telemetry = create();
  const trace = telemetry.observer.startDecision(options.parent, options.agent ?? null);
  trace.end(options.outcome ?? sampleOutcome());
  await telemetry.close();
  return { ids: trace.ids, spans: collector.spans() };
}

describe("what is not exported", () => {
  it.each([
    ["Envoy's trace is not sampled", ENVOY_UNSAMPLED, null],
    ["only the agent asks for it", null, AGENT],
    ["the agent asks for it against Envoy", ENVOY_UNSAMPLED, AGENT],
    ["Envoy's header is malformed", "00-xyz-01", null],
  ])("is a span when %s", async (_why, parent, agent) => {
    expect((await exportOne({ parent, agent })).spans).toEqual([]);
  });

  it("is a span beyond an agent's share, which is counted", async () => {
    const telemetry = create({ nowMs: () => 0 });
    for (let i = 0; i < 130; i++) telemetry.observer.startDecision(ENVOY, null).end(sampleOutcome());
    telemetry.observer.startDecision(ENVOY, null).end(sampleOutcome({ decision: allowed({ agent: "other" }) }));
    await telemetry.close();
    expect(collector.spans()).toHaveLength(101);
    expect(await telemetry.metricsText()).toContain('sluice_spans_lost_total{reason="agent_cap"} 30');
  });

  it("is anything of the call's content", async () => {
    const { spans } = await exportOne({ parent: ENVOY });
    expect(spans).toHaveLength(1);
    expect(collector.bytes().includes(CANARY)).toBe(false);
  });

  it("is lost aloud when the collector refuses it", async () => {
    const refusing = await startCollector(true);
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const telemetry = create({ otlp: { endpoint: refusing.endpoint, protocol: "grpc" }, logLevel: "info", destination });
    telemetry.observer.startDecision(ENVOY, null).end(sampleOutcome());
    await telemetry.close();
    refusing.close();
    const text = await telemetry.metricsText();
    expect(text).toContain('sluice_spans_lost_total{reason="export"} 1');
    expect(text).toContain('sluice_faults_total{dependency="otlp",action="dropped"} 1');
    expect(lines.map((line) => JSON.parse(line).dependency)).toEqual(["otlp"]);
  });
});

describe("the span of a decision", () => {
  it("is a server span, child of Envoy's, with the agent's trace as a link alone", async () => {
    const { ids, spans } = await exportOne({ parent: ENVOY, agent: AGENT });
    expect(spans).toEqual([
      {
        name: "sluice.check",
        kind: KIND_SERVER,
        traceId: TRACE,
        spanId: ids?.spanId,
        parentSpanId: "b7ad6b7169203331",
        links: [{ traceId: "11112222333344445555666677778888", spanId: "aaaabbbbccccdddd" }],
        status: { code: 0, message: "" },
        service: "sluice",
        attributes: {
          "sluice.tenant": "default",
          "sluice.agent": "finance-7",
          "sluice.decision": "allow",
          "sluice.rule": "payments/small",
          "sluice.rules": ["payments/small"],
          "sluice.policy.name": "payments",
          "sluice.policy.revision": "7",
          "sluice.mode": "enforce",
          "sluice.session": "s-1",
          "sluice.cost_micros": 1_200,
          "gen_ai.agent.id": "finance-7",
          "gen_ai.request.model": "small-1",
          "gen_ai.tool.name": "payments.create",
          "server.address": "api.pay.example",
          "server.port": 443,
          "url.scheme": "https",
        },
      },
    ]);
    expect(ids?.traceId).toBe(TRACE);
  });

  it.each([
    ["fault", { code: STATUS_ERROR, message: "deadline_exceeded" }],
    ["limit", { code: 0, message: "" }],
    ["malformed", { code: 0, message: "" }],
  ] as const)("of a deny %s has the status %j", async (denyClass, status) => {
    const { spans } = await exportOne({ parent: ENVOY, outcome: sampleOutcome({ decision: denied(denyClass), intent: null }) });
    expect(spans[0]?.status).toEqual(status);
    expect(spans[0]?.attributes).toMatchObject({ "sluice.decision": "deny", "sluice.class": denyClass });
  });

  it("begins a trace of its own where Envoy does not trace, at the ratio", async () => {
    const draws = [0.009, 0.01];
    const telemetry = create({ sample: 0.01, random: () => draws.shift() ?? 1 });
    const sampled = telemetry.observer.startDecision(null, AGENT);
    const passed = telemetry.observer.startDecision(null, AGENT);
    sampled.end(sampleOutcome());
    passed.end(sampleOutcome());
    await telemetry.close();
    expect(collector.spans()).toMatchObject([{ ...sampled.ids, parentSpanId: "" }]);
    expect(sampled.ids?.traceId).not.toBe("11112222333344445555666677778888");
    expect(passed.ids).toBeNull();
  });
});

describe("the ids that records carry", () => {
  it.each([
    ["with a collector", {}],
    ["without one", { otlp: null }],
  ])("are those of Envoy's span where ours is not recorded, %s", async (_how, options) => {
    const telemetry = create(options);
    expect(telemetry.observer.startDecision(ENVOY_UNSAMPLED, AGENT).ids).toMatchObject({ traceId: TRACE, spanId: "b7ad6b7169203331" });
    expect(telemetry.observer.startDecision(null, AGENT).ids).toBeNull();
    await telemetry.close();
  });
});
