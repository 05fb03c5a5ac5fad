import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, seed, startApi, workflowBody } from './api-under-test.ts';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const create = async (overrides: Record<string, unknown> = {}, tenant = 'tenant-123') =>
  (await api.request('POST', '/workflows', { tenant, body: workflowBody(overrides) })).body;

test('the seed’s workflow is created word for word and read back', async () => {
  const created = await api.request('POST', '/workflows', { body: seed.workflow, headers: { 'X-User-ID': 'user-456' } });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`/api/v1/workflows/${created.body.id}`);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toMatchObject({
    name: 'Lead Scoring Workflow',
    description: 'Auto-score leads based on engagement',
    enabled: true,
    version: 1,
    created_by: 'user-456',
    triggers: [{ trigger_type: 'lead_created', trigger_config: { min_score: 0 }, conditions: null }],
    actions: [
      {
        name: 'create_task_0',
        action_type: 'create_task',
        action_config: { title: 'Follow up', assigned_to_id: 1 },
        order: 0,
        delay_seconds: 300,
      },
    ],
  });
  const read = await api.request('GET', `/workflows/${created.body.id}`);
  expect(read.status).toBe(200);
  expect({ ...read.body, published_at: null }).toEqual({ ...created.body, published_at: null });
});

test('a name is taken once per tenant', async () => {
  const { name } = await create();
  const again = await api.request('POST', '/workflows', { body: workflowBody({ name: ` ${name} ` }) });
  expect(again.status).toBe(409);
  expect(again.body).toMatchObject({ code: 'name_taken', errors: [{ path: 'name' }] });
  expect((await api.request('POST', '/workflows', { tenant: 'other', body: workflowBody({ name }) })).status).toBe(201);
});

test('all faults of a body come in one answer, each with its path', async () => {
  const answer = await api.request('POST', '/workflows', {
    body: {
      name: '',
      colour: 'red',
      triggers: [{ trigger_type: 'lead_created', trigger_config: '{"min_scor": 1}' }],
      actions: [{ action_type: 'fly' }, { action_type: 'create_task', action_config: '[1]' }],
    },
  });
  expect(answer.status).toBe(422);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ status: 422, code: 'invalid', request_id: expect.any(String) });
  const paths = answer.body.errors.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['name', 'colour', 'triggers[0].trigger_config.min_scor', 'actions[0].action_type', 'actions[1].action_config']),
  );
});

test('workflows that a definition names must be the tenant’s, and there', async () => {
  const [mine, foreign, gone] = [await create(), await create({}, 'stranger'), await create()];
  await api.request('DELETE', `/workflows/${gone.id}`);
  const start = (workflowId: number) => ({ action_type: 'start_workflow', action_config: { workflow_id: workflowId } });
  const completed = (workflowId: number) => ({ trigger_type: 'workflow_completed', trigger_config: { workflow_id: workflowId } });
  const condition = { field: 'lead_score', operator: 'greater_than', value: 1 };
  const branch = {
    action_type: 'branch',
    action_config: { branches: [{ name: 'a', conditions: [condition], actions: [start(gone.id)] }] },
  };
  const answer = await api.request('POST', '/workflows', {
    body: workflowBody({ triggers: [completed(mine.id), completed(foreign.id)], actions: [start(mine.id), branch, start(999_999)] }),
  });
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
    ['triggers[1].trigger_config.workflow_id', 'unknown_id'],
    ['actions[1].action_config.branches[0].actions[0].action_config.workflow_id', 'unknown_id'],
    ['actions[2].action_config.workflow_id', 'unknown_id'],
  ]);
  const triggers = [completed(mine.id)];
  expect((await api.request('PUT', `/workflows/${mine.id}`, { body: workflowBody({ name: mine.name, triggers }) })).status).toBe(200);
});

