import { openSecret, type SecretKeys } from '@millrace/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi } from './api-under-test.ts';

const secretKeys: SecretKeys = [Buffer.alloc(32, 7)];
const canary = 'canary-9f2b';
let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi({ secretKeys, isKafkaAway: true });
});
afterAll(() => api[Symbol.asyncDispose]());

let count = 0;
const body = (overrides: Record<string, unknown> = {}) => ({
  name: `token_${++count}`,
  value: canary,
  hosts: ['api.example.com'],
  ...overrides,
});
const create = async (overrides: Record<string, unknown> = {}) => (await api.request('POST', '/secrets', { body: body(overrides) })).body;

test('a secret is kept sealed, listed, replaced and deleted; no answer holds its value', async () => {
  const request = body({ hosts: ['API.Example.com:443', 'other.example.com:8443'] });
  const created = await api.request('POST', '/secrets', { body: request, headers: { 'X-User-ID': 'ann' } });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`/api/v1/secrets/${request.name}`);
  expect(created.body).toEqual({
    name: request.name,
    hosts: ['api.example.com', 'other.example.com:8443'],
    version: 1,
    created_by: 'ann',
    updated_by: 'ann',
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  const [rows] = await api.database.pool.query('select sealed from secrets where name = ?', [request.name]);
  const [{ sealed }] = rows as [{ sealed: Buffer }];
  expect(sealed.includes(canary)).toBe(false);
  expect(openSecret(secretKeys, { tenantId: 'tenant-123', name: request.name }, sealed)).toBe(canary);

  const path = `/secrets/${request.name}`;
  expect((await api.request('GET', path)).body).toEqual(created.body);
  expect((await api.request('GET', '/secrets')).body.items).toContainEqual(created.body);
  const replaced = await api.request('PUT', path, {
    body: { value: 'another', hosts: ['b.example.com'] },
    headers: { 'X-User-ID': 'bob' },
  });
  expect(replaced).toMatchObject({ status: 200, body: { version: 2, hosts: ['b.example.com'], created_by: 'ann', updated_by: 'bob' } });
  expect((await api.request('DELETE', path)).status).toBe(204);
  expect((await api.request('GET', path)).status).toBe(404);
  expect((await api.request('PUT', path, { body: { value: 'x', hosts: ['b.example.com'] } })).status).toBe(404);
});

test('a value is in no table as it is, and not in what is kept for a repeat', async () => {
  await api.request('POST', '/secrets', { body: body(), headers: { 'Idempotency-Key': 'secret-once' } });
  await api.request('PUT', `/secrets/${(await create()).name}`, { body: { value: `${canary}-new`, hosts: ['a.example.com'] } });
  await api.request('POST', '/secrets', { body: `{"name": "bad", "value": "${canary}` });
  const [tables] = await api.database.pool.query('show tables');
  for (const table of (tables as Record<string, string>[]).flatMap((row) => Object.values(row))) {
    const [rows] = await api.database.pool.query(`select * from ${table}`);
    expect(
      JSON.stringify(rows, (_, value) => (value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value)),
    ).not.toContain(canary);
  }
});

test.each([
  ['malformed JSON', `{"value": "${canary}", x`],
  ['a number', { value: 4242424242 }],
  ['a list', { value: [canary] }],
  ['an object', { value: { token: canary } }],
  ['a line break', { value: `${canary}\n` }],
  ['too long a text', { value: canary.repeat(2_000) }],
  ['an unknown key', { secret: canary }],
])('a refusal of %s quotes nothing of the value', async (_, overrides) => {
  const answer = await api.request('POST', '/secrets', { body: typeof overrides === 'string' ? overrides : body(overrides) });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(JSON.stringify(answer.body)).not.toMatch(/canary-9f2b|4242424242/);
});

test.each(['1abc', 'a-b', 'a.b', '', 'x'.repeat(65), 'ä', "a'b", 'a b'])('%j is no name', async (name) => {
  expect(await api.request('POST', '/secrets', { body: body({ name }) })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'name' }] },
  });
});

test.each(['https://a.example', 'a.example/x', 'user@a.example', 'a.example:99999', '*.example.com', '', 'a b', 'a.example?x', 'a\\b'])(
  '%j is no host',
  async (host) => {
    const answer = await api.request('POST', '/secrets', { body: body({ hosts: [host] }) });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'hosts[0]' }] } });
  },
);

test('a name is taken once per tenant', async () => {
  const { name } = await create();
  expect(await api.request('POST', '/secrets', { body: body({ name }) })).toMatchObject({ status: 409, body: { code: 'name_taken' } });
  expect((await api.request('POST', '/secrets', { tenant: 'other', body: body({ name }) })).status).toBe(201);
});

test('a value alone can’t be sent elsewhere: hosts change only with it', async () => {
  const { name } = await create();
  expect(await api.request('PUT', `/secrets/${name}`, { body: { hosts: ['evil.example.com'] } })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'value' }] },
  });
});

test('concurrent replacements are one version each', async () => {
  const { name } = await create();
  const replace = (value: string) => api.request('PUT', `/secrets/${name}`, { body: { value, hosts: ['a.example.com'] } });
  const versions = (await Promise.all(['a', 'b', 'c', 'd'].map(replace))).map(({ body }) => body.version);
  expect(versions.toSorted()).toEqual([2, 3, 4, 5]);
});

test('an editor sees names, an operator may not write', async () => {
  const { name } = await create();
  expect((await api.request('GET', `/secrets/${name}`, { headers: { 'X-User-Role': 'viewer' } })).status).toBe(403);
  expect((await api.request('GET', `/secrets/${name}`, { headers: { 'X-User-Role': 'editor' } })).status).toBe(200);
  expect((await api.request('DELETE', `/secrets/${name}`, { headers: { 'X-User-Role': 'operator' } })).status).toBe(403);
});

test('without a key no secret can be kept, and nothing else is hindered', async () => {
  await using keyless = await startApi({ secretKeys: null, isKafkaAway: true });
  expect(await keyless.request('POST', '/secrets', { body: body() })).toMatchObject({
    status: 409,
    body: { code: 'secrets_not_configured' },
  });
  expect((await keyless.request('GET', '/secrets')).body.total).toBe(0);
});
