/** A closed interval of numbers and what it stands for; either bound may be infinite. */
export interface Interval<T> {
  low: number;
  high: number;
  item: T;
}

export interface Intervals<T> {
  /** Adds the items of all intervals that hold the number. */
  collect(value: number, into: T[]): void;
}

/**
 * Intervals sorted by their lower bounds. Read as a balanced tree (the middle of each part is its root) in which every root
 * knows the highest upper bound of its part: what lies below the number is never walked through.
 */
export function createIntervals<T>(intervals: readonly Interval<T>[]): Intervals<T> {
  const sorted = [...intervals].sort((a, b) => a.low - b.low || a.high - b.high);
  const highest = new Array<number>(sorted.length);
  const measure = (from: number, to: number): number => {
    if (from >= to) return Number.NEGATIVE_INFINITY;
    const middle = (from + to) >>> 1;
    const high = Math.max((sorted[middle] as Interval<T>).high, measure(from, middle), measure(middle + 1, to));
    highest[middle] = high;
    return high;
  };
  measure(0, sorted.length);

  const walk = (from: number, to: number, value: number, into: T[]): void => {
    const middle = (from + to) >>> 1;
    if (from >= to || (highest[middle] as number) < value) return;
    const { low, high, item } = sorted[middle] as Interval<T>;
    walk(from, middle, value, into);
    if (low > value) return;
    if (high >= value) into.push(item);
    walk(middle + 1, to, value, into);
  };
  return { collect: (value, into) => walk(0, sorted.length, value, into) };
}
