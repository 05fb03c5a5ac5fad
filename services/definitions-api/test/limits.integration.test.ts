import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { routes } from '../src/routes.ts';
import { type ApiUnderTest, eventually, startApi, workflowBody } from './api-under-test.ts';
import { exampleRequests } from './example-requests.ts';
import { createOwnedThings, type OwnedThings } from './owned-things.ts';

const mega = 1024 * 1024;
let api: ApiUnderTest;
let things: OwnedThings;

beforeAll(async () => {
  api = await startApi();
  things = await createOwnedThings(api, 'tenant-123');
});
afterAll(() => api[Symbol.asyncDispose]());

describe.each(
  exampleRequests({} as OwnedThings)
    .filter(({ route }) => route.method === 'get' && hasPages(route))
    .map(({ name }) => name),
)('a page of %s', (name) => {
  test.each([
    ['limit=1', 200],
    ['limit=200', 200],
    ['limit=0', 422],
    ['limit=201', 422],
    ['limit=-1', 422],
    ['limit=1.5', 422],
    ['limit=1e2', 422],
    ['limit=', 422],
    ['limit=%201', 422],
    ['limit=%D9%A1', 422],
    ['limit=9999999999', 422],
    ['limit=1&limit=2', 422],
    ['offset=10000', 200],
    ['offset=10001', 422],
    ['offset=-1', 422],
  ])('%s → %i', async (query, status) => {
    const { path } = exampleRequests(things).find((request) => request.name === name) as { path: string };
    const answer = await api.request('GET', `${path}?${query}`);
    expect(answer.status).toBe(status);
    if (status === 422) expect(answer.body.errors[0].path).toBe(query.split('=')[0]);
  });
});

function hasPages({ query }: (typeof routes)[number]): boolean {
  return Object.hasOwn((query as { shape?: object } | null)?.shape ?? {}, 'limit');
}

const action = (index: number) => ({ name: `a${index}`, action_type: 'add_tag', action_config: { tag: 'x' }, order: index });
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
let names = 0;

const bounds: [what: string, path: string, body: (amount: number) => unknown, most: number, fault: string][] = [
  ['characters of a workflow’s name', '/workflows', (n) => workflowBody({ name: `${++names}`.padEnd(n, 'x') }), 255, 'name'],
  ['characters of a description', '/workflows', (n) => workflowBody({ description: 'x'.repeat(n) }), 10_000, 'description'],
  ['triggers', '/workflows', (n) => workflowBody({ triggers: many(n, () => ({ trigger_type: 'lead_created' })) }), 20, 'triggers'],
  ['actions', '/workflows', (n) => workflowBody({ actions: many(n, action) }), 100, 'actions'],
  [
    'seconds of delay',
    '/workflows',
    (n) => workflowBody({ actions: [{ ...action(0), delay_seconds: n }] }),
    315_360_000,
    'actions[0].delay_seconds',
  ],
  [
    'seconds of timeout',
    '/workflows',
    (n) => workflowBody({ actions: [{ ...action(0), timeout_seconds: n }] }),
    20,
    'actions[0].timeout_seconds',
  ],
  [
    'characters of an action’s name',
    '/workflows',
    (n) => workflowBody({ actions: [{ ...action(0), name: 'x'.repeat(n) }] }),
    128,
    'actions[0].name',
  ],
  ['characters of a secret', '/secrets', (n) => ({ name: `limit_${++names}`, value: 'x'.repeat(n), hosts: ['a.example'] }), 8_192, 'value'],
  [
    'characters of a secret’s name',
    '/secrets',
    (n) => ({ name: `l${++names}_`.padEnd(n, 'x'), value: 'x', hosts: ['a.example'] }),
    64,
    'name',
  ],
  ['hosts of a secret', '/secrets', (n) => ({ name: `limit_${++names}`, value: 'x', hosts: many(n, (i) => `a${i}.example`) }), 20, 'hosts'],
  ['characters of a key’s name', '/api-keys', (n) => ({ name: 'x'.repeat(n), role: 'viewer' }), 128, 'name'],
  [
    'events in a request',
    '/events',
    (n) => many(n, (i) => ({ event_type: 'pinged', entity_type: 'lead', entity_id: `lead-${i}`, data: {} })),
    1_000,
    '',
  ],
];

test.each(bounds)('%s: as many as are allowed are taken, one more is refused by its path', async (_, path, body, most, fault) => {
  const taken = await api.request('POST', path, { body: body(most) });
  expect([taken.status, taken.body.errors]).toEqual([path === '/events' ? 202 : 201, undefined]);
  const refused = await api.request('POST', path, { body: body(most + 1) });
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(fault);
});