test('a workflow that may start itself is saved with a warning', async () => {
  const tenant = 'circles';
  const send = (method: string, path: string, body: unknown) => api.request(method, path, { tenant, body });
  const start = (workflowId: number) => ({ action_type: 'start_workflow', action_config: { workflow_id: workflowId } });
  const heard = { trigger_type: 'custom', trigger_config: { event_name: 'order.*' } };
  const emit = { action_type: 'emit_event', action_config: { event_name: 'order.paid' } };
  const first = await create({ name: 'First', triggers: [heard], actions: [] }, tenant);
  const second = await create({ name: 'Second', triggers: [], actions: [start(first.id)] }, tenant);
  expect([first.warnings, second.warnings]).toEqual([undefined, undefined]);
  const closed = await send(
    'PUT',
    `/workflows/${first.id}`,
    workflowBody({ name: 'First', triggers: [heard], actions: [start(second.id)] }),
  );
  expect(closed.status).toBe(200);
  expect(closed.body.warnings).toEqual([
    { path: '', code: 'cycle', message: `Expected a workflow that can't start itself, but this one may, by way of "Second"` },
  ]);
  const branch = { action_type: 'branch', action_config: { branches: [{ name: 'a', conditions: [], actions: [emit] }] } };
  const own = await send('POST', '/workflows', workflowBody({ triggers: [heard], actions: [branch] }));
  expect(own.body.warnings).toMatchObject([{ code: 'cycle', message: expect.stringMatching(/this one may$/) }]);
  expect((await api.request('GET', `/workflows/${own.body.id}`, { tenant })).body.warnings).toBeUndefined();
  // Another tenant's workflows are no way.
  expect((await create({ triggers: [heard], actions: [] }, 'straight')).warnings).toBeUndefined();
});

test('a definition over 256 KB is refused as a whole', async () => {
  const actions = Array.from({ length: 30 }, (_, index) => ({
    name: `a${index}`,
    action_type: 'create_task',
    action_config: { title: 'x', description: 'y'.repeat(9_900) },
  }));
  const answer = await api.request('POST', '/workflows', { body: workflowBody({ name: 'Too large', actions }) });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: '', code: 'too_large' }] } });
  expect((await api.request('GET', '/workflows?name=Too large')).body.total).toBe(0);
});

test.each([
  ['malformed JSON', '{"name":', {}, 400, 'malformed_json'],
  ['another content type', 'name=x', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
  ['more than 1 MB', JSON.stringify({ name: 'x'.repeat(1_100_000) }), {}, 413, 'body_too_large'],
  ['a list', '[]', {}, 422, 'invalid'],
  ['a number', '5', {}, 422, 'invalid'],
])('%s is refused', async (_, body, headers, status, code) => {
  const answer = await api.request('POST', '/workflows', { body, headers });
  expect(answer).toMatchObject({ status, body: { status, code } });
});

test('an update keeps the ids of the children that are named, and makes the next version', async () => {
  const before = await create({
    actions: [
      { action_type: 'add_tag', action_config: { tag: 'a' }, name: 'stay' },
      { action_type: 'add_tag', action_config: { tag: 'b' }, name: 'go' },
    ],
    triggers: [
      {
        trigger_type: 'lead_created',
        conditions: {
          any: [{ field: 'lead_score', operator: 'greater_than', value: 50 }, { not: { field: 'source', operator: 'equals', value: 'x' } }],
        },
      },
    ],
  });
  const [stay] = before.actions;
  const [trigger] = before.triggers;
  const updated = await api.request('PUT', `/workflows/${before.id}`, {
    body: {
      name: before.name,
      triggers: [{ ...trigger, trigger_config: { min_score: 3 } }],
      actions: [
        { action_type: 'add_tag', action_config: { tag: 'c' }, name: 'new', order: 0 },
        { ...stay, order: 1 },
      ],
    },
    headers: { 'If-Match': '"1"' },
  });
  expect(updated.status).toBe(200);
  expect(updated.headers.get('etag')).toBe('"2"');
  expect(updated.body.triggers).toEqual([{ ...trigger, trigger_config: { min_score: 3 } }]);
  expect(updated.body.actions.map((action: { name: string }) => action.name)).toEqual(['new', 'stay']);
  expect(updated.body.actions[1].id).toBe(stay.id);
  const [actions] = await api.database.pool.query(
    'select name, deleted_at is not null as gone from workflow_actions where workflow_id = ? order by id',
    [before.id],
  );
  expect(actions).toEqual([
    { name: 'stay', gone: 0 },
    { name: 'go', gone: 1 },
    { name: 'new', gone: 0 },
  ]);
  const [conditions] = await api.database.pool.query(
    'select c.kind, c.field, p.kind as parent from trigger_conditions c left join trigger_conditions p on p.id = c.parent_id where c.trigger_id = ? order by c.id',
    [trigger.id],
  );
  expect(conditions).toEqual([
    { kind: 'any', field: null, parent: null },
    { kind: 'leaf', field: 'lead_score', parent: 'any' },
    { kind: 'not', field: null, parent: 'any' },
    { kind: 'leaf', field: 'source', parent: 'not' },
  ]);
  const [versions] = await api.database.pool.query('select version from workflow_versions where workflow_id = ? order by version', [
    before.id,
  ]);
  expect(versions).toEqual([{ version: 1 }, { version: 2 }]);
});

test('a child’s id that isn’t the workflow’s is named', async () => {
  const other = await create();
  const mine = await create();
  const answer = await api.request('PUT', `/workflows/${mine.id}`, {
    body: {
      ...workflowBody(),
      actions: [other.actions[0], mine.actions[0]].map((action, order) => ({ ...action, order, name: `a${order}` })),
    },
  });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'actions[0].id', code: 'unknown_id' }] } });
  expect((await api.request('GET', `/workflows/${mine.id}`)).body.version).toBe(1);
});

