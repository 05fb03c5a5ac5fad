import { deserialize, serialize } from 'node:v8';
import type { Codec, CrmEvent, Topic } from '@millrace/messages';
import { topics } from '@millrace/messages';
import { expect, test } from 'vitest';
import { aDraft } from '../test/engine-turn.ts';
import { now } from '../test/instance-builders.ts';
import { createCompletionRecords } from './completion-record.ts';
import { decideRetry } from './instance/decide-input.ts';
import type { Draft } from './instance/draft.ts';
import type { NewEntry } from './instance/entries.ts';

const codec = { encode: (_: Topic<unknown>, value: unknown) => serialize(value) } as Codec;
const end = (status: 'completed' | 'failed' | 'cancelled', reason?: string): NewEntry => ({
  type: `instance_${status}`,
  at: now + 9,
  status,
  ...(reason === undefined ? {} : { reason }),
});

async function eventsOf(draft: Draft, entries = draft.journal): Promise<CrmEvent[]> {
  const records = await createCompletionRecords(codec, draft, entries, undefined);
  expect(records.every(({ topic, entityId }) => topic === topics.workflowEvents && entityId === 'lead-1')).toBe(true);
  return records.map(({ value }) => deserialize(value as Buffer) as CrmEvent);
}

const cancelRequested: NewEntry = { type: 'cancel_requested', at: now, detail: { requested_by: 'user-1' } };
const retry = (draft: Draft, rowVersion: number) =>
  draft.add(decideRetry(draft.state, { requestedBy: 'user-1', rowVersion, workflowVersion: 1 }, now));

test.each<[string, NewEntry[], Record<string, unknown>]>([
  ['completed', [end('completed')], { status: 'completed', reason: null }],
  ['failed', [end('failed', 'http_500')], { status: 'failed', reason: 'http_500' }],
  ['cancelled while it ran', [cancelRequested, end('cancelled', 'requested')], { status: 'cancelled', reason: 'requested' }],
])('an instance that is %s says so in an event about its entity', async (_, entries, data) => {
  const [event] = await eventsOf(aDraft({ entries }));
  expect(event).toMatchObject({
    event_id: '0'.repeat(32),
    tenant_id: 'acme',
    event_type: 'workflow_completed',
    entity_type: 'lead',
    entity_id: 'lead-1',
    occurred_at: now + 9,
    causation: { root_event_id: 'e-1', depth: 1, workflow_ids: [7] },
    data: { 'millrace.WorkflowCompleted': { workflow_id: 7, instance_id: '0'.repeat(32), ...data } },
  });
});

test('one that was refused before it ran says nothing', async () => {
  expect(await eventsOf(aDraft({ entries: [end('cancelled', 'loop_blocked')] }))).toEqual([]);
});

test('entries that end nothing say nothing', async () => {
  expect(await eventsOf(aDraft())).toEqual([]);
});

test('the end before a retry by hand keeps its event id when it is published again; the end after it has another', async () => {
  const draft = aDraft({ entries: [end('failed', 'http_500')] });
  const first = await eventsOf(draft);
  retry(draft, 2);
  expect(await eventsOf(draft)).toEqual(first);
  draft.add([end('failed', 'http_502')]);
  retry(draft, 4);
  draft.add([end('completed')]);
  expect((await eventsOf(draft)).map(({ event_id, data }) => [event_id, data])).toMatchObject([
    ['0'.repeat(32), { 'millrace.WorkflowCompleted': { status: 'failed', reason: 'http_500' } }],
    [`${'0'.repeat(32)}~1`, { 'millrace.WorkflowCompleted': { status: 'failed', reason: 'http_502' } }],
    [`${'0'.repeat(32)}~2`, { 'millrace.WorkflowCompleted': { status: 'completed' } }],
  ]);
});
