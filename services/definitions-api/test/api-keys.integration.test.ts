import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identityFromApiKey } from '../src/identity/from-api-key.ts';
import { identityFromHeaders } from '../src/identity/from-headers.ts';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';

let api: ApiUnderTest;
let nowMs = Date.now();

/** Keys are made by one who comes with headers, and used by those who come with a bearer token. */
beforeAll(async () => {
  api = await startApi({
    isKafkaAway: true,
    authenticate: (database) => {
      const byKey = identityFromApiKey({ database, now: () => nowMs });
      const byHeaders = identityFromHeaders();
      return (header) => (header('authorization') === '' ? byHeaders(header) : byKey(header));
    },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

const create = async (overrides: Record<string, unknown> = {}, options: { tenant?: string; headers?: Record<string, string> } = {}) =>
  (await api.request('POST', '/api-keys', { ...options, body: { name: 'ci', role: 'admin', ...overrides } })).body;
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const use = (key: string, method = 'GET', path = '/workflows', body?: unknown) =>
  api.request(method, path, { tenant: null, headers: bearer(key), body });

test('a key is shown once, kept as a hash, and opens its tenant', async () => {
  const created = await api.request('POST', '/api-keys', {
    tenant: 'acme',
    body: { name: ' CI ', role: 'editor' },
    headers: { 'X-User-ID': 'ann' },
  });
  expect(created.status).toBe(201);
  const { key, ...view } = created.body;
  expect(key).toMatch(/^mlr_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
  expect(view).toMatchObject({ name: 'CI', role: 'editor', scopes: null, created_by: 'ann', revoked_at: null, last_used_at: null });
  expect((await api.request('GET', `/api-keys/${view.id}`, { tenant: 'acme' })).body).toEqual(view);
  expect((await api.request('GET', '/api-keys', { tenant: 'acme' })).body.items).toEqual([view]);
  const [rows] = await api.database.pool.query('select * from api_keys where id = ?', [view.id]);
  expect(JSON.stringify(rows)).not.toContain(key.slice(-43));

  const workflow = await use(key, 'POST', '/workflows', workflowBody());
  expect(workflow).toMatchObject({ status: 201, body: { created_by: `api_key:${view.id}` } });
  expect((await api.request('GET', `/workflows/${workflow.body.id}`, { tenant: 'acme' })).status).toBe(200);
  expect((await api.request('GET', `/api-keys/${view.id}`, { tenant: 'acme' })).body.last_used_at).not.toBeNull();
});

test('a repeat under an Idempotency-Key makes no second key and doesn’t show the first again', async () => {
  const headers = { 'Idempotency-Key': 'one-key' };
  const body = { name: 'once', role: 'viewer' };
  const first = await api.request('POST', '/api-keys', { body, headers });
  const again = await api.request('POST', '/api-keys', { body, headers });
  expect(again.status).toBe(201);
  expect(again.body).toEqual({ ...first.body, key: null });
  const [rows] = await api.database.pool.query('select answer from idempotency_keys');
  expect(JSON.stringify(rows)).not.toContain(first.body.key);
});

const swap = (key: string, at: number) => key.slice(0, at) + (key[at] === 'a' ? 'b' : 'a') + key.slice(at + 1);
test.each<[string, (key: string) => string]>([
  ['with one character of its secret changed, the first', (key) => swap(key, 21)],
  ['with one character of its secret changed, in the middle', (key) => swap(key, 40)],
  ['with another prefix', (key) => swap(key, 4)],
  ['with its prefix in capitals', (key) => key.slice(0, 4) + key.slice(4, 20).toUpperCase() + key.slice(20)],
  ['cut by a character', (key) => key.slice(0, -1)],
  ['with a character more', (key) => `${key}a`],
  ['without its beginning', (key) => key.slice(4)],
  ['without its secret', (key) => key.slice(0, 20)],
  ['with a wildcard for its prefix', (key) => `mlr_${'%'.repeat(16)}_${key.slice(21)}`],
  ['with another wildcard for its prefix', (key) => `mlr_${'_'.repeat(16)}_${key.slice(21)}`],
  ['with SQL for its prefix', (key) => `mlr_' or 1=1 -- _${key.slice(21)}`],
  ['twice', (key) => `${key},${key}`],
  ['in capitals', (key) => key.toUpperCase()],
  ['as its own hash', () => 'mlr_0000000000000000_'.padEnd(64, '0')],
  ['that nobody made', () => `mlr_${'0'.repeat(16)}_${'A'.repeat(43)}`],
  ['that is a token', () => 'eyJhbGciOiJub25lIn0.eyJ0ZW5hbnRfaWQiOiJhY21lIn0.'],
  ['that is a tenant', () => 'tenant-123'],
])('a key %s is 401', async (_, alter) => {
  const { key } = await create();
  const answer = await use(alter(key));
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
});

test.each(['Basic abc', 'Bearer', 'bearer', 'Bearer  ', 'mlr_x', 'ApiKey mlr_x', 'Bearer ä', 'null', 'undefined'])(
  'the header %j is 401',
  async (header) => {
    const headers = { Authorization: Buffer.from(header).toString('latin1') };
    expect(await api.request('GET', '/workflows', { tenant: 'acme', headers })).toMatchObject({ status: 401 });
  },
);

test('a key in the scheme’s other case is taken', async () => {
  const { key } = await create();
  expect((await api.request('GET', '/workflows', { tenant: null, headers: { Authorization: `bearer ${key}` } })).status).toBe(200);
});

test('a revoked key is refused from the next request on', async () => {
  const { id, key } = await create();
  expect((await use(key)).status).toBe(200);
  expect((await api.request('DELETE', `/api-keys/${id}`)).status).toBe(204);
  expect(await use(key)).toMatchObject({ status: 401, body: { code: 'api_key_invalid' } });
  const { revoked_at } = (await api.request('GET', `/api-keys/${id}`)).body;
  expect(revoked_at).not.toBeNull();
  expect((await api.request('DELETE', `/api-keys/${id}`)).status).toBe(204);
  expect((await api.request('GET', `/api-keys/${id}`)).body.revoked_at).toBe(revoked_at);
});

test('a key ends at its time', async () => {
  const { key } = await create({ expires_at: new Date(nowMs + 60_000).toISOString() });
  expect((await use(key)).status).toBe(200);
  nowMs += 60_000;
  expect((await use(key)).status).toBe(401);
});

test('a key may do what its role and its scopes both allow', async () => {
  const reader = (await create({ role: 'admin', scopes: ['workflows:read'] })).key;
  expect((await use(reader)).status).toBe(200);
  expect(await use(reader, 'POST', '/workflows', workflowBody())).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  expect(await use(reader, 'GET', '/audit')).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  const viewer = (await create({ role: 'viewer', scopes: ['workflows:write'] })).key;
  expect(await use(viewer, 'POST', '/workflows', workflowBody())).toMatchObject({ status: 403, body: { code: 'forbidden' } });
});

test('a key with scopes makes no key with more', async () => {
  const maker = (await create({ scopes: ['api-keys:write', 'workflows:read'] })).key;
  const wish = (scopes: string[] | null) => use(maker, 'POST', '/api-keys', { name: 'x', role: 'viewer', scopes });
  expect((await wish(['workflows:read'])).status).toBe(201);
  expect(await wish(['workflows:write'])).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  expect((await wish(null)).status).toBe(403);
});

test('headers give a key neither another tenant nor another role', async () => {
  const { key } = await create({ role: 'viewer' }, { tenant: 'acme' });
  const ask = (headers: Record<string, string>, method = 'GET', body?: unknown) =>
    api.request(method, '/workflows', { tenant: null, headers: { ...bearer(key), ...headers }, body });
  expect((await ask({ 'X-Tenant-ID': 'acme' })).status).toBe(200);
  expect(await ask({ 'X-Tenant-ID': 'other' })).toMatchObject({ status: 403, body: { code: 'tenant_mismatch' } });
  expect((await ask({ 'X-User-Role': 'admin' }, 'POST', workflowBody())).status).toBe(403);
});

test('at most 100 keys are live', async () => {
  for (let index = 0; index < 100; index++) await create({}, { tenant: 'many' });
  expect(await create({}, { tenant: 'many' })).toMatchObject({ code: 'limit_reached' });
  const { items } = (await api.request('GET', '/api-keys?limit=1', { tenant: 'many' })).body;
  await api.request('DELETE', `/api-keys/${items[0].id}`, { tenant: 'many' });
  expect(await create({}, { tenant: 'many' })).toMatchObject({ key: expect.any(String) });
});

describe('from a shell', () => {
  const run = (...options: string[]) =>
    promisify(execFile)(process.execPath, [fileURLToPath(new URL('../src/create-api-key.ts', import.meta.url)), ...options], {
      env: { DATABASE_URL: api.databaseUrl },
    });

  test('the first key is made, works, and is in the audit', async () => {
    const { stdout } = await run('--tenant', 'newcomer', '--name', 'First');
    expect(stdout).toMatch(/^mlr_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n$/);
    expect((await use(stdout.trim(), 'GET', '/api-keys')).body.items).toMatchObject([{ name: 'First', role: 'admin' }]);
    expect((await use(stdout.trim(), 'GET', '/audit')).body.items).toMatchObject([{ action: 'create', authenticated_by: 'shell' }]);
  });

  test('what is missing or wrong is said', async () => {
    await expect(run('--tenant', 'a b', '--role', 'root')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/tenant: [\s\S]*name: [\s\S]*role: /),
    });
  });
});

test.each([
  ['role', { role: 'root' }],
  ['name', { name: ' ' }],
  ['scopes[0]', { scopes: ['workflows:delete'] }],
  ['scopes', { scopes: [] }],
  ['expires_at', { expires_at: 'tomorrow' }],
  ['key', { key: 'mlr_mine' }],
])('a fault in %s is named', async (path, overrides) => {
  expect((await create(overrides)).errors).toMatchObject([{ path }]);
});
