import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const create = async (overrides: Record<string, unknown> = {}, tenant = 'tenant-123') =>
  (await api.request('POST', '/workflows', { tenant, body: workflowBody(overrides) })).body;
const read = async (path: string) => (await api.request('GET', path)).body;
const tag = (name: string, overrides: Record<string, unknown> = {}) => ({
  name,
  action_type: 'add_tag',
  action_config: { tag: name },
  ...overrides,
});
const branching = {
  name: 'choose',
  action_type: 'branch',
  action_config: {
    branches: [{ name: 'hot', conditions: [{ field: 'lead_score', operator: 'greater_than', value: 80 }], actions: [tag('hot')] }],
    else_actions: [tag('cold')],
  },
};
const namesOf = (actions: { name: string }[]) => actions.map(({ name }) => name);

test('a trigger is added, replaced and removed, each time as the next version', async () => {
  const { id, triggers } = await create();
  const path = `/workflows/${id}/triggers`;
  const added = await api.request('POST', path, {
    body: {
      trigger_type: 'lead_scored',
      trigger_config: '{"min_score": 50}',
      conditions: [{ field: 'source', operator: 'equals', value: 'web' }],
    },
    headers: { 'If-Match': '"1"' },
  });
  expect(added.status).toBe(201);
  expect(added.headers.get('etag')).toBe('"2"');
  expect(added.headers.get('location')).toBe(`/api/v1${path}/${added.body.id}`);
  expect(await read(`${path}/${added.body.id}`)).toEqual(added.body);
  expect(added.body).toMatchObject({
    trigger_type: 'lead_scored',
    trigger_config: { min_score: 50 },
    conditions: { all: [{ field: 'source' }] },
  });
  expect(await read(path)).toMatchObject({ total: 2, items: [triggers[0], added.body] });

  const replaced = await api.request('PUT', `${path}/${added.body.id}`, { body: { trigger_type: 'task_completed' } });
  expect(replaced.body).toEqual({ id: added.body.id, trigger_type: 'task_completed', trigger_config: {}, conditions: null });
  const removed = await api.request('DELETE', `${path}/${triggers[0].id}`);
  expect(removed).toMatchObject({ status: 204, body: undefined });
  expect(removed.headers.get('etag')).toBe('"4"');
  expect(await read(`/workflows/${id}`)).toMatchObject({ version: 4, triggers: [replaced.body] });
  const [rows] = await api.database.pool.query(
    'select deleted_at is not null as gone from workflow_triggers where workflow_id = ? order by id',
    [id],
  );
  expect(rows).toEqual([{ gone: 1 }, { gone: 0 }]);
});

test('an action is added last or where its order says, replaced and removed', async () => {
  const { id, actions } = await create({ actions: [tag('a', { order: 0 }), tag('c', { order: 10 })] });
  const path = `/workflows/${id}/actions`;
  const last = await api.request('POST', path, { body: { action_type: 'add_tag', action_config: { tag: 'd' } } });
  expect(last.status).toBe(201);
  expect(last.body).toMatchObject({ name: 'add_tag_11', order: 11, parent_id: null, arm: null });
  expect(last.headers.get('location')).toBe(`/api/v1${path}/${last.body.id}`);
  expect(await read(`${path}/${last.body.id}`)).toEqual(last.body);
  expect((await api.request('POST', path, { body: tag('b', { order: 5 }) })).body.order).toBe(5);
  expect(namesOf((await read(path)).items)).toEqual(['a', 'b', 'c', 'add_tag_11']);

  const replaced = await api.request('PUT', `${path}/${actions[1].id}`, {
    body: { action_type: 'remove_tag', action_config: { tag: 'x' } },
  });
  expect(replaced.body).toMatchObject({ id: actions[1].id, name: 'c', order: 10, action_type: 'remove_tag', delay_seconds: 0 });
  expect((await api.request('DELETE', `${path}/${actions[0].id}`)).status).toBe(204);
  expect(namesOf((await read(`/workflows/${id}`)).actions)).toEqual(['b', 'c', 'add_tag_11']);
});

test('actions in arms are listed with their place, and new ones are put there', async () => {
  const { id } = await create({ actions: [branching] });
  const path = `/workflows/${id}/actions`;
  const [parent] = (await read(path)).items;
  expect((await read(path)).items).toMatchObject([
    { name: 'choose', parent_id: null, arm: null, action_config: { branches: [{ name: 'hot' }] } },
    { name: 'hot', parent_id: parent.id, arm: 'hot' },
    { name: 'cold', parent_id: parent.id, arm: 'else' },
  ]);
  const added = await api.request('POST', path, {
    body: { action_type: 'add_tag', action_config: { tag: 'vip' }, parent_id: parent.id, arm: 'hot' },
  });
  expect(added.body).toMatchObject({ name: 'choose_hot_add_tag_1', order: 1, parent_id: parent.id, arm: 'hot' });
  const [branch] = (await read(`/workflows/${id}`)).actions;
  expect(namesOf(branch.action_config.branches[0].actions)).toEqual(['hot', 'choose_hot_add_tag_1']);
  expect(branch.action_config.branches[0].actions[1].id).toBe(added.body.id);
});

