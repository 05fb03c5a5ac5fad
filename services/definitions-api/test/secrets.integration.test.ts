import { openSecret, type SecretKeys } from '@millrace/db';
import { createLogger } from '@millrace/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi } from './api-under-test.ts';
import { exampleRequests } from './example-requests.ts';
import { createOwnedThings } from './owned-things.ts';

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

test.each<[string, string | Record<string, unknown>]>([
  ['malformed JSON', `{"value": "${canary}", x`],
  ['JSON cut in the middle of it', `{"name": "x", "value": "${canary}`],
  ['JSON with a comment beside it', `{"value": "${canary}" /* ${canary} */}`],
  ['a text for the whole', `"${canary}"`],
  ['a list for the whole', `["${canary}"]`],
  ['a number', { value: 4242424242 }],
  ['a number with a fraction', { value: 4242424242.5 }],
  ['true', { value: true }],
  ['null', { value: null }],
  ['a list', { value: [canary] }],
  ['an object', { value: { token: canary } }],
  ['an object that has a text', { value: { toString: canary, length: 1 } }],
  ['nothing', { value: undefined }],
  ['an empty text', { value: '' }],
  ['a line break at the end', { value: `${canary}\n` }],
  ['a line break in it', { value: `${canary}\r\nX-Evil: 1` }],
  ['a NUL', { value: `${canary}\0` }],
  ['half of a character', `{"name": "half", "value": "${canary}\\ud800", "hosts": ["a.example"]}`],
  ['too long a text', { value: canary.repeat(2_000) }],
  ['more than 1 MB', { value: canary.repeat(100_000) }],
  ['an unknown key', { secret: canary }],
  ['the value for a name', { name: `${canary}!` }],
])('a refusal of %s quotes nothing of the value', async (_, overrides) => {
  const answer = await api.request('POST', '/secrets', { body: typeof overrides === 'string' ? overrides : body(overrides) });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  if (!('name' in Object(overrides))) expect(JSON.stringify(answer.body)).not.toMatch(/canary-9f2b|4242424242/);
});

test.each([
  '1abc',
  'a-b',
  'a.b',
  '',
  ' ',
  'a b',
  ' a',
  'a ',
  'x'.repeat(65),
  'ä',
  "a'b",
  'a"b',
  'a/b',
  '../a',
  'a;b',
  '{{a}}',
  'a\n',
  '\u0000',
  'a*',
  '%',
  '$a',
  'a$',
  '@',
  'null ',
  '🔑',
])('%j is no name', async (name) => {
  expect(await api.request('POST', '/secrets', { body: body({ name }) })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'name' }] },
  });
});

test.each([
  'https://a.example',
  'http://a.example',
  '//a.example',
  'a.example/',
  'a.example/x',
  'user@a.example',
  'user:pw@a.example',
  'a.example:',
  'a.example:0x1',
  'a.example:99999',
  'a.example:-1',
  '*.example.com',
  '*',
  '',
  ' ',
  'a b',
  'a.example?x',
  'a.example#x',
  'a\\b',
  'a,b',
  'a;b',
  '[::1',
  '::1',
  'ä.example',
  'a\u0000',
  '%61.example',
  'a..b',
  '0x7f.1',
  '127.1',
  '2130706433',
  '{{ host }}',
  "a'b",
  'a|b',
])('%j is no host', async (host) => {
  const answer = await api.request('POST', '/secrets', { body: body({ hosts: [host] }) });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'hosts[0]' }] } });
});

test.each([
  'a.example',
  'A.EXAMPLE',
  ' a.example ',
  'xn--mller-kva.example',
  'a.example:8443',
  '192.0.2.7',
  '[2001:db8::1]:8443',
  'localhost',
])('%j is a host', async (host) => {
  expect((await api.request('POST', '/secrets', { body: body({ hosts: [host] }) })).body.hosts).toEqual([host.trim().toLowerCase()]);
});

test('no route answers a value, and no line of the log holds one', async () => {
  const lines: string[] = [];
  const logger = createLogger('secrets-test', 'trace');
  const stream = Object.getOwnPropertySymbols(logger).find((symbol) => symbol.description === 'pino.stream') as symbol;
  (logger as unknown as Record<symbol, unknown>)[stream] = { write: (line: string) => lines.push(line) };
  let clock = Date.now;
  await using watched = await startApi({ secretKeys, logger, now: () => clock() });
  const things = await createOwnedThings(watched, 'keeper');
  const path = `/secrets/${things.secretName}`;
  await watched.request('PUT', path, { tenant: 'keeper', body: { value: canary, hosts: ['a.example'] } });
  await watched.request('PUT', path, { tenant: 'keeper', body: { value: `${canary}\n`, hosts: ['a.example'] } });
  await watched.request('POST', '/secrets', { tenant: 'keeper', body: `{"value": "${canary}` });
  await watched.request('GET', `/secrets?value=${canary}`, { tenant: 'keeper' });
  for (const { method, path, body } of exampleRequests(things)) {
    const answer = await watched.request(method, path, { tenant: 'keeper', body });
    expect(JSON.stringify(answer.body ?? '')).not.toContain(canary);
  }
  clock = () => Number.NaN;
  expect((await watched.request('POST', '/secrets', { tenant: 'keeper', body: body() })).status).toBe(500);
  expect(lines.join('')).toContain('request failed');
  expect(lines.join('')).not.toContain(canary);
});

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
