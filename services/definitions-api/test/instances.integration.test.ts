import { startConsumer } from '@millrace/bus';
import { deleteInstances } from '@millrace/db';
import { topics, type WorkflowCommand } from '@millrace/messages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, eventually, startApi, workflowBody } from './api-under-test.ts';
import { insertInstanceRows } from './instance-rows.ts';

let api: ApiUnderTest;
const commands: WorkflowCommand[] = [];
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  api = stack.use(await startApi());
  const { bus, codec } = api;
  stack.use(
    await startConsumer({
      bus,
      groupId: `${bus.options.topicPrefix}instances-test`,
      topics: [topics.workflowCommands],
      onRecords: async (records) => {
        for (const record of records) {
          commands.push(await codec.decode(topics.workflowCommands, record.value));
          record.done();
        }
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const create = async (overrides: Record<string, unknown> = {}, tenant = 'tenant-123') =>
  (await api.request('POST', '/workflows', { tenant, body: workflowBody(overrides) })).body;
const get = async (path: string, tenant = 'tenant-123') => (await api.request('GET', path, { tenant })).body;
const minute = (count: number) => new Date(Date.UTC(2026, 10, 24, 10, count));
const idsOf = (list: { items: { id: string }[] }) => list.items.map(({ id }) => id);

/** Every page, one after the other. */
async function readAll(path: string, tenant: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  for (let cursor: string | null = ''; cursor !== null; pages += 1) {
    const page = await get(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`, tenant);
    ids.push(...idsOf(page));
    cursor = page.next_cursor;
  }
  return { ids, pages };
}

test('the instances of a tenant are listed across workflows, by what the filters say', async () => {
  const tenant = 'filters';
  const [a, b] = [await create({}, tenant), await create({}, tenant)];
  const ids = await insertInstanceRows(api.database, [
    { tenantId: tenant, workflowId: a.id, status: 'completed', createdAt: minute(0) },
    { tenantId: tenant, workflowId: b.id, status: 'failed', createdAt: minute(1), entityId: 'lead-2' },
    { tenantId: tenant, workflowId: a.id, status: 'failed', createdAt: minute(2), entityType: 'order' },
    { tenantId: tenant, workflowId: null, status: 'completed', createdAt: minute(3), entityType: 'scheduled_task', entityId: '1' },
    { tenantId: 'other', workflowId: null, createdAt: minute(4) },
  ]);
  const newestFirst = (...places: number[]) => places.map((place) => ids[place]);
  expect(await get('/instances', tenant)).toMatchObject({ total: 4, total_is_exact: true, next_cursor: null });
  for (const [query, expected] of [
    ['', newestFirst(3, 2, 1, 0)],
    ['?status=failed', newestFirst(2, 1)],
    [`?workflow_id=${a.id}`, newestFirst(2, 0)],
    [`?workflow_id=${a.id}&status=failed`, newestFirst(2)],
    ['?entity_type=lead', newestFirst(1, 0)],
    ['?entity_type=lead&entity_id=lead-2', newestFirst(1)],
    [`?from=${minute(1).toISOString()}&to=${minute(3).toISOString()}`, newestFirst(2, 1)],
    ['?limit=2&offset=1', newestFirst(2, 1)],
    ['?workflow_id=999999', []],
  ] as const) {
    const list = await get(`/instances${query}`, tenant);
    expect(idsOf(list), query).toEqual(expected);
  }
  expect(idsOf(await get(`/workflows/${b.id}/instances`, tenant))).toEqual(newestFirst(1));
});

test('a cursor passes each instance once, also among those of one moment and while new ones come', async () => {
  const tenant = 'cursor';
  const ids = await insertInstanceRows(
    api.database,
    Array.from({ length: 25 }, (_, index) => ({ tenantId: tenant, createdAt: minute(Math.floor(index / 10)) })),
  );
  const first = await get('/instances?limit=7', tenant);
  await insertInstanceRows(api.database, [{ tenantId: tenant, createdAt: minute(9) }]);
  expect(new Set((await readAll('/instances?limit=7', tenant)).ids).size).toBe(26);
  const following = await get(`/instances?limit=200&cursor=${first.next_cursor}`, tenant);
  expect(new Set([...idsOf(first), ...idsOf(following)])).toEqual(new Set(ids));
});

test('a rare status is found behind tens of thousands of others, a bounded look at a time', async () => {
  const tenant = 'many';
  const rows = Array.from({ length: 24_000 }, (_, index) => ({
    tenantId: tenant,
    createdAt: new Date(minute(0).getTime() + index),
    status: index % 8_000 === 0 ? 'failed' : 'completed',
  }));
  const ids = await insertInstanceRows(api.database, rows);
  const { ids: found, pages } = await readAll('/instances?status=failed', tenant);
  expect(found).toEqual([ids[16_000], ids[8_000], ids[0]]);
  expect(pages).toBe(3);
  expect(await get('/instances?status=failed', tenant)).toMatchObject({ total: 3, total_is_exact: true });
  expect(await get('/instances?limit=1', tenant)).toMatchObject({ total: 24_000, total_is_exact: true });
  expect(await get('/instances?limit=1&entity_type=lead', tenant)).toMatchObject({ total: 10_000, total_is_exact: false });
  expect(await get(`/instances?limit=1&from=${minute(0).toISOString()}`, tenant)).toMatchObject({ total: 10_000, total_is_exact: false });
});

test('the total is what is left after a cleanup', async () => {
  const tenant = 'cleaned';
  await insertInstanceRows(
    api.database,
    Array.from({ length: 10_100 }, () => ({ tenantId: tenant })),
  );
  const retention = { tenantId: tenant, beforeMs: Date.UTC(2026, 10, 25), statuses: [], workflowId: null };
  await api.database.pool.query('update workflow_instances set completed_at = created_at where tenant_id = ?', [tenant]);
  expect((await deleteInstances(api.database, retention, null, 40)).deleted).toBe(40);
  expect(await get('/instances?limit=1', tenant)).toMatchObject({ total: 10_060, total_is_exact: true });
  expect(await get('/instances?limit=1&status=completed', tenant)).toMatchObject({ total: 10_060 });
});

test.each(['cursor=x', 'cursor=1-2', 'from=yesterday', 'status=done', 'workflow_id=0', 'workflow_id=abc', 'entity_id=', 'colour=red'])(
  'the query %s is 422 and named',
  async (query) => {
    const answer = await api.request('GET', `/instances?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: query.split('=')[0] }] } });
  },
);

