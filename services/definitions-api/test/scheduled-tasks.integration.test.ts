import { startConsumer } from '@millrace/bus';
import { instanceId, topics, type WorkflowCommand } from '@millrace/messages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, eventually, seed, startApi, workflowBody } from './api-under-test.ts';
import { insertInstanceRows } from './instance-rows.ts';

let api: ApiUnderTest;
let workflowId: number;
const commands: WorkflowCommand[] = [];
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  api = stack.use(await startApi());
  const { bus, codec } = api;
  stack.use(
    await startConsumer({
      bus,
      groupId: `${bus.options.topicPrefix}tasks-test`,
      topics: [topics.workflowCommands],
      onRecords: async (records) => {
        for (const record of records) {
          commands.push(await codec.decode(topics.workflowCommands, record.value));
          record.done();
        }
      },
    }),
  );
  workflowId = (await api.request('POST', '/workflows', { body: seed.workflow })).body.id;
});
afterAll(() => stack.disposeAsync());

const task = (overrides: Record<string, unknown> = {}) => ({
  ...JSON.parse(seed.scheduledTask(workflowId)),
  name: `Task ${Math.random()}`,
  ...overrides,
});

test('the seed’s scheduled task is created word for word, listed, read and deleted', async () => {
  const created = await api.request('POST', '/scheduled-tasks', {
    body: seed.scheduledTask(workflowId),
    headers: { 'X-User-ID': 'user-456' },
  });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`/api/v1/scheduled-tasks/${created.body.id}`);
  expect(created.body).toMatchObject({
    name: 'Daily Lead Scoring',
    type: 'workflow',
    config: { workflow_id: workflowId },
    schedule: '0 9 * * *',
    timezone: 'UTC',
    enabled: true,
    max_retries: 3,
    last_run_at: null,
    created_by: 'user-456',
  });
  const next = new Date(created.body.next_run_at);
  expect(next.getUTCHours()).toBe(9);
  expect(next.getTime()).toBeGreaterThan(Date.now());
  const path = `/scheduled-tasks/${created.body.id}`;
  expect((await api.request('GET', path)).body).toEqual(created.body);
  expect((await api.request('GET', '/scheduled-tasks')).body).toMatchObject({ total: 1, items: [{ id: created.body.id }] });
  expect((await api.request('GET', path, { tenant: 'stranger' })).status).toBe(404);
  expect((await api.request('DELETE', path, { tenant: 'stranger' })).status).toBe(404);
  expect((await api.request('DELETE', path)).status).toBe(204);
  expect((await api.request('GET', path)).status).toBe(404);
});

test('faults are named: schedule, time zone, type, a workflow of another tenant', async () => {
  for (const [path, overrides] of [
    ['schedule', { schedule: '61 * * * *' }],
    ['timezone', { timezone: 'Mars/Base' }],
    ['type', { type: 'fly' }],
    ['config.workflow_id', { config: { workflow_id: 999_999 } }],
    ['config', { config: '7' }],
    ['start_at', { start_at: '0000-01-01T00:00:00+18:00' }],
    ['end_at', { end_at: '9999-12-31T23:59:59-18:00' }],
  ] as const) {
    const answer = await api.request('POST', '/scheduled-tasks', { body: task(overrides) });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe(path);
  }
  expect((await api.request('POST', '/scheduled-tasks', { tenant: 'stranger', body: task() })).body.errors[0].path).toBe(
    'config.workflow_id',
  );
});

test('a disabled task has no next run, and a name is taken once', async () => {
  const body = task({ enabled: false });
  expect((await api.request('POST', '/scheduled-tasks', { body })).body.next_run_at).toBeNull();
  expect(await api.request('POST', '/scheduled-tasks', { body })).toMatchObject({ status: 409, body: { code: 'name_taken' } });
});

const create = async (overrides: Record<string, unknown> = {}, tenant = 'tenant-123') =>
  (await api.request('POST', '/scheduled-tasks', { tenant, body: task(overrides) })).body;

