/** A number and what it stands for. */
export interface Threshold<T> {
  threshold: number;
  item: T;
}

export interface Thresholds<T> {
  /** Adds the items of all thresholds from `low` to `high`, both included. */
  collect(low: number, high: number, into: T[]): void;
}

/** Thresholds, sorted. */
export function createThresholds<T>(thresholds: readonly Threshold<T>[]): Thresholds<T> {
  const sorted = [...thresholds].sort((a, b) => a.threshold - b.threshold);
  return {
    collect(low, high, into) {
      let from = 0;
      for (let to = sorted.length; from < to; ) {
        const middle = (from + to) >>> 1;
        if ((sorted[middle] as Threshold<T>).threshold < low) from = middle + 1;
        else to = middle;
      }
      for (let at = from; at < sorted.length; at++) {
        const { threshold, item } = sorted[at] as Threshold<T>;
        if (threshold > high) return;
        into.push(item);
      }
    },
  };
}