test('an instance without a workflow is read by its id alone, and by its tenant alone', async () => {
  const [id] = await insertInstanceRows(api.database, [{ workflowId: null, entityType: 'scheduled_task' }]);
  expect(await get(`/instances/${id}`)).toMatchObject({ id, workflow_id: null, action_executions: [] });
  expect((await api.request('GET', `/instances/${id}`, { tenant: 'stranger' })).status).toBe(404);
});

test('an instance shows what became of its actions, and its log from the first entry on', async () => {
  const workflow = await create();
  const [id] = await insertInstanceRows(api.database, [{ workflowId: workflow.id, status: 'failed' }]);
  const { pool } = api.database;
  await pool.query(
    `insert into workflow_action_executions (tenant_id, workflow_id, instance_id, action_id, action_name, action_type, status, attempts,
       retry_count, input, error_code, error_message, duration_ms, last_seq)
     values ('tenant-123', ?, unhex(?), ?, 'create_task_0', 'create_task', 'failed', 3, 2, '{"title":"Follow up"}', 'boom', 'It broke', 12, 2)`,
    [workflow.id, id, workflow.actions[0].id],
  );
  await pool.query(
    `insert into workflow_execution_logs (tenant_id, workflow_id, instance_id, seq, action, action_id, status, detail, created_at) values
       ('tenant-123', ?, unhex(?), 2, 'action_failed', ?, 'failed', '{"action_name":"create_task_0","attempt":3,"error_code":"boom","detail":{"input":{"title":"Follow up"}}}', ?),
       ('tenant-123', ?, unhex(?), 1, 'instance_started', null, 'running', '{"detail":{"now":1}}', ?)`,
    [workflow.id, id, workflow.actions[0].id, minute(1), workflow.id, id, minute(0)],
  );
  const path = `/workflows/${workflow.id}/instances/${id}`;
  expect((await get(path)).action_executions).toMatchObject([
    {
      action_name: 'create_task_0',
      status: 'failed',
      attempts: 3,
      retry_count: 2,
      input: { title: 'Follow up' },
      error_code: 'boom',
      duration_ms: 12,
    },
  ]);
  const log = await get(`${path}/log`);
  expect(log).toMatchObject({
    total: 2,
    items: [
      { seq: 1, type: 'instance_started', status: 'running', at: minute(0).toISOString(), action_id: null, detail: { now: 1 } },
      {
        seq: 2,
        type: 'action_failed',
        action_name: 'create_task_0',
        attempt: 3,
        error_code: 'boom',
        detail: { input: { title: 'Follow up' } },
      },
    ],
  });
  expect((await get(`${path}/log?limit=1&offset=1`)).items).toEqual(log.items.slice(1));
  expect((await api.request('GET', `${path}/log`, { tenant: 'stranger' })).status).toBe(404);
});