test('a stale If-Match is 412 and changes nothing', async () => {
  const { id } = await create();
  for (const [method, path, body] of [
    ['PUT', `/workflows/${id}`, workflowBody()],
    ['PATCH', `/workflows/${id}/enable`, { enabled: false }],
    ['DELETE', `/workflows/${id}`, undefined],
  ] as const) {
    expect(await api.request(method, path, { body, headers: { 'If-Match': '"7"' } })).toMatchObject({
      status: 412,
      body: { code: 'version_changed' },
    });
  }
  expect((await api.request('GET', `/workflows/${id}`)).body).toMatchObject({ version: 1, enabled: true });
});

test('switching off makes a version, switching off again does not', async () => {
  const { id } = await create();
  const off = await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: false, on_disable: 'cancel' } });
  expect(off).toMatchObject({ status: 200, body: { enabled: false, on_disable: 'cancel', version: 2 } });
  expect((await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: false } })).body.version).toBe(2);
  expect((await api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: 'no' } })).body.errors[0].path).toBe('enabled');
});

test('a deleted workflow is gone and its name is free', async () => {
  const { id, name } = await create();
  expect((await api.request('DELETE', `/workflows/${id}`)).status).toBe(202);
  expect((await api.request('GET', `/workflows/${id}`)).status).toBe(404);
  expect((await api.request('DELETE', `/workflows/${id}`)).status).toBe(404);
  expect((await api.request('POST', '/workflows', { body: workflowBody({ name }) })).status).toBe(201);
  const [rows] = await api.database.pool.query('select name, deleted_at is not null as gone from workflows where id = ?', [id]);
  expect(rows).toEqual([{ name: ` ${name}#${id}`, gone: 1 }]);
});

test('lists have pages, newest first', async () => {
  for (const _ of [1, 2, 3]) await create({}, 'lister');
  const page = await api.request('GET', '/workflows?limit=2&offset=1', { tenant: 'lister' });
  expect(page.body).toMatchObject({ total: 3, limit: 2, offset: 1 });
  expect(page.body.items).toHaveLength(2);
  expect(page.body.items[0].id).toBeGreaterThan(page.body.items[1].id);
  expect(page.body.items[0].actions).toHaveLength(1);
  expect((await api.request('GET', '/workflows', { tenant: 'nobody' })).body).toEqual({ items: [], total: 0, limit: 50, offset: 0 });
});

