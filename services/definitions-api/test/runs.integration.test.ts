import { readCompacted, startConsumer } from '@millrace/bus';
import { topics, type WorkflowCommand, type WorkflowDefinition } from '@millrace/messages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, eventually, seed, startApi, workflowBody } from './api-under-test.ts';

let api: ApiUnderTest;
const commands: { key: string; traceparent: string | undefined; value: WorkflowCommand }[] = [];
const definitions = new Map<string, WorkflowDefinition>();
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  api = stack.use(await startApi());
  const { bus, codec } = api;
  stack.use(
    await startConsumer({
      bus,
      groupId: `${bus.options.topicPrefix}test`,
      topics: [topics.workflowCommands],
      onRecords: async (records) => {
        for (const record of records) {
          const value = await codec.decode(topics.workflowCommands, record.value);
          commands.push({ key: String(record.key), traceparent: record.headers.traceparent?.toString(), value });
          record.done();
        }
      },
    }),
  );
  stack.use(
    await readCompacted({
      bus,
      topic: topics.workflowDefinitions,
      onRecord: async (key, value) => {
        if (value) definitions.set(key, await codec.decode(topics.workflowDefinitions, value));
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const create = async (overrides: Record<string, unknown> = {}) =>
  (await api.request('POST', '/workflows', { body: workflowBody(overrides) })).body;
const commandOf = (id: string, type: string) =>
  eventually(async () => commands.find(({ value }) => value.instance_id === id && Object.keys(value.command)[0] === `millrace.${type}`));

test('each change reaches workflow.definitions and is marked as published', async () => {
  const { id } = await create({
    triggers: [
      {
        trigger_type: 'lead_created',
        trigger_config: { min_score: 5 },
        conditions: [{ field: 'source', operator: 'equals', value: 'web' }],
      },
    ],
  });
  const key = `tenant-123/${id}`;
  const first = await eventually(async () => definitions.get(key));
  expect(first).toMatchObject({
    tenant_id: 'tenant-123',
    workflow_id: id,
    version: 1,
    enabled: true,
    deleted: false,
    on_disable: 'finish',
  });
  expect(JSON.parse(first.triggers[0]?.trigger_config ?? '')).toEqual({ min_score: 5 });
  expect(JSON.parse(first.triggers[0]?.conditions ?? '')).toEqual({ all: [{ field: 'source', operator: 'equals', value: 'web' }] });
  await eventually(async () => (await api.request('GET', `/workflows/${id}`)).body.published_at);
  const off = await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: false } });
  expect(off.body.published_at).toBeNull();
  await eventually(async () => definitions.get(key)?.version === 2 && definitions.get(key)?.enabled === false);
  await api.request('DELETE', `/workflows/${id}`);
  await eventually(async () => definitions.get(key)?.deleted);
  expect(definitions.get(key)).toMatchObject({ version: 3, enabled: false, triggers: [] });
  await eventually(async () => {
    const [rows] = await api.database.pool.query('select * from outbox_messages where workflow_id = ?', [id]);
    return (rows as unknown[]).length === 0;
  });
});

test('a mark that a dead process left is published', async () => {
  const { id } = await create();
  await eventually(async () => definitions.get(`tenant-123/${id}`));
  await eventually(async () => {
    const [marks] = await api.database.pool.query('select mark from outbox_messages where workflow_id = ?', [id]);
    return (marks as unknown[]).length === 0;
  });
  definitions.delete(`tenant-123/${id}`);
  await api.database.pool.query("insert into outbox_messages (workflow_id, tenant_id, mark) values (?, 'tenant-123', 1)", [id]);
  await eventually(async () => definitions.get(`tenant-123/${id}`));
});

test('the seed’s trigger answers 202 with an instance that can be read, and sends its start', async () => {
  const { id } = await create();
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const answer = await api.request('POST', `/workflows/${id}/trigger`, { body: seed.trigger, headers: { traceparent } });
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    workflow_id: id,
    status: 'pending',
    progress: 0,
    executed_actions: 0,
    failed_actions: 0,
    waiting_for: 'start',
    row_version: 0,
    started_at: null,
  });
  expect(answer.headers.get('location')).toBe(`/api/v1/workflows/${id}/instances/${answer.body.id}`);
  const read = await api.request('GET', `/workflows/${id}/instances/${answer.body.id}`);
  expect(read.body).toEqual({ ...answer.body, action_executions: [] });
  const { key, value, traceparent: carried } = await commandOf(answer.body.id, 'StartInstance');
  expect(key).toBe('tenant-123');
  expect(carried).toContain('0af7651916cd43dd8448eb211c80319c');
  expect(value).toMatchObject({ entity_type: 'lead', entity_id: 'lead-789' });
  const start = (value.command as { 'millrace.StartInstance': { event: string; workflow_version: number } })['millrace.StartInstance'];
  expect(start.workflow_version).toBe(1);
  const event = JSON.parse(start.event);
  expect(event).toMatchObject({
    event_type: 'api',
    entity_type: 'lead',
    entity_id: 'lead-789',
    data: { lead_score: 85, lead_id: 'lead-789' },
    previous: null,
  });
  const [rows] = await api.database.pool.query('select inbox, wake_at > created_at as later from workflow_instances where id = unhex(?)', [
    answer.body.id,
  ]);
  const row = (rows as { inbox: Buffer; later: number }[])[0];
  expect(row?.later).toBe(1);
  expect(JSON.parse(String(row?.inbox))).toEqual({
    start: { event, triggered_by: 'lead_id', triggered_by_value: 'lead-789', trigger_id: null, workflow_version: 1 },
  });
});