test.each<[what: string, body: (amount: number) => unknown, most: number, fault: string]>([
  ['senders', (n) => ({ senders: many(n, (i) => ({ address: `a${i}@acme.example` })) }), 50, 'senders'],
  ['hidden fields', (n) => ({ redaction: { fields: many(n, (i) => `f${i}`) } }), 100, 'redaction.fields'],
  ['workflows to allow', (n) => ({ limits: { workflows: n } }), 100_000, 'limits.workflows'],
  ['mails a day to allow', (n) => ({ limits: { emails_per_day: n } }), 1_000_000, 'limits.emails_per_day'],
  ['texts a day to allow', (n) => ({ limits: { texts_per_day: n } }), 100_000, 'limits.texts_per_day'],
  ['actions at once to allow', (n) => ({ limits: { concurrent_actions: n } }), 2_000, 'limits.concurrent_actions'],
])('%s in the settings: one more than allowed is refused', async (_, body, most, fault) => {
  expect((await api.request('PUT', '/tenant-settings', { tenant: 'settings', body: body(most) })).status).toBe(200);
  expect(await api.request('PUT', '/tenant-settings', { tenant: 'settings', body: body(most + 1) })).toMatchObject({
    status: 422,
    body: { errors: [{ path: fault }] },
  });
});

test('a tenant’s own limits hold from the next request on', async () => {
  const tenant = 'limited';
  const limits = (values: Record<string, number>) => api.request('PUT', '/tenant-settings', { tenant, body: { limits: values } });
  const create = (overrides = {}) => api.request('POST', '/workflows', { tenant, body: workflowBody(overrides) });
  await limits({ workflows: 2, actions_per_workflow: 3, definition_bytes: 2_000 });
  const first = await create();
  expect((await create({ actions: many(4, action) })).body.errors).toMatchObject([{ path: 'actions', code: 'limit_reached' }]);
  expect(
    (await create({ triggers: [], actions: [{ ...action(0), action_config: { tag: 'x'.repeat(100) } }], description: 'x'.repeat(3_000) }))
      .body,
  ).toMatchObject({
    errors: [{ path: '', code: 'too_large' }],
  });
  expect((await create({ actions: many(3, action) })).status).toBe(201);
  expect(await create()).toMatchObject({ status: 409, body: { code: 'limit_reached' } });
  expect((await api.request('POST', `/workflows/${first.body.id}/clone`, { tenant })).status).toBe(409);
  await api.request('DELETE', `/workflows/${first.body.id}`, { tenant });
  expect((await create()).status).toBe(201);
});

/** The head of a request and a body that is sent as it is, in as many pieces. */
function raw(headers: Record<string, string | number>, pieces: readonly (string | Buffer)[], path = '/api/v1/workflows') {
  return new Promise<{ status: number; body: { code?: string } }>((resolve, reject) => {
    const sent = httpRequest(`${api.url}${path}`, {
      method: 'POST',
      headers: { 'X-Tenant-ID': 'raw', 'Content-Type': 'application/json', ...headers },
    });
    sent.on('response', async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString() || '{}') });
    });
    sent.on('error', reject);
    for (const piece of pieces) sent.write(piece);
    sent.end();
  });
}

const filled = (bytes: number) => `{"name":"${'x'.repeat(bytes - 11)}"}`;

test('a body of exactly 1 MB is read, one byte more is 413, announced or not', async () => {
  expect((await raw({ 'Content-Length': mega }, [filled(mega)])).status).toBe(422);
  expect(await raw({ 'Content-Length': mega + 1 }, [filled(mega + 1)])).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  expect((await raw({ 'Transfer-Encoding': 'chunked' }, [filled(mega)])).status).toBe(422);
  expect((await raw({ 'Transfer-Encoding': 'chunked' }, [filled(mega), ' '])).status).toBe(413);
  expect(
    (
      await raw(
        { 'Transfer-Encoding': 'chunked' },
        many(5, () => 'x'.repeat(mega)),
      )
    ).status,
  ).toBe(413);
});

test('a body is let in only for who may send it', async () => {
  expect((await raw({ 'X-User-Role': 'viewer', 'Content-Length': mega + 1 }, [filled(mega + 1)])).status).toBe(403);
  expect((await raw({ 'X-Tenant-ID': '', 'Content-Length': mega + 1 }, [filled(mega + 1)])).status).toBe(401);
});

