import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBuiltInTemplates, seedBuiltInTemplates } from '../src/templates/built-in-templates.ts';
import { sampleOf } from '../src/templates/parameters.ts';
import { type ApiUnderTest, startApi } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
  // As several processes do at once.
  await Promise.all([1, 2, 3].map(() => seedBuiltInTemplates(api.database)));
});
afterAll(() => api[Symbol.asyncDispose]());

let count = 0;
const template = (overrides: Record<string, unknown> = {}) => ({
  name: `Template ${++count}`,
  description: 'Tags hot leads.',
  category: 'sales',
  parameters: [
    { name: 'threshold', type: 'number', default: 80 },
    { name: 'tag', type: 'text' },
    { name: 'source', type: 'text', required: false },
  ],
  definition: {
    triggers: [{ trigger_type: 'lead_created', trigger_config: { min_score: '%{threshold}', source: '%{source}' } }],
    actions: [{ name: 'mark', action_type: 'add_tag', action_config: { tag: '%{tag}-%{threshold}' } }],
  },
  ...overrides,
});
const as = (user: string, role: string) => ({ 'X-User-ID': user, 'X-User-Role': role });
const post = (path: string, body: unknown, headers: Record<string, string> = {}, tenant = 'tenant-123') =>
  api.request('POST', path, { tenant, body, headers });
const create = async (overrides: Record<string, unknown> = {}, headers = {}) =>
  (await post('/workflow-templates', template(overrides), headers)).body;
const namesOf = async (query: string, options: { tenant?: string; headers?: Record<string, string> } = {}) =>
  (await api.request('GET', `/workflow-templates?${query}`, options)).body.items.map(({ name }: { name: string }) => name);

test('built-in templates are there for every tenant, once, however often they are written', async () => {
  const names = readBuiltInTemplates().map(({ name }) => name);
  expect(await namesOf('built_in=true&limit=200')).toEqual(names.toSorted());
  expect(await namesOf('built_in=true&limit=200', { tenant: 'other' })).toEqual(names.toSorted());
  expect(await seedBuiltInTemplates(api.database)).toBe(0);
  const onboarding = await namesOf('built_in=true&category=onboarding');
  expect(onboarding.length).toBeGreaterThanOrEqual(3);
});

test('a built-in template that was changed or renamed in the database is brought back', async () => {
  const { pool } = api.database;
  await pool.query("update workflow_templates set description = 'x' where tenant_id = '*' and name = 'Hot lead alert'");
  await pool.query("update workflow_templates set name = 'Gone' where tenant_id = '*' and name = 'Win back a lost deal'");
  expect(await seedBuiltInTemplates(api.database)).toBe(2);
  expect(await namesOf('built_in=true&limit=200')).toHaveLength(readBuiltInTemplates().length);
});

test('every built-in template makes a disabled workflow that is otherwise complete', async () => {
  const tenant = 'user-of-all';
  const { items } = (await api.request('GET', '/workflow-templates?limit=200', { tenant })).body;
  for (const { id, name, parameters, category } of items) {
    const values = Object.fromEntries(
      parameters
        .filter((each: { required: boolean }) => each.required)
        .map((each: { name: string }) => [each.name, sampleOf(each as never)]),
    );
    const answer = await post(`/workflow-templates/${id}/instantiate`, { parameters: values }, {}, tenant);
    expect(answer.status, name).toBe(201);
    expect(answer.body, name).toMatchObject({ name, enabled: false, version: 1 });
    expect(answer.body.triggers.length, category).toBeGreaterThan(0);
    expect(JSON.stringify(answer.body)).not.toContain('%{');
    const enabled = await api.request('PATCH', `/workflows/${answer.body.id}/enable`, { tenant, body: { enabled: true } });
    expect(enabled.status).toBe(200);
  }
});

