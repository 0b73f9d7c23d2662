/** One counter's values by their labels, or one histogram's. Adding costs one joined key and one look-up. */
export type Series<Value> = {
  /** The value under these labels, given in the order of the table's; beyond the limit all share one of `other`. */
  readonly at: (labels: readonly string[]) => Value;
  readonly all: () => Iterable<{ readonly labels: readonly string[]; readonly value: Value }>;
};

const SERIES_MAX = 2_000;
export const OTHER = "other";

export function createSeries<Value>(create: () => Value): Series<Value> {
  const rows = new Map<string, { readonly labels: readonly string[]; readonly value: Value }>();
  return {
    at: function findSeries(labels) {
      const key = labels.join("\n");
      const row = rows.get(key);
      if (row !== undefined) return row.value;
      if (rows.size >= SERIES_MAX && labels.some((label) => label !== OTHER)) return findSeries(labels.map(() => OTHER));
      const added = { labels: [...labels], value: create() };
      rows.set(key, added);
      return added.value;
    },
    all: () => rows.values(),
  };
}