test('a task is replaced at its next revision, which the scheduler computes anew', async () => {
  const created = await create();
  expect(created.revision).toBe(1);
  const next = '2030-01-01T00:00:00.000Z';
  await api.database.pool.query('update scheduled_tasks set computed_revision = 1, next_run_at = ?, last_run_at = ? where id = ?', [
    new Date(next),
    new Date('2026-01-01T00:00:00Z'),
    created.id,
  ]);
  const path = `/scheduled-tasks/${created.id}`;
  const read = await api.request('GET', path);
  expect(read.headers.get('etag')).toBe('"1"');
  expect(read.body.next_run_at).toBe(next);
  const body = task({ name: created.name, schedule: '*/5 * * * *', timezone: 'Europe/Berlin', max_retries: 1, enabled: true });
  expect((await api.request('PUT', path, { body, headers: { 'If-Match': '"7"' } })).status).toBe(412);
  const replaced = await api.request('PUT', path, { body, headers: { 'If-Match': '"1"' } });
  expect(replaced.status).toBe(200);
  expect(replaced.headers.get('etag')).toBe('"2"');
  expect(replaced.body).toMatchObject({ id: created.id, schedule: '*/5 * * * *', timezone: 'Europe/Berlin', max_retries: 1, revision: 2 });
  expect(new Date(replaced.body.next_run_at).getTime() - Date.now()).toBeLessThan(300_000);
  expect(replaced.body.last_run_at).toBe('2026-01-01T00:00:00.000Z');
  expect((await api.request('GET', path)).body).toEqual(replaced.body);
});

test('a replacement is checked like a new task', async () => {
  const [first, second] = [await create(), await create()];
  const put = (body: unknown, tenant = 'tenant-123') => api.request('PUT', `/scheduled-tasks/${first.id}`, { tenant, body });
  expect(await put(task({ name: second.name }))).toMatchObject({ status: 409, body: { code: 'name_taken' } });
  expect(
    (await put(task({ schedule: '0 0 30 2 *', end_at: 'never' }))).body.errors.map(({ path }: { path: string }) => path).sort(),
  ).toEqual(['end_at', 'schedule']);
  expect((await put(task({ config: { workflow_id: 999_999 } }))).body.errors[0].path).toBe('config.workflow_id');
  expect((await put(task(), 'stranger')).status).toBe(404);
  expect((await api.request('GET', `/scheduled-tasks/${first.id}`)).body).toEqual({ ...first, next_run_at: expect.any(String) });
});

test.each([
  ['action', { action_type: 'add_tag', action_config: { lead_id: 'lead-1', tag: 'old' } }, []],
  ['action', { action_type: 'fly' }, ['config.action_type']],
  ['action', { action_type: 'add_tag', action_config: { colour: 1 } }, ['config.action_config.tag', 'config.action_config.colour']],
  ['action', { action_type: 'start_workflow', action_config: { workflow_id: 999_999 } }, ['config.action_config.workflow_id']],
  ['report', { report: 'failures', period: 'week', format: 'csv', email_to: 'ops@example.com' }, []],
  ['report', { report: 'weather' }, ['config.report']],
  ['report', { report: 'failures', workflow_id: 999_999 }, ['config.workflow_id']],
  ['cleanup', { target: 'instances', older_than_days: 30 }, []],
  ['cleanup', { target: 'instances', older_than_days: 7 }, ['config.older_than_days']],
])('the config of a task of type %s is checked when it is saved: %j', async (type, config, paths) => {
  const answer = await api.request('POST', '/scheduled-tasks', { body: task({ type, config }) });
  expect(answer.status).toBe(paths.length === 0 ? 201 : 422);
  expect((answer.body.errors ?? []).map(({ path }: { path: string }) => path)).toEqual(paths);
});

