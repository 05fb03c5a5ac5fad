import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) => api.request('POST', path, { body, headers });
const put = (path: string, body: unknown, headers: Record<string, string> = {}) => api.request('PUT', path, { body, headers });
const read = async (path: string) => (await api.request('GET', path)).body;
const create = async (overrides: Record<string, unknown> = {}) => (await post('/workflows', workflowBody(overrides))).body;
const tag = (name: string) => ({ name, action_type: 'add_tag', action_config: { tag: name } });
const hotBranch = (actions: unknown[]) => ({
  name: 'choose',
  action_type: 'branch',
  action_config: { branches: [{ name: 'hot', conditions: [{ field: 'lead_score', operator: 'greater_than', value: 80 }], actions }] },
});

test('every change is a version with its author and note, and none of them ever changes', async () => {
  const by = { 'X-User-ID': 'user-456' };
  const { id, name } = (await post('/workflows?note=the first', workflowBody(), by)).body;
  const first = await read(`/workflows/${id}/versions/1`);
  await put(`/workflows/${id}?note=a better text`, workflowBody({ name, description: 'Better', actions: [] }), by);
  await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: false } });
  await post(`/workflows/${id}/triggers`, { trigger_type: 'lead_scored' });
  const list = await read(`/workflows/${id}/versions`);
  expect(list).toMatchObject({
    total: 4,
    items: [
      { version: 4, author: null, note: null },
      { version: 3, note: 'disabled' },
      { version: 2, author: 'user-456', note: 'a better text' },
      { version: 1, author: 'user-456', note: 'the first', workflow_id: id },
    ],
  });
  expect((await read(`/workflows/${id}/versions?limit=1&offset=1`)).items).toEqual([list.items[1]]);
  expect(await read(`/workflows/${id}/versions/1`)).toEqual(first);
  expect(first).toMatchObject({
    name,
    description: 'Auto-score leads based on engagement',
    enabled: true,
    actions: [{ name: 'create_task_0' }],
  });
  expect(await read(`/workflows/${id}/versions/2`)).toMatchObject({ description: 'Better', enabled: true, actions: [] });
});

test('two versions are compared by the ids of their parts', async () => {
  const { id, name, actions, triggers } = await create({ actions: [tag('a'), tag('b')] });
  await put(`/workflows/${id}`, {
    name,
    triggers: [{ ...triggers[0], trigger_config: { min_score: 9 } }],
    actions: [{ ...actions[0], delay_seconds: 60 }, tag('c')],
  });
  const { body } = await api.request('GET', `/workflows/${id}/versions/2/diff`);
  expect(body).toMatchObject({ version: 2, against: 1 });
  expect(body.differences.map(({ path, kind }: { path: string; kind: string }) => [path, kind])).toEqual([
    ['description', 'changed'],
    [`triggers[id=${triggers[0].id}].trigger_config.min_score`, 'changed'],
    [`actions[id=${actions[0].id}].delay_seconds`, 'changed'],
    [`actions[id=${actions[1].id}]`, 'removed'],
    [`actions[id=${actions[1].id + 1}]`, 'added'],
  ]);
  expect((await read(`/workflows/${id}/versions/1/diff?against=1`)).differences).toEqual([]);
  expect(await read(`/workflows/${id}/versions/1/diff`)).toMatchObject({
    against: null,
    differences: expect.arrayContaining([{ path: 'name', kind: 'added', before: null, after: name }]),
  });
});

test('restoring brings back what was removed under its own ids, as a new version; whether it is enabled stays', async () => {
  const before = await create({ actions: [tag('a'), hotBranch([tag('b')])], re_entry: 'once' });
  const path = `/workflows/${before.id}`;
  await put(path, workflowBody({ name: 'Something else', actions: [tag('z')], triggers: [] }));
  await api.request('PATCH', `${path}/enable`, { body: { enabled: false } });
  const restored = await post(`${path}/versions/1/restore`, undefined, { 'If-Match': '"3"' });
  expect(restored.status).toBe(200);
  expect(restored.headers.get('etag')).toBe('"4"');
  expect(restored.body).toMatchObject({ version: 4, enabled: false, name: before.name, re_entry: 'once', published_at: null });
  expect(restored.body.actions).toEqual(before.actions);
  expect(restored.body.triggers).toEqual(before.triggers);
  expect((await read(`${path}/versions/4`)).note).toBe('restored version 1');
  const [rows] = await api.database.pool.query(
    'select name, deleted_at is not null as gone from workflow_actions where workflow_id = ? order by id',
    [before.id],
  );
  expect(rows).toEqual([
    { name: 'a', gone: 0 },
    { name: 'choose', gone: 0 },
    { name: 'b', gone: 0 },
    { name: 'z', gone: 1 },
  ]);
  expect((await put(path, workflowBody({ actions: [{ ...tag('z'), id: restored.body.actions[0].id + 3 }] }))).body.errors[0].code).toBe(
    'unknown_id',
  );
});