test('a template is created, read, listed, replaced and deleted', async () => {
  const created = await post('/workflow-templates', template({ is_public: true }), { 'X-User-ID': 'user-456' });
  expect(created.status).toBe(201);
  const path = `/workflow-templates/${created.body.id}`;
  expect(created.headers.get('location')).toBe(`/api/v1${path}`);
  expect(created.body).toMatchObject({ category: 'sales', is_public: true, is_built_in: false, created_by: 'user-456' });
  expect(created.body.parameters[1]).toEqual({ name: 'tag', type: 'text', required: true });
  const read = await api.request('GET', path);
  expect(read.body).toEqual(created.body);
  expect(await namesOf('built_in=false')).toContain(created.body.name);

  const stale = { 'If-Match': '"1"' };
  const body = template({ name: created.body.name, category: 'support' });
  expect((await api.request('PUT', path, { body, headers: stale })).status).toBe(412);
  const etag = read.headers.get('etag') ?? '';
  const replaced = await api.request('PUT', path, { body, headers: { 'If-Match': etag } });
  expect(replaced).toMatchObject({ status: 200, body: { category: 'support', is_public: false, created_by: 'user-456' } });
  expect(replaced.headers.get('etag')).not.toBe(etag);
  expect((await api.request('DELETE', path, { headers: stale })).status).toBe(412);
  expect((await api.request('DELETE', path)).status).toBe(204);
  expect((await api.request('GET', path)).status).toBe(404);
});

test('an instance of a template has its values with their types, and what was left out is left out', async () => {
  const { id, name } = await create();
  const answer = await post(
    `/workflow-templates/${id}/instantiate`,
    { parameters: { tag: 'vip', threshold: 90 } },
    { 'X-User-ID': 'user-7' },
  );
  expect(answer.status).toBe(201);
  expect(answer.headers.get('location')).toBe(`/api/v1/workflows/${answer.body.id}`);
  expect(answer.body).toMatchObject({
    name,
    description: 'Tags hot leads.',
    enabled: false,
    created_by: 'user-7',
    triggers: [{ trigger_config: { min_score: 90 } }],
    actions: [{ action_config: { tag: 'vip-90' } }],
  });
  const { items } = (await api.request('GET', `/workflows/${answer.body.id}/versions`)).body;
  expect(items[0].note).toBe(`from the template "${name}"`);
  const named = await post(`/workflow-templates/${id}/instantiate`, {
    name: 'Mine',
    description: null,
    parameters: { tag: 'x', source: 'web' },
  });
  expect(named.body).toMatchObject({ name: 'Mine', description: null, triggers: [{ trigger_config: { min_score: 80, source: 'web' } }] });
  expect(await post(`/workflow-templates/${id}/instantiate`, { name: 'Mine', parameters: { tag: 'x' } })).toMatchObject({ status: 409 });
});

test.each([
  [{}, ['parameters.tag']],
  [{ tag: 5, threshold: 'high', colour: 'red' }, ['parameters.colour', 'parameters.threshold', 'parameters.tag']],
  [{ tag: 'x'.repeat(500) }, ['definition.actions[0].action_config.tag']],
])('faults of the parameters %j are named', async (parameters, paths) => {
  const { id } = await create();
  const answer = await post(`/workflow-templates/${id}/instantiate`, { parameters });
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
});

test('a workflow among the parameters must be the tenant’s', async () => {
  const { id } = await create({
    parameters: [{ name: 'next', type: 'workflow' }],
    definition: { actions: [{ action_type: 'start_workflow', action_config: { workflow_id: '%{next}' } }] },
  });
  const answer = await post(`/workflow-templates/${id}/instantiate`, { parameters: { next: 999_999 } });
  expect(answer.body.errors).toMatchObject([{ path: 'parameters.next', code: 'unknown_id' }]);
});

