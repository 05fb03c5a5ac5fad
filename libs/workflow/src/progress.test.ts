import { expect, test } from 'vitest';
import { progressOf } from './progress.ts';

test.each<[finished: number, all: number, isCompleted: boolean, percent: number]>([
  [0, 3, false, 0],
  [1, 3, false, 33],
  [2, 3, false, 66],
  [3, 3, false, 99],
  [199, 200, false, 99],
  [1, 1_000, false, 0],
  [5, 3, false, 99],
  [0, 0, false, 0],
  [0, 0, true, 100],
  [1, 3, true, 100],
  [3, 3, true, 100],
])('%i of %i, completed %s: %i %%', (finished, all, isCompleted, percent) => {
  expect(progressOf(finished, all, isCompleted)).toBe(percent);
});