test('tasks are listed by type and by whether they are enabled', async () => {
  const tenant = 'task-lister';
  const cleanup = { type: 'cleanup', config: { target: 'instances', older_than_days: 30 } };
  const [a, b] = [await create(cleanup, tenant), await create({ ...cleanup, enabled: false }, tenant)];
  const idsOf = async (query: string) =>
    (await api.request('GET', `/scheduled-tasks?${query}`, { tenant })).body.items.map(({ id }: { id: number }) => id);
  expect(await idsOf('')).toEqual([b.id, a.id]);
  expect(await idsOf('enabled=false')).toEqual([b.id]);
  expect(await idsOf('type=cleanup&enabled=true')).toEqual([a.id]);
  expect(await idsOf('type=report')).toEqual([]);
  expect((await api.request('GET', '/scheduled-tasks?type=x', { tenant })).body.errors[0].path).toBe('type');
});

test('a preview says the next runs, in the task’s zone and window', async () => {
  const { id } = await create({ schedule: '30 2 * * *', timezone: 'Europe/Berlin', start_at: '2027-03-27T00:00:00Z', enabled: false });
  const preview = (query = '') => api.request('GET', `/scheduled-tasks/${id}/preview${query}`);
  expect((await preview('?count=3')).body).toEqual({
    // On the 28th the clocks go from two to three: the missing half past two runs at the first valid instant after.
    occurrences: ['2027-03-27T01:30:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z'],
  });
  expect((await preview()).body.occurrences).toHaveLength(10);
  expect((await preview('?count=101')).body.errors[0].path).toBe('count');
  const ended = await create({ schedule: '* * * * *', end_at: '2020-01-01T00:00:00Z' });
  expect((await api.request('GET', `/scheduled-tasks/${ended.id}/preview`)).body.occurrences).toEqual([]);
});

test('run now sends an occurrence of its own, and answers where it will be read', async () => {
  const created = await create({ overlap_policy: 'allow', retry_delay_seconds: 5 });
  const answer = await api.request('POST', `/scheduled-tasks/${created.id}/run`);
  expect(answer.status).toBe(202);
  const { instance_id: id, scheduled_for: scheduledFor } = answer.body;
  expect(answer.headers.get('location')).toBe(`/api/v1/instances/${id}`);
  const dueMs = Date.parse(scheduledFor);
  expect(dueMs % 1_000).not.toBe(0);
  expect(id).toBe(instanceId({ tenantId: 'tenant-123', workflowId: 0, kind: 'task', originId: `${created.id}@${dueMs}` }));
  const sent = await eventually(async () => commands.find(({ instance_id }) => instance_id === id));
  expect(sent).toMatchObject({ tenant_id: 'tenant-123', entity_type: 'scheduled_task', entity_id: String(created.id) });
  expect(sent.command).toEqual({
    'millrace.RunScheduledTask': {
      task_id: created.id,
      task_type: 'workflow',
      task_config: JSON.stringify({ workflow_id: workflowId }),
      task_revision: 1,
      due_at: dueMs,
      workflow_id: workflowId,
      workflow_version: 1,
      overlap_policy: 'allow',
      max_retries: 3,
      retry_delay_seconds: 5,
      skip_reason: null,
    },
  });
  expect((await api.request('POST', `/scheduled-tasks/${created.id}/run`, { tenant: 'stranger' })).status).toBe(404);
  const ofLead = await create({ config: { workflow_id: workflowId, triggered_by: 'lead_id', triggered_by_value: 'lead-7' } });
  const { instance_id: ofLeadId } = (await api.request('POST', `/scheduled-tasks/${ofLead.id}/run`)).body;
  const sentOfLead = await eventually(async () => commands.find(({ instance_id }) => instance_id === ofLeadId));
  expect(sentOfLead).toMatchObject({ entity_type: 'lead', entity_id: 'lead-7' });
});

test('a task whose workflow is off or gone can’t be run', async () => {
  const workflow = (await api.request('POST', '/workflows', { body: workflowBody({ enabled: false }) })).body;
  const { id } = await create({ config: { workflow_id: workflow.id } });
  expect(await api.request('POST', `/scheduled-tasks/${id}/run`)).toMatchObject({ status: 409, body: { code: 'workflow_disabled' } });
  await api.request('DELETE', `/workflows/${workflow.id}`);
  expect(await api.request('POST', `/scheduled-tasks/${id}/run`)).toMatchObject({ status: 409, body: { code: 'workflow_missing' } });
});