test('an Idempotency-Key makes repeats answer the same instance, also once the workflow is off', async () => {
  const { id } = await create();
  const send = (body: unknown, key = 'key-1') =>
    api.request('POST', `/workflows/${id}/trigger`, { body, headers: { 'Idempotency-Key': key } });
  const all = await Promise.all([1, 2, 3, 4].map(() => send(seed.trigger)));
  expect(new Set(all.map(({ body }) => body.id)).size).toBe(1);
  expect(all.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: false } });
  expect((await send(seed.trigger)).body.id).toBe(all[0]?.body.id);
  expect(await send({ triggered_by: 'lead_id', triggered_by_value: 'other' })).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reused' },
  });
  expect(await send(seed.trigger, 'key-2')).toMatchObject({ status: 409, body: { code: 'workflow_disabled' } });
  expect((await api.request('GET', `/workflows/${id}/instances`)).body.total).toBe(1);
});

test('other data under the same Idempotency-Key are refused as long as the instance is kept, longer than the key itself', async () => {
  const { id } = await create();
  const send = async (data: unknown) => {
    await api.database.pool.query('delete from idempotency_keys');
    return api.request('POST', `/workflows/${id}/trigger`, {
      body: { triggered_by: 'lead_id', triggered_by_value: 'lead-1', additional_data: data },
      headers: { 'Idempotency-Key': 'data-key' },
    });
  };
  const first = await send({ lead_score: 85, tags: ['a'] });
  const refused = { status: 422, body: { code: 'idempotency_key_reused' } };
  expect(await send({ lead_score: 86, tags: ['a'] })).toMatchObject(refused);
  expect((await send({ tags: ['a'], lead_score: 85 })).body.id).toBe(first.body.id);
  const journal = [{ seq: 1, type: 'instance_started', detail: { event: { data: { lead_score: 85, tags: ['a'], lead_id: 'lead-1' } } } }];
  await api.database.pool.query('update workflow_instances set inbox = null, journal = ? where id = unhex(?)', [
    JSON.stringify(journal),
    first.body.id,
  ]);
  expect(await send({ lead_score: 86, tags: ['a'] })).toMatchObject(refused);
  expect((await send({ lead_score: 85, tags: ['a'] })).body.id).toBe(first.body.id);
});

