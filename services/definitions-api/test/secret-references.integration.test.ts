import type { SecretKeys } from '@millrace/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi } from './api-under-test.ts';

const secretKeys: SecretKeys = [Buffer.alloc(32, 7)];
let api: ApiUnderTest;
let count = 0;

beforeAll(async () => {
  api = await startApi({ secretKeys, isKafkaAway: true });
  await api.request('POST', '/secrets', { body: { name: 'token', value: 'canary-9f2b', hosts: ['api.example.com'] } });
});
afterAll(() => api[Symbol.asyncDispose]());

const action = (name: string, overrides: Record<string, unknown> = {}) => ({
  action_type: 'http_request',
  action_config: { url: 'https://api.example.com/', headers: { Authorization: `Bearer {{ secrets.${name} }}` }, ...overrides },
});
const workflow = (...actions: unknown[]) => ({ name: `workflow ${++count}`, triggers: [{ trigger_type: 'lead_created' }], actions });
const unknownAt = (...paths: string[]) => ({
  status: 422,
  body: { errors: paths.map((path) => expect.objectContaining({ path, code: 'unknown_secret' })) },
});

test('a workflow that names a secret of the tenant is saved, and shows the name alone', async () => {
  const saved = await api.request('POST', '/workflows', { body: workflow(action('token')) });
  expect(saved.status).toBe(201);
  expect(saved.body.actions[0].action_config.headers).toEqual({ Authorization: 'Bearer {{ secrets.token }}' });
});

test('every place of a secret that the tenant lacks is named, in arms too', async () => {
  const arms = { branches: [{ name: 'hot', conditions: [], actions: [action('gone')] }], else_actions: [action('token')] };
  const body = workflow(action('gone', { body: { a: ['{{ secrets.lost }}'] } }), { action_type: 'branch', action_config: arms });
  expect(await api.request('POST', '/workflows', { body })).toMatchObject(
    unknownAt(
      'actions[0].action_config.headers.Authorization',
      'actions[0].action_config.body.a[0]',
      'actions[1].action_config.branches[0].actions[0].action_config.headers.Authorization',
    ),
  );
});

test('another tenant’s secret is none', async () => {
  expect(await api.request('POST', '/workflows', { tenant: 'other', body: workflow(action('token')) })).toMatchObject(
    unknownAt('actions[0].action_config.headers.Authorization'),
  );
});

test('a change that brings an unknown secret in is refused, and leaves the workflow as it was', async () => {
  const { body: saved } = await api.request('POST', '/workflows', { body: workflow(action('token')) });
  const path = `/workflows/${saved.id}`;
  expect((await api.request('POST', `${path}/actions`, { body: action('gone') })).status).toBe(422);
  expect((await api.request('PUT', path, { body: { ...workflow(action('gone')), name: saved.name } })).status).toBe(422);
  expect((await api.request('GET', path)).body.version).toBe(1);
});

test('a scheduled task’s action names the tenant’s secrets', async () => {
  const task = (name: string) => ({ name: `task ${++count}`, type: 'action', schedule: '0 * * * *', config: action(name) });
  const saved = await api.request('POST', '/scheduled-tasks', { body: task('token') });
  expect(saved.status).toBe(201);
  const unknown = unknownAt('config.action_config.headers.Authorization');
  expect(await api.request('POST', '/scheduled-tasks', { body: task('gone') })).toMatchObject(unknown);
  expect(await api.request('PUT', `/scheduled-tasks/${saved.body.id}`, { body: task('gone') })).toMatchObject(unknown);
});