test('replacing a branch keeps the actions of arms for which none are given; removing it removes them', async () => {
  const { id } = await create({ actions: [branching, tag('after')] });
  const path = `/workflows/${id}/actions`;
  const [parent, hot] = (await read(path)).items;
  const conditions = [{ field: 'lead_score', operator: 'greater_than', value: 95 }];
  const body = { action_type: 'branch', action_config: { branches: [{ name: 'hot', conditions }], else_actions: [tag('frozen')] } };
  expect((await api.request('PUT', `${path}/${parent.id}`, { body })).status).toBe(200);
  const { items } = await read(path);
  expect(namesOf(items)).toEqual(expect.arrayContaining(['choose', 'hot', 'frozen', 'after']));
  expect(items.find(({ name }: { name: string }) => name === 'hot').id).toBe(hot.id);
  expect(items.find(({ name }: { name: string }) => name === 'choose').action_config.branches[0].conditions).toMatchObject([{ value: 95 }]);
  await api.request('DELETE', `${path}/${parent.id}`);
  expect(namesOf((await read(path)).items)).toEqual(['after']);
});

test.each([
  [{ action_type: 'add_tag', action_config: { tag: 'x' }, order: 0 }, ['order']],
  [tag('first', { order: 3 }), ['name']],
  [{ action_type: 'add_tag', action_config: { colour: 'x' } }, ['action_config.tag', 'action_config.colour']],
  [tag('x', { id: 7 }), ['id']],
  [tag('x', { parent_id: 999_999, arm: 'hot' }), ['parent_id']],
  [tag('x', { arm: 'hot' }), ['parent_id']],
  [{ action_type: 'fly' }, ['action_type']],
  [{ ...branching, action_config: { branches: [{ name: 'a', conditions: [], actions: [tag('first')] }] } }, ['action_config']],
])('faults of the new action %j are named as its own', async (body, paths) => {
  const { id } = await create({ actions: [tag('first')] });
  const answer = await api.request('POST', `/workflows/${id}/actions`, { body });
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([...paths].sort());
  expect((await read(`/workflows/${id}`)).version).toBe(1);
});

test('an arm that an action does not have is named', async () => {
  const { id } = await create({ actions: [branching] });
  const [parent] = (await read(`/workflows/${id}/actions`)).items;
  const body = tag('x', { parent_id: parent.id, arm: 'warm' });
  expect((await api.request('POST', `/workflows/${id}/actions`, { body })).body.errors).toMatchObject([
    { path: 'arm', code: 'unknown_arm' },
  ]);
});

test('a trigger of another workflow, and a workflow of another tenant, are not there', async () => {
  const [mine, other, foreign] = [await create(), await create(), await create({}, 'stranger')];
  for (const [kind, body, children] of [
    ['triggers', { trigger_type: 'lead_created' }, 'triggers'],
    ['actions', tag('x'), 'actions'],
  ] as const) {
    for (const path of [
      `/workflows/${mine.id}/${kind}/${other[children][0].id}`,
      `/workflows/${foreign.id}/${kind}/${foreign[children][0].id}`,
      `/workflows/${mine.id}/${kind}/abc`,
    ]) {
      expect((await api.request('GET', path)).status).toBe(404);
      expect((await api.request('PUT', path, { body })).status).toBe(404);
      expect((await api.request('DELETE', path)).status).toBe(404);
    }
    expect((await api.request('POST', `/workflows/${foreign.id}/${kind}`, { body })).status).toBe(404);
    expect((await api.request('GET', `/workflows/${foreign.id}/${kind}`)).status).toBe(404);
  }
});

test('a stale If-Match on a child is 412, and a body with another id is refused', async () => {
  const { id, triggers, actions } = await create();
  const stale = { 'If-Match': '"9"' };
  expect((await api.request('POST', `/workflows/${id}/triggers`, { body: { trigger_type: 'lead_created' }, headers: stale })).status).toBe(
    412,
  );
  expect((await api.request('DELETE', `/workflows/${id}/actions/${actions[0].id}`, { headers: stale })).status).toBe(412);
  const body = { id: triggers[0].id + 1, trigger_type: 'lead_created' };
  expect((await api.request('PUT', `/workflows/${id}/triggers/${triggers[0].id}`, { body })).body.errors[0].path).toBe('id');
});

test('limits hold for what is added one by one', async () => {
  const { id } = await create({
    triggers: Array.from({ length: 20 }, () => ({ trigger_type: 'lead_created' })),
    actions: Array.from({ length: 100 }, (_, index) => tag(`t${index}`)),
  });
  expect((await api.request('POST', `/workflows/${id}/triggers`, { body: { trigger_type: 'lead_created' } })).body.errors[0].code).toBe(
    'too_big',
  );
  expect((await api.request('POST', `/workflows/${id}/actions`, { body: tag('more') })).body.errors[0].code).toBe('too_big');
});