test('a name that another workflow has taken since can’t be restored', async () => {
  const { id, name } = await create();
  await put(`/workflows/${id}`, workflowBody());
  await create({ name });
  expect(await post(`/workflows/${id}/versions/1/restore`)).toMatchObject({ status: 409, body: { code: 'name_taken' } });
  expect((await read(`/workflows/${id}`)).version).toBe(2);
});

test('a stale If-Match restores nothing', async () => {
  const { id } = await create();
  await put(`/workflows/${id}`, workflowBody());
  expect((await post(`/workflows/${id}/versions/1/restore`, undefined, { 'If-Match': '"1"' })).status).toBe(412);
});

test('a clone has the same definition, disabled, with ids and a name of its own', async () => {
  const original = await create({ actions: [hotBranch([tag('b')]), tag('a')] });
  const clone = await post(`/workflows/${original.id}/clone`, undefined, { 'X-User-ID': 'user-7' });
  expect(clone.status).toBe(201);
  expect(clone.headers.get('location')).toBe(`/api/v1/workflows/${clone.body.id}`);
  expect(clone.body).toMatchObject({ name: `${original.name} (copy)`, enabled: false, version: 1, created_by: 'user-7' });
  const idsOf = (json: unknown) => [...JSON.stringify(json).matchAll(/"id":(\d+)/g)].map(([, id]) => id);
  const withoutIds = (json: unknown) => JSON.parse(JSON.stringify(json).replaceAll(/"id":\d+,/g, ''));
  expect(withoutIds(clone.body.actions)).toEqual(withoutIds(original.actions));
  expect(withoutIds(clone.body.triggers)).toEqual(withoutIds(original.triggers));
  expect(idsOf(clone.body.actions).some((id) => idsOf(original.actions).includes(id))).toBe(false);
  expect((await read(`/workflows/${clone.body.id}/versions`)).items[0].note).toBe(`copied from version 1 of workflow ${original.id}`);

  expect((await post(`/workflows/${original.id}/clone`)).body.name).toBe(`${original.name} (copy 2)`);
  expect(await post(`/workflows/${original.id}/clone`, { name: original.name })).toMatchObject({ status: 409 });
  expect((await post(`/workflows/${original.id}/clone`, { enabled: true, name: `${original.name} live` })).body.enabled).toBe(true);
});

test('an older version can be cloned', async () => {
  const { id } = await create({ actions: [tag('old')] });
  await put(`/workflows/${id}`, workflowBody({ actions: [] }));
  expect((await post(`/workflows/${id}/clone`, { version: 1 })).body.actions).toMatchObject([{ name: 'old' }]);
  expect((await post(`/workflows/${id}/clone`, { version: 9 })).status).toBe(404);
});

test('versions of a foreign or deleted workflow, and those that never were, are not there', async () => {
  const { id } = await create();
  for (const path of ['', '/1', '/1/diff']) {
    expect((await api.request('GET', `/workflows/${id}/versions${path}`, { tenant: 'stranger' })).status).toBe(404);
  }
  expect((await api.request('POST', `/workflows/${id}/versions/1/restore`, { tenant: 'stranger' })).status).toBe(404);
  expect((await api.request('POST', `/workflows/${id}/clone`, { tenant: 'stranger' })).status).toBe(404);
  expect((await api.request('GET', `/workflows/${id}/versions/2`)).status).toBe(404);
  expect((await api.request('GET', `/workflows/${id}/versions/1/diff?against=5`)).status).toBe(404);
  await api.request('DELETE', `/workflows/${id}`);
  expect((await api.request('GET', `/workflows/${id}/versions/1`)).status).toBe(404);
});