test.each([
  [{ category: 'marketing' }, ['category']],
  [{ definition: [] }, ['definition']],
  [{ definition: { actions: [{ action_type: 'fly' }] }, parameters: [] }, ['definition.actions[0].action_type']],
  [{ definition: { actions: [{ action_type: 'add_tag', action_config: { tag: '%{colour}' } }] }, parameters: [] }, ['definition']],
  [{ definition: { actions: [] } }, ['parameters[0].name', 'parameters[1].name', 'parameters[2].name']],
  [
    {
      parameters: [
        { name: 'tag', type: 'text' },
        { name: 'tag', type: 'text' },
      ],
      definition: { description: '%{tag}' },
    },
    ['parameters[1].name'],
  ],
  [{ parameters: [{ name: 'tag', type: 'text', default: 5 }] }, ['parameters[0].default']],
  [{ parameters: [], definition: { triggers: [{ id: 5, trigger_type: 'lead_created' }] } }, ['definition']],
  // What only its defaults make whole doesn't hold for everyone who leaves them out.
  [
    {
      parameters: [{ name: 'tag', type: 'text', required: false }],
      definition: { actions: [{ action_type: 'add_tag', action_config: { tag: '%{tag}' } }] },
    },
    ['definition.actions[0].action_config.tag'],
  ],
])('the template %j is refused when it is saved', async (overrides, paths) => {
  const answer = await post('/workflow-templates', template(overrides));
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
});

test('a private template is its creator’s and the admins’, a public one is read by all and changed by those', async () => {
  const [ada, bob, boss] = [as('ada', 'editor'), as('bob', 'editor'), as('boss', 'admin')];
  const secret = await create({}, ada);
  const shared = await create({ is_public: true }, ada);
  const path = (id: number) => `/workflow-templates/${id}`;
  expect((await api.request('GET', path(secret.id), { headers: ada })).status).toBe(200);
  expect((await api.request('GET', path(secret.id), { headers: boss })).status).toBe(200);
  expect((await api.request('GET', path(secret.id), { headers: bob })).status).toBe(404);
  expect((await post(`${path(secret.id)}/instantiate`, { parameters: { tag: 'x' } }, bob)).status).toBe(404);
  expect(await namesOf('built_in=false&limit=200', { headers: bob })).not.toContain(secret.name);
  expect(await namesOf('built_in=false&limit=200', { headers: ada })).toContain(secret.name);
  expect((await api.request('GET', path(shared.id), { headers: bob })).status).toBe(200);
  for (const headers of [bob]) {
    expect(await api.request('PUT', path(shared.id), { body: template(), headers })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect((await api.request('DELETE', path(shared.id), { headers })).status).toBe(403);
  }
  expect((await api.request('DELETE', path(shared.id), { headers: boss })).status).toBe(204);
});

test('a template of one tenant is nobody else’s, and built-in ones can’t be changed', async () => {
  const { id, name } = await create({ is_public: true });
  const foreign = { tenant: 'stranger' };
  expect((await api.request('GET', `/workflow-templates/${id}`, foreign)).status).toBe(404);
  expect((await api.request('PUT', `/workflow-templates/${id}`, { ...foreign, body: template() })).status).toBe(404);
  expect((await api.request('DELETE', `/workflow-templates/${id}`, foreign)).status).toBe(404);
  expect((await post(`/workflow-templates/${id}/instantiate`, {}, {}, 'stranger')).status).toBe(404);
  expect(await namesOf('limit=200', foreign)).not.toContain(name);
  expect((await post('/workflow-templates', template({ name }), {}, 'stranger')).status).toBe(201);
  expect(await post('/workflow-templates', template({ name }))).toMatchObject({ status: 409, body: { code: 'name_taken' } });

  const builtIn = (await api.request('GET', '/workflow-templates?built_in=true&limit=1')).body.items[0];
  for (const [method, body] of [
    ['PUT', template()],
    ['DELETE', undefined],
  ] as const) {
    expect(await api.request(method, `/workflow-templates/${builtIn.id}`, { body })).toMatchObject({
      status: 403,
      body: { code: 'template_built_in' },
    });
  }
  expect((await api.request('GET', `/workflow-templates/${builtIn.id}`)).body).toEqual(builtIn);
  expect((await post('/workflow-templates', template({ name: builtIn.name }))).status).toBe(201);
});
