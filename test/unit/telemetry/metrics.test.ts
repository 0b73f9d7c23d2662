import { describe, expect, it } from "vitest";
import { parseCurrency, parseMicros } from "../../../src/core/money.ts";
import { createTelemetry } from "../../../src/telemetry/create-telemetry.ts";
import { allowed, CANARY, denied, sampleIntent, sampleOutcome } from "./sample-outcomes.ts";

function create() {
  return createTelemetry({ otlp: null, sample: 0, logLevel: "error", serviceName: "sluice", destination: { write: () => {} } });
}

/** Prometheus' text format 0.0.4, strictly: samples by name and labels, types by name. */
function parseText(text: string): { readonly samples: ReadonlyMap<string, number>; readonly types: Readonly<Record<string, string>> } {
  const samples = new Map<string, number>();
  const types: Record<string, string> = {};
  for (const line of text.trimEnd().split("\n")) {
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    const sample = /^([a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})?) (\S+)$/.exec(line);
    if (type?.[1] !== undefined) types[type[1]] = type[2] ?? "";
    else if (sample?.[1] !== undefined && !samples.has(sample[1])) samples.set(sample[1], Number(sample[2]));
    else expect(line).toMatch(/^# HELP [a-z_]+ .+\.$/);
  }
  return { samples, types };
}

