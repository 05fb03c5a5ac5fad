import { nextOccurrence, parseSchedule } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { type Decision, decideOccurrences, type NextOccurrence, type TaskTiming } from './decide-occurrences.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const noon = Date.UTC(2026, 10, 24, 12);

const every =
  (intervalMs: number): NextOccurrence =>
  (afterMs) =>
    Math.floor(afterMs / intervalMs) * intervalMs + intervalMs;
const never: NextOccurrence = () => null;
const noJitter = () => 0;

/** A task of every minute, computed, due at noon. */
const aTask = (overrides: Partial<TaskTiming> = {}): TaskTiming => ({
  revision: 1,
  computedRevision: 1,
  nextRunAtMs: noon,
  nextJitterMs: 0,
  lastRunAtMs: null,
  updatedAtMs: noon - hour,
  startAtMs: null,
  endAtMs: null,
  misfirePolicy: 'skip',
  misfireMax: null,
  catchUpWindowSeconds: 86_400,
  ...overrides,
});

const decide = (task: TaskTiming, nowMs: number, next = every(minute)) => decideOccurrences(task, next, noJitter, nowMs);

/** Decides and stores until nothing is due any more, as the scheduler does; answers every occurrence with what became of it. */
function decideAll(task: TaskTiming, nowMs: number, next = every(minute), jitterOf: (dueMs: number) => number = noJitter) {
  const occurrences: Decision['occurrences'] = [];
  for (let current = task; ; ) {
    const decision = decideOccurrences(current, next, jitterOf, nowMs);
    occurrences.push(...decision.occurrences);
    const { nextRunAtMs, nextJitterMs, lastRunAtMs } = decision;
    current = { ...current, computedRevision: current.revision, nextRunAtMs, nextJitterMs, lastRunAtMs };
    if (nextRunAtMs === null || nextRunAtMs > nowMs) return { occurrences, next: decision };
  }
}

const runs = (occurrences: Decision['occurrences']) =>
  occurrences.filter(({ skipReason }) => skipReason === null).map(({ dueMs }) => dueMs);

test('before its time nothing happens', () => {
  expect(decide(aTask(), noon - 1)).toMatchObject({ occurrences: [], nextRunAtMs: noon, state: 'active' });
});

test('at its time an occurrence runs, and the next one is known', () => {
  expect(decide(aTask(), noon)).toEqual({
    occurrences: [{ dueMs: noon, skipReason: null }],
    nextRunAtMs: noon + minute,
    nextJitterMs: 0,
    lastRunAtMs: noon,
    state: 'active',
    stateReason: null,
  });
});

test.each([
  [10 * second, null],
  [10 * second + 1, 'misfire'],
])('an occurrence that is taken up %s ms late: %s', (lateMs, skipReason) => {
  expect(decide(aTask(), noon + lateMs).occurrences).toEqual([{ dueMs: noon, skipReason }]);
});

test.each([
  ['skip', null, 0],
  ['fire_once', null, 1],
  ['fire_all', 10, 10],
  ['fire_all', null, 100],
  ['fire_all', 1_000, 180],
])(
  '3 hours down over a task of every minute, back at second 30: %s (%s) gives %s runs, the newest, and rows for the rest',
  (misfirePolicy, misfireMax, count) => {
    const task = aTask({ nextRunAtMs: noon - 3 * hour + minute, misfirePolicy, misfireMax });
    const { occurrences, next } = decideAll(task, noon + 30 * second);
    expect(occurrences.map(({ dueMs }) => dueMs)).toEqual(Array.from({ length: 180 }, (_, at) => noon - 3 * hour + (at + 1) * minute));
    expect(runs(occurrences)).toEqual(occurrences.slice(180 - count).map(({ dueMs }) => dueMs));
    expect(occurrences.filter(({ skipReason }) => skipReason !== null).every(({ skipReason }) => skipReason === 'misfire')).toBe(true);
    expect(next).toMatchObject({ nextRunAtMs: noon + minute, lastRunAtMs: count === 0 ? null : noon });
  },
);

test.each([
  ['skip', [noon]],
  ['fire_once', [noon - minute, noon]],
  ['fire_all', [noon - 2 * minute, noon - minute, noon]],
])('an occurrence that is on time runs beside what the policy %s makes of those before it', (misfirePolicy, expected) => {
  const { occurrences } = decideAll(aTask({ nextRunAtMs: noon - 5 * minute, misfirePolicy, misfireMax: 2 }), noon + second);
  expect(occurrences).toHaveLength(6);
  expect(runs(occurrences)).toEqual(expected);
});

test('the policy makes up only for what lies in the catch-up window', () => {
  const task = aTask({ nextRunAtMs: noon - hour, misfirePolicy: 'fire_all', misfireMax: 100, catchUpWindowSeconds: 300 });
  const { occurrences } = decideAll(task, noon + 30 * second);
  expect(occurrences).toHaveLength(61);
  expect(runs(occurrences)).toEqual([4, 3, 2, 1, 0].map((ago) => noon - ago * minute));
});

test.each([12, 61, 62, 200, 249, 250, 251, 260, 511, 3_621])(
  'a backlog of %s occurrences is decided in parts, each once, and only the newest run',
  (count) => {
    const nowMs = noon + 20 * second;
    const task = aTask({ nextRunAtMs: nowMs - (count - 1) * second, misfirePolicy: 'fire_all', misfireMax: 50 });
    const { occurrences } = decideAll(task, nowMs, every(second));
    const dues = Array.from({ length: count }, (_, at) => nowMs - (count - 1 - at) * second);
    expect(occurrences.map(({ dueMs }) => dueMs)).toEqual(dues);
    // 11 are on time, and 50 misfires are made up for.
    expect(runs(occurrences)).toEqual(dues.slice(-61));
  },
);

