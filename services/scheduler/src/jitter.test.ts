import { expect, test } from 'vitest';
import { decideOccurrences, type TaskTiming } from './decide-occurrences.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 24, 12);
const everyMinute = (afterMs: number) => Math.floor(afterMs / minute) * minute + minute;
const jitterOf = (dueMs: number) => ((dueMs / minute) % 3) * 20_000;

const aTask = (overrides: Partial<TaskTiming> = {}): TaskTiming => ({
  revision: 1,
  computedRevision: 1,
  nextRunAtMs: noon,
  nextJitterMs: 0,
  lastRunAtMs: null,
  updatedAtMs: noon - minute,
  startAtMs: null,
  endAtMs: null,
  misfirePolicy: 'skip',
  misfireMax: null,
  catchUpWindowSeconds: 86_400,
  ...overrides,
});

test('an occurrence is taken up after its jitter, keeps its own due time, and the next follows from that', () => {
  const first = decideOccurrences(aTask({ computedRevision: null }), everyMinute, jitterOf, noon);
  const dueMs = (first.nextRunAtMs as number) - first.nextJitterMs;
  expect(first).toMatchObject({ occurrences: [], nextJitterMs: jitterOf(dueMs) });

  const waiting = aTask({ nextRunAtMs: first.nextRunAtMs, nextJitterMs: first.nextJitterMs });
  expect(decideOccurrences(waiting, everyMinute, jitterOf, dueMs + first.nextJitterMs - 1).occurrences).toEqual([]);
  const taken = decideOccurrences(waiting, everyMinute, jitterOf, dueMs + first.nextJitterMs);
  expect(taken.occurrences).toEqual([{ dueMs, skipReason: null }]);
  expect((taken.nextRunAtMs as number) - taken.nextJitterMs).toBe(dueMs + minute);
});

test('what jitter delays is no misfire', () => {
  const jittered = aTask({ nextRunAtMs: noon + 40_000, nextJitterMs: 40_000 });
  expect(decideOccurrences(jittered, everyMinute, jitterOf, noon + 45_000).occurrences).toEqual([{ dueMs: noon, skipReason: null }]);
});

test('a jitter longer than the interval keeps every occurrence, in order', () => {
  const taken = decideOccurrences(aTask(), everyMinute, () => 90_000, noon + 5 * minute);
  expect(taken.occurrences.map(({ dueMs }) => dueMs)).toEqual([noon, noon + minute, noon + 2 * minute, noon + 3 * minute]);
});
