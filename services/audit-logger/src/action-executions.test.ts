import type { ActionExecutionRow } from '@millrace/db';
import type { LogEntry } from '@millrace/messages';
import { expect, test } from 'vitest';
import { anActionEntry, anEntry, instanceOf, itemsOf, now } from '../test/log-entries.ts';
import { foldActionExecutions } from './action-executions.ts';

const fold = (...entries: LogEntry[]): ActionExecutionRow | undefined => foldActionExecutions(itemsOf({ entries }))[0];
const json = (detail: unknown) => JSON.stringify(detail);

const delay = anActionEntry({ seq: 2, type: 'delay_started', status: 'pending', detail: json({ until: '2026-11-24T10:05:00.000Z' }) });
const failedAttempt = anActionEntry({
  seq: 3,
  type: 'attempt_failed',
  status: 'running',
  attempt: 1,
  error_code: 'timeout',
  error_message: 'Expected an answer',
  duration_ms: 2,
});
const completed = anActionEntry({
  seq: 4,
  type: 'action_completed',
  status: 'completed',
  attempt: 2,
  duration_ms: 1,
  detail: json({ input: { tag: 'hot' }, output: { id: 5 } }),
});

test('the own action of a scheduled task, which has no id, is a row as well', () => {
  const task = { scheduled_task_id: 3, scheduled_for: now, workflow_id: null, workflow_version: null };
  const items = itemsOf({ ...task, entries: [{ ...completed, action_id: null, action_name: 'report', action_type: 'report' }] });
  expect(foldActionExecutions(items)).toMatchObject([{ workflowId: null, actionId: null, actionType: 'report', status: 'completed' }]);
});

test('a completed action is one row with what it did', () => {
  expect(fold(delay, failedAttempt, completed)).toEqual({
    tenantId: 'acme',
    workflowId: 1,
    instanceId: instanceOf(1),
    actionId: 7,
    actionName: 'tag',
    actionType: 'add_tag',
    status: 'completed',
    attempts: 2,
    input: '{"tag":"hot"}',
    result: '{"id":5}',
    errorCode: null,
    errorMessage: null,
    skipReason: null,
    startedAtMs: now + 1,
    completedAtMs: now + 4,
    durationMs: 1,
    lastSeq: 4,
    createdAtMs: now + 2,
    updatedAtMs: now + 4,
  });
});

test.each<[string, LogEntry[], Partial<ActionExecutionRow>]>([
  ['waits for its delay', [delay], { status: 'pending', attempts: null, startedAtMs: null, completedAtMs: null, lastSeq: 2 }],
  [
    'has failed an attempt and is tried again',
    [delay, failedAttempt],
    { status: 'running', attempts: 1, errorCode: 'timeout', errorMessage: 'Expected an answer', startedAtMs: now + 1, completedAtMs: null },
  ],
  [
    'is being called',
    [anActionEntry({ seq: 2, type: 'action_started', status: 'running', attempt: 1 })],
    { status: 'running', attempts: 1, startedAtMs: now + 2, durationMs: null },
  ],
  [
    'waits for an event',
    [anActionEntry({ seq: 2, type: 'wait_started', status: 'running' })],
    { status: 'running', startedAtMs: now + 2, completedAtMs: null },
  ],
  ['has taken an arm', [anActionEntry({ seq: 2, type: 'arm_taken', status: 'running' })], { status: 'running', startedAtMs: now + 2 }],
  [
    'has failed for good',
    [
      anActionEntry({
        seq: 2,
        type: 'action_failed',
        status: 'failed',
        attempt: 1,
        error_code: 'rejected',
        detail: json({ input: { to: 'x' } }),
      }),
    ],
    { status: 'failed', attempts: 1, errorCode: 'rejected', input: '{"to":"x"}', result: null, completedAtMs: now + 2 },
  ],
  [
    'was skipped',
    [anActionEntry({ seq: 2, type: 'action_skipped', status: 'skipped', reason: 'condition_false' })],
    { status: 'skipped', skipReason: 'condition_false', attempts: null, startedAtMs: null, completedAtMs: now + 2 },
  ],
  [
    'ended unknown',
    [anActionEntry({ seq: 2, type: 'action_unknown', status: 'unknown', attempt: 1, reason: 'caller_lost' })],
    { status: 'unknown', skipReason: null, completedAtMs: now + 2 },
  ],
  [
    'was cancelled with its instance',
    [failedAttempt, anActionEntry({ seq: 4, type: 'action_cancelled', status: 'cancelled', reason: 'instance_cancelled' })],
    { status: 'cancelled', attempts: 1, startedAtMs: now + 1, completedAtMs: now + 4 },
  ],
])('an action that %s', (_, entries, expected) => {
  expect(fold(...entries)).toMatchObject(expected);
});

test('entries of the instance, and types that nobody knows, say nothing of actions', () => {
  expect(
    fold(anEntry(), anEntry({ seq: 2, type: 'instance_completed', status: 'completed' }), anActionEntry({ seq: 3, type: 'moon_phase' })),
  ).toBeUndefined();
});

test('each action of each instance has a row of its own', () => {
  const items = [1, 2].flatMap((number) =>
    itemsOf({ instance_id: instanceOf(number), entries: [completed, { ...completed, seq: 5, action_id: 8 }] }),
  );
  expect(foldActionExecutions(items).map(({ instanceId, actionId }) => [instanceId, actionId])).toEqual([
    [instanceOf(1), 7],
    [instanceOf(1), 8],
    [instanceOf(2), 7],
    [instanceOf(2), 8],
  ]);
});