test('where conditions are to be asked, those of a trigger must hold, and it is named', async () => {
  const { id, triggers } = await create({
    triggers: [
      { trigger_type: 'lead_created', trigger_config: { min_score: 90 } },
      { trigger_type: 'lead_created', conditions: [{ field: 'source', operator: 'equals', value: 'web' }] },
    ],
  });
  const send = (data: unknown, asked: boolean) =>
    api.request('POST', `/workflows/${id}/trigger`, {
      body: { triggered_by: 'lead_id', triggered_by_value: 'lead-1', additional_data: data, evaluate_conditions: asked },
    });
  expect(await send({ source: 'ads', lead_score: 80 }, true)).toMatchObject({ status: 409, body: { code: 'conditions_not_met' } });
  expect((await send({ source: 'ads', lead_score: 80 }, false)).status).toBe(202);
  const started = await send({ source: 'Web', lead_score: 80 }, true);
  expect(started.status).toBe(202);
  const { value } = await commandOf(started.body.id, 'StartInstance');
  expect(value.command).toMatchObject({ 'millrace.StartInstance': { trigger_id: triggers[1].id } });
});

test.each([
  ['triggered_by', { triggered_by_value: 'x' }],
  ['triggered_by_value', { triggered_by: 'lead_id', triggered_by_value: { $ne: 1 } }],
  ['additional_data', { triggered_by: 'lead_id', triggered_by_value: 'x', additional_data: [1] }],
  ['colour', { triggered_by: 'lead_id', triggered_by_value: 'x', colour: 1 }],
])('a fault in %s of a trigger is named', async (path, body) => {
  const { id } = await create();
  const answer = await api.request('POST', `/workflows/${id}/trigger`, { body });
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map((fault: { path: string }) => fault.path)).toContain(path);
});

test('data that is large is kept, and over 256 KB refused', async () => {
  const { id } = await create();
  const send = (size: number) =>
    api.request('POST', `/workflows/${id}/trigger`, {
      body: { triggered_by: 'lead_id', triggered_by_value: 7, additional_data: { text: 'x'.repeat(size) } },
    });
  expect(await send(200_000)).toMatchObject({ status: 202, body: { entity_id: '7' } });
  expect(await send(300_000)).toMatchObject({ status: 422, body: { errors: [{ path: 'additional_data' }] } });
});

test('a cancel is acknowledged with the row’s version; what has ended is 409', async () => {
  const { id } = await create();
  const { body: instance } = await api.request('POST', `/workflows/${id}/trigger`, { body: seed.trigger });
  const path = `/workflows/${id}/instances/${instance.id}/cancel`;
  const answer = await api.request('POST', path, { headers: { 'X-User-ID': 'user-456' } });
  expect(answer.status).toBe(202);
  const { value } = await commandOf(instance.id, 'CancelInstance');
  expect(value.command).toEqual({ 'millrace.CancelInstance': { row_version: 0, requested_by: 'user-456', reason: null } });
  expect((await api.request('POST', path, { tenant: 'stranger' })).status).toBe(404);
  await api.database.pool.query("update workflow_instances set status = 'completed' where id = unhex(?)", [instance.id]);
  expect(await api.request('POST', path)).toMatchObject({ status: 409, body: { code: 'instance_ended' } });
});

test('instances are listed by status', async () => {
  const { id } = await create();
  await api.request('POST', `/workflows/${id}/trigger`, { body: seed.trigger });
  expect((await api.request('GET', `/workflows/${id}/instances?status=pending`)).body).toMatchObject({
    total: 1,
    items: [{ status: 'pending' }],
  });
  expect((await api.request('GET', `/workflows/${id}/instances?status=failed`)).body).toMatchObject({ total: 0, items: [] });
  expect((await api.request('GET', `/workflows/${id}/instances?status=odd`)).body.errors[0].path).toBe('status');
});

test('without Kafka a start is accepted and a cancel is 503', async () => {
  await using away = await startApi({ isKafkaAway: true });
  const { body: workflow } = await away.request('POST', '/workflows', { body: seed.workflow });
  const answer = await away.request('POST', `/workflows/${workflow.id}/trigger`, { body: seed.trigger });
  expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } });
  const cancel = await away.request('POST', `/workflows/${workflow.id}/instances/${answer.body.id}/cancel`);
  expect(cancel).toMatchObject({ status: 503, body: { code: 'kafka_unavailable' } });
  expect(cancel.headers.get('retry-after')).toMatch(/^\d+$/);
});