describe("metricsText", () => {
  it("has the names, types and labels of the contract", async () => {
    const { observer, metricsText } = create();
    const shadow = { decision: "deny", class: "policy", code: "denied_by_rule", rule: "payments/no" } as const;
    observer.startDecision(null, null).end(sampleOutcome({ decision: allowed({ shadow }), mode: "shadow" }));
    observer.startDecision(null, null).end(sampleOutcome({ decision: denied("limit"), us: 300 }));
    observer.stepTook("decide", 40);
    observer.faulted("policy", "denied", "x");
    observer.count("sluice_identity_checks_total", { result: "ok" });
    observer.count("sluice_token_cache_hits_total", {}, 2);
    observer.count("sluice_receipts_total", { sink: "file" }, 5);
    const { samples, types } = parseText(await metricsText());
    expect(types).toEqual({
      sluice_decisions_total: "counter",
      sluice_rule_hits_total: "counter",
      sluice_shadow_decisions_total: "counter",
      sluice_spend_usd_total: "counter",
      sluice_identity_checks_total: "counter",
      sluice_token_cache_hits_total: "counter",
      sluice_receipts_total: "counter",
      sluice_faults_total: "counter",
      sluice_decision_duration_seconds: "histogram",
      sluice_step_duration_seconds: "histogram",
    });
    expect(Object.fromEntries([...samples].filter(([name]) => !name.includes("_bucket")))).toEqual({
      'sluice_decisions_total{tenant="default",decision="allow",class="",code="",mode="shadow"}': 1,
      'sluice_decisions_total{tenant="default",decision="deny",class="limit",code="rate_exceeded",mode="enforce"}': 1,
      'sluice_rule_hits_total{tenant="default",policy="payments",rule="payments/small",effect="allow",mode="enforce"}': 2,
      'sluice_shadow_decisions_total{tenant="default",actual="allow",would="deny"}': 1,
      'sluice_spend_usd_total{tenant="default",agent="finance-7",tool="payments.create",model="small-1",kind="amount"}': 40,
      'sluice_spend_usd_total{tenant="default",agent="finance-7",tool="payments.create",model="small-1",kind="cost"}': 0.0012,
      'sluice_identity_checks_total{result="ok"}': 1,
      sluice_token_cache_hits_total: 2,
      'sluice_receipts_total{sink="file"}': 5,
      'sluice_faults_total{dependency="policy",action="denied"}': 1,
      sluice_decision_duration_seconds_count: 2,
      sluice_decision_duration_seconds_sum: 0.000361,
      'sluice_step_duration_seconds_count{step="decide"}': 1,
      'sluice_step_duration_seconds_sum{step="decide"}': 0.00004,
    });
  });

  it("tells the rules of a guardrail apart from a policy's of the same name", async () => {
    const { observer, metricsText } = create();
    const rules = ["guardrail:payments/small", "payments/small"].map((rule) => ({ rule, effect: "deny", mode: "enforce" }) as const);
    observer.startDecision(null, null).end(sampleOutcome({ rules }));
    const { samples } = parseText(await metricsText());
    expect([...samples.keys()].filter((name) => name.startsWith("sluice_rule_hits_total"))).toEqual([
      'sluice_rule_hits_total{tenant="default",policy="guardrail:payments",rule="guardrail:payments/small",effect="deny",mode="enforce"}',
      'sluice_rule_hits_total{tenant="default",policy="payments",rule="payments/small",effect="deny",mode="enforce"}',
    ]);
  });

  it("has buckets from 50 µs on, each with all that took no longer", async () => {
    const { observer, metricsText } = create();
    for (const us of [10, 50, 61, 300, 900_000]) observer.startDecision(null, null).end(sampleOutcome({ us }));
    const { samples } = parseText(await metricsText());
    const buckets = [...samples].filter(([name]) => name.startsWith("sluice_decision_duration_seconds_bucket"));
    const at = (le: string) => samples.get(`sluice_decision_duration_seconds_bucket{le="${le}"}`);
    expect(buckets[0]).toEqual(['sluice_decision_duration_seconds_bucket{le="0.00005"}', 2]);
    expect([at("0.0001"), at("0.0002"), at("0.0005"), at("0.5"), at("+Inf")]).toEqual([3, 3, 4, 4, 5]);
    expect(buckets.map(([, count]) => count)).toEqual(buckets.map(([, count]) => count).toSorted((a, b) => a - b));
  });

  it("counts no money of calls that did not go on, of other currencies, or of none", async () => {
    const { observer, metricsText } = create();
    const eur = parseCurrency("eur");
    const micros = parseMicros(1_000_000);
    observer.startDecision(null, null).end(sampleOutcome({ decision: denied("limit") }));
    observer.startDecision(null, null).end(sampleOutcome({ intent: null }));
    if (eur === null || micros === null) throw new Error("no amount");
    const intent = sampleIntent({ amount: { currency: eur, micros }, cost: null });
    observer.startDecision(null, null).end(sampleOutcome({ intent }));
    expect(await metricsText()).not.toContain("sluice_spend_usd_total{");
  });

  it("names the first agents of a tenant and calls the rest other", async () => {
    const { observer, metricsText } = create();
    for (let i = 0; i < 260; i++) observer.startDecision(null, null).end(sampleOutcome({ decision: allowed({ agent: `a${i}` }) }));
    const { samples } = parseText(await metricsText());
    const spend = [...samples].filter(([name]) => name.startsWith("sluice_spend_usd_total") && name.includes('kind="amount"'));
    expect(spend).toHaveLength(201);
    expect(spend.at(-1)).toEqual([
      'sluice_spend_usd_total{tenant="default",agent="other",tool="payments.create",model="small-1",kind="amount"}',
      60 * 40,
    ]);
  });

  it("bounds the series of every metric", async () => {
    const { observer, metricsText } = create();
    for (let i = 0; i < 5_000; i++) observer.faulted("dependency", `action-${i}`, "x");
    const { samples } = parseText(await metricsText());
    const faults = [...samples].filter(([name]) => name.startsWith("sluice_faults_total"));
    expect(faults).toHaveLength(2_001);
    expect(samples.get('sluice_faults_total{dependency="other",action="other"}')).toBe(3_000);
  });

  it("has no label that the table does not name, and escapes what labels hold", async () => {
    const { observer, metricsText } = create();
    observer.count("sluice_identity_checks_total", { result: 'a"b\\c\nd', token: CANARY });
    expect(await metricsText()).toContain('sluice_identity_checks_total{result="a\\"b\\\\c\\nd"} 1');
    expect(await metricsText()).not.toContain(CANARY);
  });

  it("reads gauges when it is asked", async () => {
    const { metricsText, registerGauge } = create();
    let waiting = 3;
    registerGauge("sluice_approvals_pending", "Approvals that wait.", () => waiting);
    expect(await metricsText()).toContain("# TYPE sluice_approvals_pending gauge\nsluice_approvals_pending 3\n");
    waiting = 4;
    expect(await metricsText()).toContain("sluice_approvals_pending 4\n");
  });

  it("says nothing of the call's content", async () => {
    const { observer, metricsText } = create();
    observer.startDecision(null, null).end(sampleOutcome());
    expect(await metricsText()).not.toContain(CANARY);
  });
});
