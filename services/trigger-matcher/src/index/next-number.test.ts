import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextNumber } from './next-number.ts';

test.each([
  [0, 1, 5e-324],
  [-0, -1, -5e-324],
  [1, 1, 1 + Number.EPSILON],
  [1, -1, 1 - Number.EPSILON / 2],
  [-1, 1, -1 + Number.EPSILON / 2],
  [5e-324, -1, 0],
  [Number.MAX_VALUE, 1, Number.POSITIVE_INFINITY],
] as const)('next to %s in direction %s lies %s', (number, direction, next) => {
  expect(nextNumber(number, direction)).toBe(next);
});

test('there is no number between a number and the next one', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, finite, (number, other) => {
      expect(other > number).toBe(other >= nextNumber(number, 1));
      expect(other < number).toBe(other <= nextNumber(number, -1));
      expect(nextNumber(number, 1)).toBeGreaterThan(number);
      expect(nextNumber(number, -1)).toBeLessThan(number);
    }),
  );
});
