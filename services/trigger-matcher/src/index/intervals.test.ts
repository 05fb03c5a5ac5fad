import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIntervals } from './intervals.ts';

const bound = fc.constantFrom(Number.NEGATIVE_INFINITY, -3, -1, 0, 1, 2, 3.5, 10, Number.POSITIVE_INFINITY);
const intervals = fc.array(fc.record({ low: bound, high: bound }), { maxLength: 60 });

test('a number is told all intervals that hold it, each once', () => {
  fc.assert(
    fc.property(intervals, bound, (given, value) => {
      const found: number[] = [];
      createIntervals(given.map(({ low, high }, item) => ({ low, high, item }))).collect(value, found);
      const expected = given.flatMap(({ low, high }, item) => (low <= value && value <= high ? [item] : []));
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});
