import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationBucket, durationOf, percentile } from './duration-buckets.ts';

const longestMs = 2_147_483_647;
const aDuration = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.double({ min: 0, max: Math.log(longestMs), noNaN: true }).map((log) => Math.min(longestMs, Math.round(Math.exp(log)))),
);

test('what stands for a bucket is within 5 % of every duration in it', () => {
  fc.assert(
    fc.property(aDuration, (durationMs) => {
      const found = durationOf(durationBucket(durationMs));
      expect(Math.abs(found - durationMs)).toBeLessThanOrEqual(durationMs * 0.05);
    }),
    { numRuns: 5_000 },
  );
});

test('a longer duration is never in an earlier bucket', () => {
  fc.assert(
    fc.property(aDuration, aDuration, (a, b) => {
      if (a <= b) expect(durationBucket(a)).toBeLessThanOrEqual(durationBucket(b));
    }),
  );
});

test.each([0, 1, 2, 9])('%i ms is itself', (durationMs) => {
  expect(durationOf(durationBucket(durationMs))).toBe(durationMs);
});

test('the longest duration, and whatever is longer, has the last bucket, whose number fits its column', () => {
  const last = durationBucket(longestMs);
  expect(last).toBeLessThan(256);
  expect(durationBucket(longestMs * 10)).toBe(last);
});

test('a percentile is within 5 % of the one over the durations themselves', () => {
  fc.assert(
    fc.property(fc.array(aDuration, { minLength: 1, maxLength: 300 }), fc.constantFrom(0.5, 0.95, 0.99, 1), (durations, share) => {
      const counts = new Map<number, number>();
      for (const durationMs of durations) counts.set(durationBucket(durationMs), (counts.get(durationBucket(durationMs)) ?? 0) + 1);
      const exact = durations.toSorted((a, b) => a - b)[Math.ceil(share * durations.length) - 1] as number;
      expect(Math.abs((percentile(counts, share) as number) - exact)).toBeLessThanOrEqual(exact * 0.05);
    }),
  );
});

test('of no durations there is no percentile', () => {
  expect(percentile(new Map(), 0.5)).toBeNull();
});