test('the history of a task shows each occurrence, also one that was skipped', async () => {
  const { id } = await create();
  const instance = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const row = (due: Date, status: string, skipReason: string | null, output: string | null) => [
    id,
    'tenant-123',
    instance,
    due,
    status,
    skipReason,
    due,
    due,
    12,
    output,
    3,
  ];
  const columns =
    'task_id, tenant_id, instance_id, scheduled_for, status, skip_reason, started_at, completed_at, duration_ms, output, last_seq';
  await api.database.pool.query(`insert into scheduled_task_executions (${columns}) values ?`, [
    [
      row(new Date('2026-11-24T09:00:00Z'), 'completed', null, '{"rows":5}'),
      row(new Date('2026-11-25T09:00:00Z'), 'cancelled', 'misfire', null),
    ],
  ]);
  const path = `/scheduled-tasks/${id}/executions`;
  expect((await api.request('GET', path)).body).toMatchObject({
    total: 2,
    items: [
      { scheduled_for: '2026-11-25T09:00:00.000Z', status: 'cancelled', skip_reason: 'misfire', output: null },
      { task_id: id, status: 'completed', duration_ms: 12, output: { rows: 5 }, instance_id: '00112233445566778899aabbccddeeff' },
    ],
  });
  expect((await api.request('GET', `${path}?status=completed`)).body.total).toBe(1);
  expect((await api.request('GET', path, { tenant: 'stranger' })).status).toBe(404);
});

test('a run that goes on is cancelled with its row’s version; what has ended is 409, what is no run of the task 404', async () => {
  const [mine, other] = [await create(), await create()];
  const [id] = (await insertInstanceRows(api.database, [
    { status: 'running', entityType: 'scheduled_task', entityId: String(mine.id) },
  ])) as [string];
  await api.database.pool.query('update workflow_instances set scheduled_task_id = ?, row_version = 4 where id = unhex(?)', [mine.id, id]);
  const cancel = (taskId: number, options: object = {}) =>
    api.request('POST', `/scheduled-tasks/${taskId}/executions/${id}/cancel`, options);
  const answer = await cancel(mine.id, { headers: { 'X-User-ID': 'user-456' }, body: { reason: 'takes too long' } });
  expect(answer).toMatchObject({ status: 202, body: { id, workflow_id: null, status: 'running' } });
  expect(answer.headers.get('location')).toBe(`/api/v1/instances/${id}`);
  const sent = await eventually(async () => commands.find(({ instance_id }) => instance_id === id));
  expect(sent).toMatchObject({ tenant_id: 'tenant-123', entity_type: 'scheduled_task', entity_id: String(mine.id) });
  expect(sent.command).toEqual({
    'millrace.CancelInstance': { row_version: 4, requested_by: 'user-456', reason: 'takes too long' },
  });
  expect((await cancel(other.id)).status).toBe(404);
  expect((await cancel(mine.id, { tenant: 'stranger' })).status).toBe(404);
  expect((await cancel(mine.id, { headers: { 'X-User-Role': 'editor' } })).status).toBe(403);
  expect((await cancel(mine.id, { body: { reason: 7 } })).status).toBe(422);
  await api.database.pool.query("update workflow_instances set status = 'cancelled' where id = unhex(?)", [id]);
  expect(await cancel(mine.id)).toMatchObject({ status: 409, body: { code: 'instance_ended' } });
});

test('without Kafka a run is 503', async () => {
  await using away = await startApi({ isKafkaAway: true });
  const workflow = (await away.request('POST', '/workflows', { body: seed.workflow })).body;
  const { body } = await away.request('POST', '/scheduled-tasks', { body: seed.scheduledTask(workflow.id) });
  expect(await away.request('POST', `/scheduled-tasks/${body.id}/run`)).toMatchObject({ status: 503, body: { code: 'kafka_unavailable' } });
});
