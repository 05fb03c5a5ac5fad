import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, seed, startApi } from './api-under-test.ts';

let api: ApiUnderTest;
let workflowId: number;

beforeAll(async () => {
  api = await startApi();
  workflowId = (await api.request('POST', '/workflows', { body: seed.workflow })).body.id;
});
afterAll(() => api[Symbol.asyncDispose]());

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
