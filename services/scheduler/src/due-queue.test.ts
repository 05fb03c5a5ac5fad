import type { DueInstance } from '@millrace/db';
import { expect, test } from 'vitest';
import { createDueQueue, type DueQueue } from './due-queue.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const all = Number.POSITIVE_INFINITY;

const aRow = (id: string, overrides: Partial<DueInstance> = {}): DueInstance => ({
  id,
  tenantId: 'acme',
  entityType: 'lead',
  entityId: 'lead-1',
  rowVersion: 1,
  wakeAtMs: noon,
  ...overrides,
});
const take = (queue: DueQueue, nowMs: number, monotonicMs = 0, limit = all) => queue.takeDue(nowMs, monotonicMs, limit).map(({ id }) => id);

/** A queue that has sent row `a`, version 1, at monotonic time 0. */
function hasSent(): DueQueue {
  const queue = createDueQueue();
  queue.refresh([aRow('a')], true, 0);
  expect(take(queue, noon)).toEqual(['a']);
  return queue;
}

test('rows are taken at their millisecond, not before', () => {
  const queue = createDueQueue();
  queue.refresh([aRow('a', { wakeAtMs: noon }), aRow('b', { wakeAtMs: noon + 5 })], true, 0);
  expect([queue.nextDueMs(), queue.waiting]).toEqual([noon, 2]);
  expect(take(queue, noon - 1)).toEqual([]);
  expect(take(queue, noon)).toEqual(['a']);
  expect([queue.nextDueMs(), queue.waiting]).toEqual([noon + 5, 1]);
  expect(take(queue, noon + 60_000)).toEqual(['b']);
  expect([queue.nextDueMs(), queue.waiting]).toEqual([null, 0]);
});

test('no more are taken than asked for', () => {
  const queue = createDueQueue();
  queue.refresh(
    ['a', 'b', 'c'].map((id) => aRow(id)),
    true,
    0,
  );
  expect(take(queue, noon, 0, 2)).toEqual(['a', 'b']);
  expect(take(queue, noon, 0, 2)).toEqual(['c']);
});

test.each([
  [0, []],
  [9_999, []],
  [10_000, ['a']],
])('a row that was sent and is still there as it was is sent again after 10 s: %s ms later %j', (laterMs, expected) => {
  const queue = hasSent();
  queue.refresh([aRow('a')], true, laterMs);
  expect(take(queue, noon, laterMs)).toEqual(expected);
});

test('refreshing often does not make the 10 s longer', () => {
  const queue = hasSent();
  for (let atMs = 500; atMs < 10_000; atMs += 500) queue.refresh([aRow('a')], true, atMs);
  queue.refresh([aRow('a')], true, 10_000);
  expect(take(queue, noon, 10_000)).toEqual(['a']);
});

test('a row that has moved on is sent at once, though its older version was just sent', () => {
  const queue = hasSent();
  queue.refresh([aRow('a', { rowVersion: 2 })], true, 1);
  expect(take(queue, noon, 1)).toEqual(['a']);
});

test('what could not be sent comes with the next reading', () => {
  const queue = hasSent();
  queue.unsend([aRow('a')]);
  expect(take(queue, noon)).toEqual([]);
  queue.refresh([aRow('a')], true, 1);
  expect(take(queue, noon, 1)).toEqual(['a']);
});

test('a row that is gone is forgotten', () => {
  const queue = hasSent();
  queue.refresh([], true, 1);
  queue.refresh([aRow('a')], true, 2);
  expect(take(queue, noon, 2)).toEqual(['a']);
});

test('beyond a full page nothing is forgotten: the row may be on the next one', () => {
  const queue = hasSent();
  queue.refresh([aRow('b')], false, 1);
  queue.refresh([aRow('a'), aRow('b')], true, 2);
  expect(take(queue, noon, 2)).toEqual(['b']);
});

test('memory is bounded by what is read and by what was sent in the last 10 s', () => {
  const queue = createDueQueue();
  for (let turn = 0; turn < 100; turn++) {
    queue.refresh(
      Array.from({ length: 100 }, (_, at) => aRow(`${turn}-${at}`)),
      false,
      turn * 1_000,
    );
    expect(take(queue, noon, turn * 1_000)).toHaveLength(100);
  }
  queue.refresh([aRow('0-0'), aRow('95-0')], false, 100_000);
  expect(take(queue, noon, 100_000)).toEqual(['0-0']);
});
