/** The largest duration that an entry tells, ms; longer ones are told as this. */
const longestMs = 2_147_483_647;

/** The least duration of each bucket, ms. Whole numbers: the small ones have a bucket each. */
const bounds = boundsOf();

function boundsOf(): number[] {
  const found = [0, 1];
  for (let low = 1; low <= longestMs; found.push(low)) low = Math.floor(low * 1.1) + 1;
  return found;
}

/** The bucket that a duration in ms falls into, from 0 on. The largest of a bucket is at most 1.1 times its least. */
export function durationBucket(durationMs: number): number {
  let low = 0;
  let high = bounds.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bounds[middle] as number) <= durationMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What stands for every duration in a bucket, ms: no more than 5 % away from any of them, rounding to a tenth included. */
export function durationOf(bucket: number): number {
  const least = bounds[bucket] as number;
  const most = (bounds[bucket + 1] as number) - 1;
  return least === most ? least : Math.round((20 * least * most) / (least + most)) / 10;
}

/**
 * The duration in ms that a share (0 to 1] of the durations doesn't exceed (the nearest rank), within 5 %; null where there are none.
 * `countByBucket` says how many durations fall into each bucket.
 */
export function percentile(countByBucket: ReadonlyMap<number, number>, share: number): number | null {
  const buckets = [...countByBucket].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  let rank = Math.ceil(share * total);
  for (const [bucket, count] of buckets) {
    rank -= count;
    if (rank <= 0 && count > 0) return durationOf(bucket);
  }
  return null;
}
