import { deserialize, serialize } from 'node:v8';
import { type Codec, type ExecutionLog, type LogEntryType, logEntryTypes, type Topic } from '@millrace/messages';
import { expect, test } from 'vitest';
import { now } from '../test/instance-builders.ts';
import type { Entry } from './instance/entries.ts';
import { createLogRecords } from './log-records.ts';

type Distribute<E, T> = E extends Entry ? (T extends E['type'] ? E : never) : never;
type EntryOf<T extends Entry['type']> = Distribute<Entry, T>;
type Whole<E> = E extends { detail: infer D } ? E & { detail: Required<D> } : E;

const header = { seq: 1, at: now };
const action = { ...header, action_id: 7, action_name: 'tag', action_type: 'add_tag' };
const event = {
  event_id: 'e-1',
  event_type: 'lead_created',
  entity_type: 'lead',
  entity_id: 'lead-1',
  occurred_at: new Date(now).toISOString(),
  source: 'crm',
  bulk_id: null,
  causation: null,
  data: {},
  previous: null,
};
const until = new Date(now).toISOString();

/** One of each type, with all that its type allows: a type or a key that is added to the engine is missing here, or in the contract. */
const entries: { [T in Entry['type']]: Whole<EntryOf<T>> } = {
  instance_started: {
    ...header,
    type: 'instance_started',
    status: 'running',
    detail: {
      event,
      triggered_by: 'event',
      triggered_by_value: 'e-1',
      trigger_id: 3,
      now,
      task: { id: 1, type: 'report', config: {}, revision: 1, max_retries: 0, retry_delay_seconds: 0 },
      origin: { topic: 'crm.events', partition: 0, offset: 1 },
    },
  },
  instance_completed: { ...header, type: 'instance_completed', status: 'completed', reason: 'done' },
  instance_failed: { ...header, type: 'instance_failed', status: 'failed', reason: 'http_500' },
  instance_cancelled: { ...header, type: 'instance_cancelled', status: 'cancelled', reason: 'requested' },
  cancel_requested: { ...header, type: 'cancel_requested', reason: 'requested', detail: { requested_by: 'user' } },
  event_received: { ...header, type: 'event_received', detail: { event } },
  retry_requested: {
    ...header,
    type: 'retry_requested',
    status: 'running',
    detail: { requested_by: 'user', row_version: 1, workflow_version: 1 },
  },
  run_retried: { ...header, type: 'run_retried', status: 'running', reason: 'http_500', attempt: 1, detail: { retry_at: until } },
  arm_taken: { ...action, type: 'arm_taken', status: 'running', detail: { arm: 'a' } },
  wait_started: { ...action, type: 'wait_started', status: 'running', detail: { until, event_name: 'replied' } },
  delay_started: { ...action, type: 'delay_started', status: 'pending', detail: { until } },
  action_started: { ...action, type: 'action_started', status: 'running', attempt: 1, detail: { deadline: until } },
  attempt_failed: {
    ...{ ...action, type: 'attempt_failed', status: 'running', attempt: 1, error_code: 'http_500', error_message: 'Expected success' },
    ...{ duration_ms: 1, detail: { retry_at: until } },
  },
  action_completed: {
    ...{ ...action, type: 'action_completed', status: 'completed', attempt: 1, duration_ms: 1 },
    detail: { input: {}, output: {} },
  },
  action_failed: {
    ...{ ...action, type: 'action_failed', status: 'failed', attempt: 1, error_code: 'http_500', error_message: 'Expected success' },
    ...{ duration_ms: 1, detail: { input: {} } },
  },
  action_skipped: { ...action, type: 'action_skipped', status: 'skipped', reason: 'condition_false' },
  action_unknown: { ...action, type: 'action_unknown', status: 'unknown', attempt: 1, reason: 'timeout' },
  action_cancelled: { ...action, type: 'action_cancelled', status: 'cancelled', reason: 'instance_failed' },
};

const contract: Record<string, LogEntryType> = logEntryTypes;
const codec = { encode: (_: Topic<unknown>, value: unknown) => serialize(value) } as Codec;
const row = { id: '0'.repeat(32), tenantId: 'acme', entityType: 'lead', entityId: 'lead-1' } as Parameters<typeof createLogRecords>[1];

test('the contract has the types that the engine writes, and no others', () => {
  expect(Object.keys(contract).sort()).toEqual(Object.keys(entries).sort());
});

test.each(Object.values(entries) as Entry[])('the contract says of $type what the engine writes', async (entry) => {
  const [record] = await createLogRecords(codec, row, [entry], undefined);
  const [written] = (deserialize(record?.value as Buffer) as ExecutionLog).entries;
  const { detail, statusOf } = contract[entry.type] as LogEntryType;
  expect(Object.keys(written?.detail ? JSON.parse(written.detail) : {}).sort()).toEqual(Object.keys(detail).sort());
  expect(written?.status === null).toBe(statusOf === 'none');
  expect(written?.action_id !== null).toBe(statusOf === 'action');
});
