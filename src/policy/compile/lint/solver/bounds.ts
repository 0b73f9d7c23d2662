/** An interval of numbers; `open` ends are not part of it. */
export type Bounds = {
  readonly low: number;
  readonly isLowOpen: boolean;
  readonly high: number;
  readonly isHighOpen: boolean;
};

export const UNBOUNDED: Bounds = {
  low: Number.NEGATIVE_INFINITY,
  isLowOpen: true,
  high: Number.POSITIVE_INFINITY,
  isHighOpen: true,
};

export type Ordering = "lt" | "le" | "gt" | "ge" | "eq" | "ne";

export function within(low: number, high: number): Bounds {
  return { low, isLowOpen: false, high, isHighOpen: false };
}

/** What of the interval the comparison leaves; `ne` leaves it as it is. */
export function narrow(bounds: Bounds, order: Ordering, value: number): Bounds {
  switch (order) {
    case "lt":
    case "le":
      return lower(bounds, value, order === "lt");
    case "gt":
    case "ge":
      return raise(bounds, value, order === "gt");
    case "eq":
      return raise(lower(bounds, value, false), value, false);
    case "ne":
      return bounds;
  }
}

function lower(bounds: Bounds, value: number, isOpen: boolean): Bounds {
  const isTighter = value < bounds.high || (value === bounds.high && isOpen);
  return isTighter ? { ...bounds, high: value, isHighOpen: isOpen } : bounds;
}

function raise(bounds: Bounds, value: number, isOpen: boolean): Bounds {
  const isTighter = value > bounds.low || (value === bounds.low && isOpen);
  return isTighter ? { ...bounds, low: value, isLowOpen: isOpen } : bounds;
}

/** Whether no number but those in `except` lies in the interval. */
export function isEmpty({ low, isLowOpen, high, isHighOpen }: Bounds, except: readonly number[]): boolean {
  if (low > high) return true;
  return low === high && (isLowOpen || isHighOpen || except.includes(low));
}

const COUNTED_MAX = 64;

/** The same for whole numbers. */
export function hasNoWhole(bounds: Bounds, except: readonly number[]): boolean {
  const { low, high } = wholes(bounds);
  if (low > high) return true;
  if (high - low >= COUNTED_MAX) return false;
  for (let value = low; value <= high; value++) if (!except.includes(value)) return false;
  return true;
}

/** The whole numbers of the interval, by the first and the last. */
export function wholes({ low, isLowOpen, high, isHighOpen }: Bounds): { readonly low: number; readonly high: number } {
  return {
    low: Number.isInteger(low) && isLowOpen ? low + 1 : Math.ceil(low),
    high: Number.isInteger(high) && isHighOpen ? high - 1 : Math.floor(high),
  };
}
