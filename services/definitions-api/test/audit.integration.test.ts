import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, seed, startApi, workflowBody } from './api-under-test.ts';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi({ isKafkaAway: true });
});
afterAll(() => api[Symbol.asyncDispose]());

const ann = { 'X-User-ID': 'ann', 'X-User-Role': 'editor', 'X-Request-ID': 'request-1' };
const create = async (tenant: string) => (await api.request('POST', '/workflows', { tenant, body: workflowBody(), headers: ann })).body;
const audit = async (tenant: string, query = '') => (await api.request('GET', `/audit${query}`, { tenant })).body;

test('a change is written down with who, what, before and after', async () => {
  const workflow = await create('who');
  await api.request('PATCH', `/workflows/${workflow.id}/enable`, {
    tenant: 'who',
    body: { enabled: false },
    headers: { 'X-User-ID': 'bob' },
  });
  await api.request('DELETE', `/workflows/${workflow.id}`, { tenant: 'who' });
  const { items, total } = await audit('who');
  expect(total).toBe(3);
  const common = { resource_type: 'workflow', resource_id: String(workflow.id), authenticated_by: 'headers', states_omitted: false };
  expect(items).toMatchObject([
    { ...common, action: 'delete', user_id: null, role: 'admin', before: { enabled: false, version: 2 }, after: null },
    { ...common, action: 'enable', user_id: 'bob', before: { enabled: true, version: 1 }, after: { enabled: false, version: 2 } },
    { ...common, action: 'create', user_id: 'ann', role: 'editor', request_id: 'request-1', path: '/workflows', before: null },
  ]);
  expect({ ...items[2].after, published_at: null }).toEqual({ ...workflow, published_at: null });
  expect((await api.request('GET', `/audit/${items[0].id}`, { tenant: 'who' })).body).toEqual(items[0]);
  expect((await api.request('GET', `/audit/${items[0].id}`, { tenant: 'stranger' })).status).toBe(404);
});

test('what is refused leaves no entry', async () => {
  const { id, name } = await create('refused');
  await api.request('POST', '/workflows', { tenant: 'refused', body: workflowBody({ name }) });
  await api.request('POST', '/workflows', { tenant: 'refused', body: {} });
  await api.request('PUT', `/workflows/${id}`, { tenant: 'refused', body: workflowBody(), headers: { 'If-Match': '"9"' } });
  await api.request('DELETE', `/workflows/${id}`, { tenant: 'refused', headers: { 'X-User-Role': 'viewer' } });
  await api.request('DELETE', `/workflows/${id}`, { tenant: 'stranger' });
  expect((await audit('refused')).total).toBe(1);
  expect((await audit('stranger')).total).toBe(0);
});

test('what before was is what the change before it left, however many come at once', async () => {
  const { id } = await create('racing');
  const change = (index: number) =>
    api.request('PUT', `/workflows/${id}`, { tenant: 'racing', body: workflowBody({ description: `${index}` }) });
  await Promise.all(Array.from({ length: 10 }, (_, index) => change(index)));
  const { items } = await audit('racing', '?action=update');
  const inOrder = items.toSorted(
    (a: { before: { version: number } }, b: { before: { version: number } }) => a.before.version - b.before.version,
  );
  expect(inOrder.map(({ before }: { before: { version: number } }) => before.version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const [index, { before }] of inOrder.entries()) if (index > 0) expect(before).toEqual(inOrder[index - 1].after);
});

test('a start is written down as asked for; a cancel that Kafka didn’t take is not', async () => {
  const { id } = await create('starts');
  const trigger = { tenant: 'starts', body: JSON.parse(seed.trigger) };
  expect((await api.request('POST', `/workflows/${id}/trigger`, { ...trigger, headers: ann })).status).toBe(403);
  const instance = (await api.request('POST', `/workflows/${id}/trigger`, trigger)).body;
  expect((await api.request('POST', `/workflows/${id}/instances/${instance.id}/cancel`, { tenant: 'starts' })).status).toBe(503);
  expect((await audit('starts', '?resource_type=instance')).items).toMatchObject([
    { action: 'trigger', resource_id: instance.id, before: null, after: null },
  ]);
});

test('entries are found by what, who and when', async () => {
  const { id } = await create('finder');
  await api.request('PUT', '/tenant-settings', { tenant: 'finder', body: { timezone: 'Europe/Berlin' } });
  expect((await audit('finder', `?resource_type=workflow&resource_id=${id}`)).total).toBe(1);
  expect((await audit('finder', '?user_id=ann')).total).toBe(1);
  expect((await audit('finder', '?action=update')).items).toMatchObject([
    { resource_type: 'tenant_settings', resource_id: null, before: { timezone: 'UTC' }, after: { timezone: 'Europe/Berlin' } },
  ]);
  const { created_at } = (await audit('finder', '?limit=1')).items[0];
  expect((await audit('finder', `?from=${created_at}`)).total).toBe(1);
  expect((await audit('finder', `?to=${created_at}`)).total).toBe(1);
  expect((await audit('finder', '?from=2001-01-01T00:00:00Z&to=2002-01-01T00:00:00Z')).total).toBe(0);
});

test.each(['from=yesterday', 'colour=red', 'action=DROP', 'user_id=%00', 'resource_id=a/b'])(
  'the query %s is 422 and named',
  async (query) => {
    const answer = await api.request('GET', `/audit?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: query.split('=')[0] }] } });
  },
);

test('a list leaves large states out, the entry by itself has them', async () => {
  const action = { action_type: 'create_task', action_config: { title: 'x', description: 'x'.repeat(2_000) } };
  const large = workflowBody({ actions: Array.from({ length: 20 }, (_, order) => ({ ...action, order })) });
  const workflow = (await api.request('POST', '/workflows', { tenant: 'large', body: large })).body;
  const [entry] = (await audit('large')).items;
  expect(entry).toMatchObject({ states_omitted: true, after: null });
  expect((await api.request('GET', `/audit/${entry.id}`, { tenant: 'large' })).body.after.actions).toEqual(workflow.actions);
});

test('only an admin reads it, and nobody changes it', async () => {
  expect((await api.request('GET', '/audit', { headers: { 'X-User-Role': 'operator' } })).status).toBe(403);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) expect((await api.request(method, '/audit')).status).toBe(405);
});
