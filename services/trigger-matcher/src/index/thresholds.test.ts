import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createThresholds } from './thresholds.ts';

const number = fc.constantFrom(-3, -1, 0, 1, 2, 3.5, 10);

test('a range is told all thresholds in it, each once', () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 60 }), number, number, (given, low, high) => {
      const found: number[] = [];
      createThresholds(given.map((threshold, item) => ({ threshold, item }))).collect(low, high, found);
      expect(found.sort((a, b) => a - b)).toEqual(
        given.flatMap((threshold, item) => (low <= threshold && threshold <= high ? [item] : [])),
      );
    }),
    { numRuns: 2_000 },
  );
});