test.each([
  [100, 422],
  [102, 400],
  [10_000, 400],
  [500_000, 400],
])('JSON that nests %i levels is %i', async (depth, status) => {
  const body = `${'['.repeat(depth)}${']'.repeat(depth)}`;
  expect((await raw({}, [body])).status).toBe(status);
});

test('a definition may have 256 KB, an event too', async () => {
  const actions = (bytes: number) =>
    many(40, (index) => ({
      ...action(index),
      action_type: 'create_task',
      action_config: { title: 'x', description: 'x'.repeat(bytes / 40) },
    }));
  const answer = await api.request('POST', '/workflows', { body: workflowBody({ actions: actions(280_000) }) });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ code: 'too_large' }] } });
  const event = {
    event_type: 'pinged',
    entity_type: 'lead',
    entity_id: '1',
    data: Object.fromEntries(many(40, (index) => [`f${index}`, 'x'.repeat(7_000)])),
  };
  expect((await api.request('POST', '/events', { body: event })).status).toBe(422);
  const trigger = { triggered_by: 'lead_id', triggered_by_value: '1', additional_data: { text: 'x'.repeat(270_000) } };
  expect((await api.request('POST', `/workflows/${things.workflowId}/trigger`, { body: trigger })).status).toBe(422);
});

test.each([
  ['an Idempotency-Key of 255 characters', { 'Idempotency-Key': 'k'.repeat(255) }, 201],
  ['an Idempotency-Key of 256', { 'Idempotency-Key': 'k'.repeat(256) }, 400],
  ['a tenant of 64', { 'X-Tenant-ID': 't'.repeat(64) }, 201],
  ['a tenant of 65', { 'X-Tenant-ID': 't'.repeat(65) }, 400],
  ['a user of 128', { 'X-User-ID': 'u'.repeat(128) }, 201],
  ['a user of 129', { 'X-User-ID': 'u'.repeat(129) }, 400],
  ['headers of 8 KB', { 'X-Other': 'x'.repeat(8_000) }, 201],
  ['headers of 20 KB', { 'X-Other': 'x'.repeat(20_000) }, 431],
])('%s → %i', async (_, headers, status) => {
  expect((await raw(headers, [JSON.stringify(workflowBody())])).status).toBe(status);
});

test('an id in a path and a key are no way to a row that is too long', async () => {
  for (const id of ['9'.repeat(300), 'x'.repeat(3_000)]) {
    expect((await raw({ 'Idempotency-Key': 'long-path' }, ['{}'], `/api/v1/workflows/${id}/clone`)).status).toBe(404);
  }
});

describe('the rate', () => {
  let limited: ApiUnderTest;
  beforeAll(async () => {
    limited = await startApi({ isKafkaAway: true, rateLimit: { requests: 5, windowSeconds: 2 } });
  });
  afterAll(() => limited[Symbol.asyncDispose]());

  const ask = (tenant: string | null, path = '/workflows') => limited.request('GET', path, { tenant });
  const headersOf = ({ headers }: { headers: Headers }) =>
    ['policy', 'limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`));

  test('says what is left, refuses what is more, and leaves other tenants alone', async () => {
    const first = await ask('busy');
    expect([first.status, headersOf(first)]).toEqual([200, ['5;w=2', '5', '4', '2']]);
    const rest = [];
    for (let count = 0; count < 5; count++) rest.push(await ask('busy'));
    expect(rest.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    const refused = rest.at(-1);
    expect(refused?.body).toMatchObject({ code: 'rate_limited' });
    expect(refused?.headers.get('retry-after')).toMatch(/^[12]$/);
    expect(refused?.headers.get('ratelimit-remaining')).toBe('0');
    expect((await ask('calm')).status).toBe(200);
  });

  test('counts what is refused for other reasons, but not who isn’t known', async () => {
    for (let count = 0; count < 10; count++) expect((await ask(null)).status).toBe(401);
    for (const path of ['/nothing', '/workflows/999', '/workflows?limit=0', '/workflows/abc']) await ask('clumsy', path);
    expect((await ask('clumsy')).headers.get('ratelimit-remaining')).toBe('0');
  });

  test('begins anew with each window', async () => {
    for (let count = 0; count < 6; count++) await ask('patient');
    expect((await ask('patient')).status).toBe(429);
    await eventually(async () => (await ask('patient')).status === 200);
  });

  test('can be left unlimited', async () => {
    expect((await api.request('GET', '/workflows')).headers.get('ratelimit-limit')).toBeNull();
  });
});
