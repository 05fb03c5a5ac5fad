import { expect, test } from 'vitest';
import { anAction, aVersion, now } from '../test/instance-builders.ts';
import { StartRate } from './start-rate.ts';
import type { CompiledVersion } from './version-cache.ts';

const hourMs = 3_600_000;
const versionOf = (actionType: string, id = 7) =>
  ({ version: aVersion([anAction({ action_type: actionType })], { id }) }) as CompiledVersion;
const looping = versionOf('update_lead');
const aRow = (id: string, createdAtMs = now, entityId = 'lead-1') => ({ id, entityType: 'lead', entityId, createdAtMs });

/** Starts one instance after the other, and says which were one too many. */
function start(rate: StartRate, rows: ReturnType<typeof aRow>[], version = looping): boolean[] {
  return rows.map((row) => {
    const isExceeded = rate.isExceeded(row, version);
    if (!isExceeded) rate.count(row, version);
    return isExceeded;
  });
}

test('as many starts an hour as allowed are no loop; the next is', () => {
  expect(start(new StartRate(2), [aRow('a'), aRow('b'), aRow('c'), aRow('d')])).toEqual([false, false, true, true]);
});

test('a start that comes again is no other start, and has the same answer', () => {
  expect(start(new StartRate(2), [aRow('a'), aRow('a'), aRow('a'), aRow('b'), aRow('a'), aRow('c'), aRow('b')])).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
    false,
  ]);
});

test('what started more than an hour ago no longer counts', () => {
  const rate = new StartRate(2);
  expect(start(rate, [aRow('a', now), aRow('b', now + hourMs / 2), aRow('c', now + hourMs - 1), aRow('d', now + hourMs)])).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test('entities and workflows count for themselves', () => {
  const rate = new StartRate(1);
  expect(start(rate, [aRow('a'), aRow('b', now, 'lead-2')])).toEqual([false, false]);
  expect(start(rate, [aRow('c')], versionOf('update_lead', 8))).toEqual([false]);
  expect(start(rate, [aRow('d')])).toEqual([true]);
});

test('an entity is remembered over the starts of very many others, of which the oldest are forgotten', () => {
  const rate = new StartRate(1);
  const crowd = (count: number) => Array.from({ length: count }, (_, index) => aRow(`other-${index}`, now, `lead-${index + 10}`));
  start(rate, [aRow('a')]);
  start(rate, crowd(50_000));
  expect(start(rate, [aRow('b')])).toEqual([true]);
  start(rate, crowd(110_000));
  expect(start(rate, [aRow('c')])).toEqual([false]);
});

test.each([
  ['send_email', 1, false],
  ['http_request', 1, false],
  ['create_task', 1, true],
  ['add_tag', 1, true],
  ['emit_event', 1, true],
  ['start_workflow', 1, true],
  ['update_lead', 0, false],
])('only workflows that can change what triggers them are guarded, and only where a rate is set: %s, %i', (actionType, rate, expected) => {
  const answers = start(new StartRate(rate), [aRow('a'), aRow('b')], versionOf(actionType));
  expect(answers.at(-1)).toBe(expected);
});