test.each(['limit=201', 'limit=0', 'limit=x', 'offset=10001', 'offset=-1', 'colour=red', 'limit=1&limit=2'])(
  'the query %s is 422 and named',
  async (query) => {
    const answer = await api.request('GET', `/workflows?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe(query.split('=')[0]);
  },
);

test('what is foreign, missing or malformed gives the same 404', async () => {
  const { id } = await create({}, 'owner');
  const bodies = new Set<string>();
  for (const path of [
    `/workflows/${id}`,
    '/workflows/999999',
    '/workflows/abc',
    '/workflows/-1',
    '/workflows/1e3',
    '/workflows/99999999999999999999',
    '/nothing',
  ]) {
    const answer = await api.request('GET', path, { tenant: 'stranger' });
    expect(answer.status).toBe(404);
    const { request_id: _, ...body } = answer.body;
    bodies.add(JSON.stringify(body));
  }
  expect(bodies.size).toBe(1);
  for (const [method, path, body] of [
    ['PUT', `/workflows/${id}`, workflowBody()],
    ['PATCH', `/workflows/${id}/enable`, { enabled: false }],
    ['DELETE', `/workflows/${id}`, undefined],
    ['POST', `/workflows/${id}/trigger`, JSON.parse(seed.trigger)],
    ['GET', `/workflows/${id}/instances`, undefined],
  ] as const) {
    expect((await api.request(method, path, { tenant: 'stranger', body })).status).toBe(404);
  }
  expect((await api.request('GET', `/workflows/${id}`, { tenant: 'owner' })).body).toMatchObject({ version: 1, enabled: true });
});

test('identity is asked for and checked', async () => {
  expect(await api.request('GET', '/workflows', { tenant: null })).toMatchObject({ status: 401, body: { code: 'tenant_required' } });
  for (const tenant of ['a b', 'x'.repeat(65), 'a/b', "a'"]) expect((await api.request('GET', '/workflows', { tenant })).status).toBe(400);
  expect(await api.request('POST', '/workflows', { body: workflowBody(), headers: { 'X-User-Role': 'viewer' } })).toMatchObject({
    status: 403,
    body: { code: 'forbidden' },
  });
  expect((await api.request('GET', '/workflows', { headers: { 'X-User-Role': 'root' } })).status).toBe(400);
});

test('a method that a path doesn’t have is 405 with Allow', async () => {
  const answer = await api.request('PATCH', '/workflows', { body: {} });
  expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  expect(answer.headers.get('allow')).toContain('POST');
});

test('a request id is kept where it is acceptable, else made', async () => {
  expect((await api.request('GET', '/workflows', { headers: { 'X-Request-ID': 'abc-1' } })).headers.get('x-request-id')).toBe('abc-1');
  expect((await api.request('GET', '/workflows', { headers: { 'X-Request-ID': 'a b' } })).headers.get('x-request-id')).toMatch(
    /^[0-9a-f-]{36}$/,
  );
});

test('concurrent changes of one workflow leave one version each', async () => {
  const { id } = await create();
  const changes = Array.from({ length: 12 }, (_, index) =>
    index % 2 === 0
      ? api.request('PUT', `/workflows/${id}`, { body: workflowBody({ description: String(index) }) })
      : api.request('PATCH', `/workflows/${id}/enable`, { body: { enabled: index % 4 === 1 } }),
  );
  for (const { status } of await Promise.all(changes)) expect(status).toBe(200);
  const { version } = (await api.request('GET', `/workflows/${id}`)).body;
  const [rows] = await api.database.pool.query(
    'select count(*) as count, max(version) as newest from workflow_versions where workflow_id = ?',
    [id],
  );
  expect(rows).toEqual([{ count: version, newest: version }]);
});
