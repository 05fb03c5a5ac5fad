import { percentile } from '@millrace/db';
import { z } from 'zod';
import { count } from './instance-counts.ts';

const milliseconds = z.number().min(0).nullable();

/** How long what completed took, in ms; null where nothing did. The percentiles are within 5 %: they come from buckets. */
export const durationsSchema = z.strictObject({ count, mean: milliseconds, p50: milliseconds, p95: milliseconds });

/** Durations as they are counted: how many fall into each bucket, and their sum. */
export class Durations {
  readonly #countByBucket = new Map<number, number>();
  #count = 0;
  #sumMs = 0;

  add(bucket: number, entries: number, sumMs: number): void {
    this.#countByBucket.set(bucket, (this.#countByBucket.get(bucket) ?? 0) + entries);
    this.#count += entries;
    this.#sumMs += sumMs;
  }

  view(): z.input<typeof durationsSchema> {
    return {
      count: this.#count,
      mean: this.#count === 0 ? null : Math.round((this.#sumMs / this.#count) * 10) / 10,
      p50: percentile(this.#countByBucket, 0.5),
      p95: percentile(this.#countByBucket, 0.95),
    };
  }
}