test('a retry is sent with the row’s version, and only for what has failed', async () => {
  const workflow = await create();
  const [failed, completed] = await insertInstanceRows(api.database, [
    { workflowId: workflow.id, status: 'failed' },
    { workflowId: workflow.id, status: 'completed' },
  ]);
  const retry = (id: string | undefined, body?: unknown) =>
    api.request('POST', `/workflows/${workflow.id}/instances/${id}/retry`, { body, headers: { 'X-User-ID': 'user-456' } });
  const answer = await retry(failed);
  expect(answer.status).toBe(202);
  expect(answer.headers.get('location')).toBe(`/api/v1/workflows/${workflow.id}/instances/${failed}`);
  const sent = (useLatest: boolean) => ({
    'millrace.RetryInstance': { row_version: 0, requested_by: 'user-456', use_latest_version: useLatest },
  });
  await eventually(async () => commands.some(({ instance_id }) => instance_id === failed));
  expect(commands.find(({ instance_id }) => instance_id === failed)?.command).toEqual(sent(false));
  expect((await retry(failed, { version: 'latest' })).status).toBe(202);
  await eventually(async () => commands.filter(({ instance_id }) => instance_id === failed).length === 2);
  expect(commands.findLast(({ instance_id }) => instance_id === failed)?.command).toEqual(sent(true));
  expect(await retry(completed)).toMatchObject({ status: 409, body: { code: 'instance_not_failed' } });
  expect((await retry(failed, { version: 'first' })).body.errors[0].path).toBe('version');
});

test('a retry on a version that lacks a completed action is refused', async () => {
  const workflow = await create();
  const [id] = await insertInstanceRows(api.database, [{ workflowId: workflow.id, status: 'failed' }]);
  await api.database.pool.query(
    `insert into workflow_action_executions (tenant_id, workflow_id, instance_id, action_id, action_name, action_type, status, last_seq)
     values ('tenant-123', ?, unhex(?), ?, 'create_task_0', 'create_task', 'completed', 2)`,
    [workflow.id, id, workflow.actions[0].id],
  );
  await api.request('PUT', `/workflows/${workflow.id}`, { body: workflowBody({ actions: [] }) });
  expect(await api.request('POST', `/workflows/${workflow.id}/instances/${id}/retry`, { body: { version: 'latest' } })).toMatchObject({
    status: 409,
    body: { code: 'version_incompatible' },
  });
});
