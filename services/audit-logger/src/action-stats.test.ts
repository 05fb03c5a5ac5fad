import type { ActionStatRow } from '@millrace/db';
import type { LogEntry } from '@millrace/messages';
import { expect, test } from 'vitest';
import { anActionEntry, anEntry, instanceOf, itemsOf, now } from '../test/log-entries.ts';
import { foldActionStats } from './action-stats.ts';
import { foldInstanceStats } from './instance-stats.ts';

const dayMs = 86_400_000;
const midnightMs = now - (now % dayMs);
const fold = (...entries: LogEntry[]) => foldActionStats(itemsOf({ entries }));

const aRow = (overrides: Partial<ActionStatRow>): ActionStatRow => ({
  tenantId: 'acme',
  startsAtMs: midnightMs,
  workflowId: 1,
  version: 1,
  actionId: 7,
  outcome: 'completed',
  arm: '',
  bucket: 0,
  entries: 1,
  durationMs: 0,
  ...overrides,
});

test('durations are counted by bucket, of what completed', () => {
  const ended = (type: string, seq: number, duration_ms: number) => anActionEntry({ seq, type, duration_ms });
  expect(fold(ended('action_completed', 2, 1), ended('action_completed', 3, 1), ended('action_failed', 4, 900))).toEqual([
    aRow({ bucket: 1, entries: 2, durationMs: 2 }),
    aRow({ outcome: 'failed' }),
  ]);
});

test('an arm is counted by its name', () => {
  const taken = (seq: number, arm: string) => anActionEntry({ seq, type: 'arm_taken', detail: JSON.stringify({ arm }) });
  expect(fold(taken(2, 'b'), taken(3, 'a'), taken(4, 'b'))).toEqual([
    aRow({ outcome: 'arm', arm: 'a' }),
    aRow({ outcome: 'arm', arm: 'b', entries: 2 }),
  ]);
});

test('how long an instance took to complete is counted as action 0, where its end tells it', () => {
  expect(fold(anEntry({ seq: 2, type: 'instance_completed', duration_ms: 2 }))).toEqual([aRow({ actionId: 0, bucket: 2, durationMs: 2 })]);
  expect(fold(anEntry({ seq: 2, type: 'instance_completed' }), anEntry({ seq: 3, type: 'instance_failed', duration_ms: 2 }))).toEqual([]);
});

test('types that nobody knows, and runs without a workflow, have no roll-up of actions', () => {
  expect(fold(anActionEntry({ seq: 2, type: 'moon_phase' }), anActionEntry({ seq: 3, type: 'constructor' }))).toEqual([]);
  const run = { workflow_id: null, workflow_version: null, entries: [anEntry(), anEntry({ seq: 2, type: 'constructor' })] };
  expect(foldActionStats(itemsOf(run))).toEqual([]);
  expect(foldInstanceStats(itemsOf(run)).map(({ period, workflowId, started }) => [period, workflowId, started])).toEqual([
    ['all', 0, 1],
    ['day', 0, 1],
    ['hour', 0, 1],
  ]);
});

test('an arm that is no JSON is its record’s fault', () => {
  expect(() => fold(anActionEntry({ seq: 2, type: 'arm_taken', detail: '{' }))).toThrow(SyntaxError);
});

test('rows come sorted by the key of their table, so that two writers can’t deadlock', () => {
  const items = [3, 1, 2].flatMap((number) =>
    itemsOf({
      tenant_id: number === 2 ? 'b' : 'a',
      instance_id: instanceOf(number),
      workflow_id: number,
      entries: [anEntry({ at: now + number * dayMs }), anActionEntry({ seq: 2, type: 'action_completed', at: now + number * dayMs })],
    }),
  );
  expect(foldActionStats(items).map(({ tenantId, workflowId }) => [tenantId, workflowId])).toEqual([
    ['a', 1],
    ['a', 3],
    ['b', 2],
  ]);
  expect(foldInstanceStats(items).map(({ tenantId, period, workflowId }) => `${tenantId} ${period} ${workflowId}`)).toEqual([
    ...['a all 0', 'a all 1', 'a all 3', 'a day 0', 'a day 1', 'a day 0', 'a day 3', 'a hour 0', 'a hour 1', 'a hour 0', 'a hour 3'],
    ...['b all 0', 'b all 2', 'b day 0', 'b day 2', 'b hour 0', 'b hour 2'],
  ]);
});
