import type { ScheduledExecutionRow } from '@millrace/db';
import type { LogEntry } from '@millrace/messages';
import { expect, test } from 'vitest';
import { anActionEntry, anEntry, instanceOf, itemsOf, now } from '../test/log-entries.ts';
import { foldScheduledExecutions } from './scheduled-executions.ts';

const dueMs = now - 5;
const fold = (entries: LogEntry[], header: { workflow_id?: number | null } = {}): ScheduledExecutionRow | undefined =>
  foldScheduledExecutions(itemsOf({ scheduled_task_id: 9, scheduled_for: dueMs, entries, ...header }))[0];

const started = anEntry({ status: 'running' });
const end = (status: 'completed' | 'failed' | 'cancelled', overrides: Partial<LogEntry> = {}) =>
  anEntry({ seq: 5, type: `instance_${status}`, status, ...overrides });

test('a run that has started is a row', () => {
  expect(fold([started])).toEqual({
    taskId: 9,
    tenantId: 'acme',
    instanceId: instanceOf(1),
    scheduledForMs: dueMs,
    status: 'running',
    skipReason: null,
    startedAtMs: now + 1,
    completedAtMs: null,
    output: null,
    errorMessage: null,
    lastSeq: 1,
    createdAtMs: now + 1,
  });
});

test.each<[string, LogEntry[], Partial<ScheduledExecutionRow>]>([
  ['has completed', [started, end('completed')], { status: 'completed', startedAtMs: now + 1, completedAtMs: now + 5, errorMessage: null }],
  ['has failed', [started, end('failed', { reason: 'timeout' })], { status: 'failed', errorMessage: 'timeout', skipReason: null }],
  [
    'was skipped: it was cancelled at its start',
    [started, end('cancelled', { seq: 2, reason: 'misfire' })],
    { status: 'cancelled', skipReason: 'misfire', errorMessage: null, completedAtMs: now + 2 },
  ],
  [
    'was cancelled by hand, with a reason of any length',
    [started, anEntry({ seq: 2, type: 'cancel_requested' }), end('cancelled', { seq: 3, reason: 'x'.repeat(500) })],
    { status: 'cancelled', skipReason: null, errorMessage: 'x'.repeat(500) },
  ],
  [
    'is tried again by its task',
    [started, anEntry({ seq: 2, type: 'run_retried', status: 'running', reason: 'timeout', attempt: 1 })],
    { status: 'running', completedAtMs: null, lastSeq: 2 },
  ],
  [
    'is tried again by hand after it has failed',
    [started, end('failed', { reason: 'timeout' }), anEntry({ seq: 6, type: 'retry_requested', status: 'running' })],
    { status: 'running', completedAtMs: null, errorMessage: null, lastSeq: 6 },
  ],
])('a run that %s', (_, entries, expected) => {
  expect(fold(entries)).toMatchObject(expected);
});

const failure = anActionEntry({
  seq: 4,
  type: 'action_failed',
  status: 'failed',
  action_id: null,
  error_code: 'http_status',
  error_message: 'Expected 2xx, but got 404',
});

test('a run that an action failed says what that said', () => {
  const row = fold([started, failure, end('failed', { reason: 'http_status' })], { workflow_id: null });
  expect(row).toMatchObject({ status: 'failed', errorMessage: 'http_status: Expected 2xx, but got 404' });
});

test('a failure that is not the end’s cause is not its error', () => {
  expect(fold([started, failure, end('failed', { reason: 'no plan' })])).toMatchObject({ errorMessage: 'no plan' });
  expect(fold([started, failure, end('cancelled', { reason: 'http_status' })])).toMatchObject({ errorMessage: 'http_status' });
  expect(fold([started, failure, end('completed')])).toMatchObject({ status: 'completed', errorMessage: null });
});

test('a run that is tried again keeps the error of no earlier try', () => {
  const again = anEntry({ seq: 5, type: 'run_retried', status: 'running', reason: 'http_status', attempt: 1 });
  expect(fold([started, failure, again])).toMatchObject({ status: 'running', errorMessage: null });
  const done = anActionEntry({ seq: 6, type: 'action_completed', status: 'completed', action_id: null, detail: '{"output":{"rows":3}}' });
  const row = fold([started, failure, again, done, end('completed', { seq: 7 })], { workflow_id: null });
  expect(row).toMatchObject({ status: 'completed', errorMessage: null, output: '{"rows":3}', lastSeq: 7 });
});

test("a task's own action gives the run its output, a workflow's actions don't", () => {
  const action = anActionEntry({ seq: 2, type: 'action_completed', status: 'completed', action_id: null, detail: '{"output":{"rows":3}}' });
  expect(fold([started, action, end('completed')], { workflow_id: null })).toMatchObject({ status: 'completed', output: '{"rows":3}' });
  expect(fold([started, action, end('completed')])).toMatchObject({ status: 'completed', output: null });
});

test('an instance that no task has started is no run', () => {
  expect(foldScheduledExecutions(itemsOf())).toEqual([]);
});

test('an end that comes alone leaves the start open', () => {
  expect(fold([end('completed')])).toMatchObject({ status: 'completed', startedAtMs: null, completedAtMs: now + 5 });
});
