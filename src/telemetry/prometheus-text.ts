import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { emptyResource } from "@opentelemetry/resources";
import { AggregationTemporality, DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { COUNTERS, HISTOGRAMS } from "./metric-table.ts";
import type { Metrics } from "./metrics.ts";

// Prometheus text carries no times.
const NO_TIME: HrTime = [0, 0];
const TIMES = { startTime: NO_TIME, endTime: NO_TIME };

/** All metrics in Prometheus' text format, written by OpenTelemetry's serializer. */
export function prometheusText(metrics: Metrics): string {
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const all = [...counterData(metrics), ...histogramData(metrics), ...gaugeData(metrics)].filter((data) => data.dataPoints.length > 0);
  return serializer.serialize({ resource: emptyResource(), scopeMetrics: [{ scope: { name: "sluice" }, metrics: all }] });
}

function counterData({ counters }: Metrics): MetricData[] {
  return [...counters].map(([name, series]) => ({
    ...describe(name, COUNTERS[name].help),
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: [...series.all()].map(({ labels, value }) => ({
      ...TIMES,
      attributes: attributesOf(COUNTERS[name].labels, labels),
      value: value.value,
    })),
  }));
}

function histogramData({ histograms }: Metrics): MetricData[] {
  return [...histograms].map(([name, series]) => ({
    ...describe(name, HISTOGRAMS[name].help),
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [...series.all()].map(({ labels, value }) => ({
      ...TIMES,
      attributes: attributesOf(HISTOGRAMS[name].labels, labels),
      value: {
        count: value.count,
        sum: value.sum,
        buckets: { boundaries: [...HISTOGRAMS[name].buckets], counts: value.buckets },
      },
    })),
  }));
}

function gaugeData({ gauges }: Metrics): MetricData[] {
  return gauges.map(({ name, help, labels, read }) => ({
    ...describe(name, help),
    dataPointType: DataPointType.GAUGE,
    dataPoints: read().map((one) => ({ ...TIMES, attributes: attributesOf(labels, one.labels), value: one.value })),
  }));
}

function describe(name: string, help: string) {
  return {
    descriptor: { name, description: help, unit: "", valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  } as const;
}

function attributesOf(names: readonly string[], values: readonly string[]): Attributes {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]));
}