test('one decision is bounded, whatever the backlog', () => {
  const task = aTask({ nextRunAtMs: noon - 24 * hour, misfirePolicy: 'fire_all', misfireMax: 1_000_000 });
  expect(decide(task, noon, every(second)).occurrences.length).toBeLessThanOrEqual(1_200);
});

test.each<[string, Partial<TaskTiming>, number]>([
  ['a new task', { computedRevision: null, nextRunAtMs: null, updatedAtMs: noon + 5 * second }, noon + minute],
  ['a task that was edited', { revision: 2, nextRunAtMs: noon - hour, updatedAtMs: noon + 90 * second }, noon + 2 * minute],
  ['a task that was edited just before its time', { revision: 2, updatedAtMs: noon - 1 }, noon],
  ['a task that was edited at its time', { revision: 2, updatedAtMs: noon }, noon + minute],
  ['a task that has run meanwhile', { revision: 2, updatedAtMs: noon - hour, lastRunAtMs: noon + minute }, noon + 2 * minute],
  ['a task that starts later', { computedRevision: null, nextRunAtMs: null, startAtMs: noon + hour }, noon + hour],
])('%s fires nothing that was due before: its next run is computed', (_, overrides, nextRunAtMs) => {
  expect(decide(aTask(overrides), noon + 3 * hour)).toMatchObject({ occurrences: [], nextRunAtMs, state: 'active', stateReason: null });
});

test('the last occurrence may be at its end, and after it the task has ended', () => {
  const ending = aTask({ endAtMs: noon + minute });
  expect(decide(ending, noon)).toMatchObject({ nextRunAtMs: noon + minute, state: 'active' });
  const last = decide({ ...ending, nextRunAtMs: noon + minute }, noon + minute);
  expect(last).toMatchObject({ nextRunAtMs: null, state: 'ended', stateReason: 'end_at' });
  expect(last.occurrences).toEqual([{ dueMs: noon + minute, skipReason: null }]);
});

test('a task that ends before it starts has ended', () => {
  const task = aTask({ computedRevision: null, nextRunAtMs: null, startAtMs: noon + hour, endAtMs: noon });
  expect(decide(task, noon)).toMatchObject({ occurrences: [], nextRunAtMs: null, state: 'ended', stateReason: 'end_at' });
});

test('a schedule that stops having occurrences ends in an error, after what was due', () => {
  expect(decide(aTask(), noon, never)).toMatchObject({
    occurrences: [{ dueMs: noon, skipReason: null }],
    nextRunAtMs: null,
    state: 'error',
    stateReason: 'no_more_occurrences',
  });
  expect(decide(aTask({ computedRevision: null, nextRunAtMs: null }), noon, never)).toMatchObject({ state: 'error' });
});

test('an edit takes a task out of its error', () => {
  expect(decide(aTask({ revision: 2, nextRunAtMs: null, updatedAtMs: noon }), noon)).toMatchObject({
    nextRunAtMs: noon + minute,
    state: 'active',
  });
});

test('what the calculation throws is thrown', () => {
  const broken: NextOccurrence = () => {
    throw new Error('loop limit exceeded');
  };
  expect(() => decide(aTask(), noon, broken)).toThrow('loop limit exceeded');
});

test('deciding again at another time changes nothing of what was decided: each occurrence has its due time only', () => {
  const task = aTask({ nextRunAtMs: noon - 10 * minute });
  const early = decideAll(task, noon - 5 * minute).occurrences;
  const late = decideAll(task, noon).occurrences;
  expect(late.slice(0, early.length).map(({ dueMs }) => dueMs)).toEqual(early.map(({ dueMs }) => dueMs));
});

test('an occurrence that waits for the jitter of the one before it is no misfire', () => {
  const jitterOf = (dueMs: number) => (dueMs === noon ? 45 * second : 0);
  const task = aTask({ nextRunAtMs: noon - 10 * second, nextJitterMs: 0 });
  const { occurrences } = decideAll(task, noon - 10 * second, every(10 * second), jitterOf);
  expect(occurrences).toHaveLength(1);
  const waiting = aTask({ nextRunAtMs: noon + 45 * second, nextJitterMs: 45 * second });
  const { occurrences: released } = decideAll(waiting, noon + 45 * second, every(10 * second), jitterOf);
  expect(runs(released)).toEqual([0, 10, 20, 30, 40].map((after) => noon + after * second));
});

test('a local time that comes twice, or not at all, runs once', () => {
  const parsed = parseSchedule('30 2 * * *', 'Europe/Berlin');
  if (!parsed.ok) throw new Error(parsed.message);
  const next: NextOccurrence = (afterMs) => nextOccurrence(parsed.schedule, afterMs);
  const from = (month: number, day: number) =>
    aTask({ computedRevision: null, nextRunAtMs: null, updatedAtMs: Date.UTC(2026, month, day, 12) });
  const dues = (task: TaskTiming, days: number) =>
    decideAll(task, task.updatedAtMs + days * 24 * hour, next).occurrences.map(({ dueMs }) => new Date(dueMs).toISOString());
  expect(dues(from(9, 23), 3)).toEqual(['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  expect(dues(from(2, 27), 3)).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
});
