import { COUNTERS, HISTOGRAMS } from "./metric-table.ts";
import { createSeries, type Series } from "./series.ts";

type CounterMetric = keyof typeof COUNTERS;
type HistogramMetric = keyof typeof HISTOGRAMS;

type Count = { value: number };
type Distribution = { count: number; sum: number; readonly buckets: number[] };
/** Read when somebody asks: one value for each set of labels that there is then. */
type Gauge = {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: () => readonly GaugeValue[];
};

export type GaugeValue = { readonly labels: readonly string[]; readonly value: number };

/** The process's own counters, kept as cheaply as can be and read when somebody asks. */
export type Metrics = {
  /** @param labels in the order of the table. */
  readonly add: (name: CounterMetric, labels: readonly string[], by?: number) => void;
  readonly observe: (name: HistogramMetric, labels: readonly string[], seconds: number) => void;
  readonly addGauge: (gauge: Gauge) => void;
  readonly counters: ReadonlyMap<CounterMetric, Series<Count>>;
  readonly histograms: ReadonlyMap<HistogramMetric, Series<Distribution>>;
  readonly gauges: readonly Gauge[];
};

export function createMetrics(): Metrics {
  const counters = new Map(namesOf(COUNTERS).map((name) => [name, createSeries<Count>(() => ({ value: 0 }))]));
  const histograms = new Map(namesOf(HISTOGRAMS).map((name) => [name, createSeries(() => createDistribution(name))]));
  const gauges: Gauge[] = [];
  // A counter without labels is there from the start, so that its first increase is one.
  for (const [name, series] of counters) if (COUNTERS[name].labels.length === 0) series.at([]);
  return {
    add: function addToCounter(name, labels, by = 1) {
      const count = counters.get(name)?.at(labels);
      if (count !== undefined) count.value += by;
    },
    observe: function observeValue(name, labels, seconds) {
      const distribution = histograms.get(name)?.at(labels);
      if (distribution === undefined || !(seconds >= 0)) return;
      const over = HISTOGRAMS[name].buckets.findIndex((bound) => seconds <= bound);
      const bucket = over < 0 ? HISTOGRAMS[name].buckets.length : over;
      distribution.buckets[bucket] = (distribution.buckets[bucket] ?? 0) + 1;
      distribution.count++;
      distribution.sum += seconds;
    },
    addGauge: function addGauge(gauge) {
      gauges.push(gauge);
    },
    counters,
    histograms,
    gauges,
  };
}

function createDistribution(name: HistogramMetric): Distribution {
  return { count: 0, sum: 0, buckets: new Array<number>(HISTOGRAMS[name].buckets.length + 1).fill(0) };
}

function namesOf<Table extends object>(table: Table): (keyof Table)[] {
  // The tables are literals: their keys are all there are.
  return Object.keys(table) as (keyof Table)[];
}
