import { addActionStats, addWorkflowStats, durationBucket, type WorkflowStatRow } from '@millrace/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';
import { insertInstanceRows } from './instance-rows.ts';

const dayMs = 86_400_000;
const today = Math.floor(Date.now() / dayMs) * dayMs;
let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ isKafkaAway: true });
});
afterAll(() => api[Symbol.asyncDispose]());

const create = async (tenant: string, overrides: Record<string, unknown> = {}) =>
  (await api.request('POST', '/workflows', { tenant, body: workflowBody(overrides) })).body;
const get = async (path: string, tenant: string) => (await api.request('GET', path, { tenant })).body;
const none = { started: 0, completed: 0, failed: 0, cancelled: 0 };
const noDurations = { count: 0, mean: null, p50: null, p95: null };
const iso = (ms: number) => new Date(ms).toISOString();

type Counts = Partial<Pick<WorkflowStatRow, 'started' | 'completed' | 'failed' | 'cancelled' | 'retried'>>;

/** What the audit logger adds for one hour of a workflow. */
async function addHour(tenantId: string, workflowId: number, version: number, hourMs: number, counts: Counts): Promise<void> {
  const of = (id: number, ofVersion: number): WorkflowStatRow[] =>
    (['all', 'day', 'hour'] as const).map((period) => ({
      ...{ tenantId, period, workflowId: id, version: ofVersion, ...none, retried: 0, ...counts },
      startsAtMs: { all: 0, day: hourMs - (hourMs % dayMs), hour: hourMs }[period],
    }));
  await api.database.transaction((connection) => addWorkflowStats(connection, [...of(0, 0), ...of(workflowId, version)]));
}

test('a workflow that has not run has nothing to tell, in every hour and day', async () => {
  const { id, actions } = await create('quiet');
  expect(await get(`/workflows/${id}/stats`, 'quiet')).toMatchObject({
    workflow_id: id,
    total: 0,
    by_status: { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 },
    success_rate: null,
    failure_rate: null,
    interval: 'day',
    from: iso(today - 29 * dayMs),
    to: iso(today + dayMs),
    series: Array.from({ length: 30 }, (_, index) => ({ at: iso(today + (index - 29) * dayMs), ...none })),
    duration_ms: noDurations,
    versions: [],
    actions: [{ action_id: actions[0].id, action_name: 'create_task_0', executed: 0, duration_ms: noDurations, arms: [] }],
  });
  expect((await get(`/workflows/${id}/stats?interval=hour`, 'quiet')).series).toHaveLength(7 * 24);
});

test('statistics count instances by status and say which part succeeded', async () => {
  const { id } = await create('statuses');
  const statuses = ['completed', 'completed', 'failed', 'running', 'pending', 'pending'];
  await insertInstanceRows(
    api.database,
    statuses.map((status) => ({ tenantId: 'statuses', workflowId: id, status })),
  );
  const expected = {
    total: 6,
    by_status: { pending: 2, running: 1, completed: 2, failed: 1, cancelled: 0 },
    success_rate: 0.6667,
    failure_rate: 0.3333,
  };
  expect(await get(`/workflows/${id}/stats`, 'statuses')).toMatchObject(expected);
  expect(await get('/stats', 'statuses')).toMatchObject(expected);
  expect((await api.request('GET', `/workflows/${id}/stats`, { tenant: 'stranger' })).status).toBe(404);
  expect(await get('/stats', 'stranger')).toMatchObject({ total: 0, workflows: [] });
});

test('an instance that failed and was retried by hand has the status that it has now', async () => {
  const { id } = await create('retried');
  await addHour('retried', id, 1, today, { started: 2, failed: 2, retried: 2, completed: 1 });
  expect(await get(`/workflows/${id}/stats`, 'retried')).toMatchObject({
    total: 2,
    by_status: { running: 1, completed: 1, failed: 0 },
    series: expect.arrayContaining([{ at: iso(today), started: 2, completed: 1, failed: 2, cancelled: 0 }]),
  });
});

test('versions, actions, arms and durations are those of the window', async () => {
  const tenant = 'window';
  const workflow = await create(tenant, {
    actions: [
      { name: 'pick', action_type: 'split', action_config: { arms: ['a', 'b'].map((name) => ({ name, weight: 50, actions: [] })) } },
      { name: 'tag', action_type: 'add_tag', action_config: { tag: 'x' } },
    ],
  });
  const [pick, tag] = workflow.actions as [{ id: number }, { id: number }];
  await addHour(tenant, workflow.id, 1, today - 40 * dayMs, { started: 100, completed: 100 });
  await addHour(tenant, workflow.id, 1, today - 2 * dayMs, { started: 3, completed: 2, failed: 1 });
  await addHour(tenant, workflow.id, 2, today + 5 * 3_600_000, { started: 4, completed: 3, cancelled: 1 });
  const row = { tenantId: tenant, startsAtMs: today, workflowId: workflow.id, version: 2, arm: '', bucket: 0, entries: 1, durationMs: 0 };
  const took = (actionId: number, durationMs: number, entries = 1) =>
    ({ ...row, actionId, outcome: 'completed', bucket: durationBucket(durationMs), entries, durationMs: durationMs * entries }) as const;
  await api.database.transaction((connection) =>
    addActionStats(connection, [
      { ...took(0, 100, 2), startsAtMs: today - 2 * dayMs, version: 1 },
      { ...took(0, 5, 100), startsAtMs: today - 40 * dayMs, version: 1 },
      took(0, 1_000, 3),
      { ...row, actionId: pick.id, outcome: 'arm', arm: 'a', entries: 3 },
      { ...row, actionId: pick.id, outcome: 'arm', arm: 'b' },
      took(tag.id, 3, 18),
      took(tag.id, 40_000, 2),
      { ...row, actionId: tag.id, outcome: 'failed', entries: 4 },
      { ...row, actionId: tag.id, outcome: 'unknown' },
      { ...row, actionId: tag.id, outcome: 'skipped', entries: 2 },
      { ...row, actionId: tag.id, outcome: 'retried', entries: 7 },
    ]),
  );
  const stats = await get(`/workflows/${workflow.id}/stats`, tenant);
  expect(stats).toMatchObject({
    total: 107,
    by_status: { completed: 105, failed: 1, cancelled: 1 },
    duration_ms: { count: 5, mean: 640, p50: expect.closeTo(1_000, -2), p95: expect.closeTo(1_000, -2) },
    versions: [
      { version: 2, started: 4, completed: 3, cancelled: 1, success_rate: 0.75, duration_ms: { count: 3, mean: 1_000 } },
      { version: 1, started: 3, completed: 2, failed: 1, failure_rate: 0.3333, duration_ms: { count: 2, mean: 100 } },
    ],
    actions: [
      {
        action_id: pick.id,
        action_type: 'split',
        arms: [
          { name: 'a', taken: 3, share: 0.75 },
          { name: 'b', taken: 1, share: 0.25 },
        ],
      },
      {
        ...{ action_id: tag.id, executed: 25, completed: 20, failed: 4, unknown: 1, skipped: 2, cancelled: 0, retried: 7 },
        duration_ms: { count: 20, mean: 4_002.7, p50: 3 },
      },
    ],
  });
  const p95 = stats.actions[1].duration_ms.p95;
  expect(Math.abs(p95 - 40_000)).toBeLessThanOrEqual(2_000);
  const early = `from=${iso(today - 40 * dayMs)}&to=${iso(today - 39 * dayMs)}&interval=hour`;
  expect(await get(`/workflows/${workflow.id}/stats?${early}`, tenant)).toMatchObject({
    total: 107,
    duration_ms: { count: 100, p50: 5 },
    versions: [{ version: 1, started: 100 }],
    actions: [{ executed: 0 }, { executed: 0 }],
    series: expect.arrayContaining([{ at: iso(today - 40 * dayMs), started: 100, completed: 100, failed: 0, cancelled: 0 }]),
  });
});

test("a tenant's busiest workflows of the window come first; deleted ones are in its totals alone", async () => {
  const tenant = 'busy';
  const workflows = await Promise.all(['One', 'Two', 'Three'].map((name) => create(tenant, { name })));
  const [one, two, three] = workflows as [{ id: number }, { id: number }, { id: number }];
  await addHour(tenant, one.id, 1, today, { started: 5, completed: 4, failed: 1 });
  await addHour(tenant, two.id, 1, today, { started: 9, completed: 9 });
  await addHour(tenant, two.id, 2, today, { started: 1 });
  await addHour(tenant, one.id, 1, today - 60 * dayMs, { started: 1_000, completed: 1_000 });
  await addHour(tenant, three.id, 1, today, { started: 50, completed: 50 });
  await api.request('DELETE', `/workflows/${three.id}`, { tenant });
  const stats = await get('/stats', tenant);
  expect(stats).toMatchObject({
    total: 1_065,
    by_status: { running: 1, completed: 1_063, failed: 1 },
    workflows: [
      { workflow_id: two.id, name: 'Two', started: 10, completed: 9, success_rate: 1 },
      { workflow_id: one.id, name: 'One', started: 5, completed: 4, failed: 1, success_rate: 0.8, failure_rate: 0.2 },
    ],
  });
  expect(stats.series.at(-1)).toEqual({ at: iso(today), started: 65, completed: 63, failed: 1, cancelled: 0 });
  expect((await get('/stats?top=1', tenant)).workflows).toHaveLength(1);
});

test.each([
  'interval=week',
  'from=yesterday',
  'from=2020-01-01T00:00:00Z',
  'to=9999-12-31T00:00:00Z',
  'from=2900-01-01T00:00:00Z',
  'colour=red',
])('the query %s is 422 and named', async (query) => {
  const { id } = await create('faulty', { name: `Faulty ${query}` });
  for (const path of ['/stats', `/workflows/${id}/stats`]) {
    const answer = await api.request('GET', `${path}?${query}`, { tenant: 'faulty' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: query.split('=')[0] }] } });
  }
});
