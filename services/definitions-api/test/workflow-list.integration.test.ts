import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';

let api: ApiUnderTest;
const tenant = 'lister';
const trigger = (type: string, config = {}) => ({ trigger_type: type, trigger_config: config });

beforeAll(async () => {
  api = await startApi();
  for (const body of [
    workflowBody({ name: 'Alpha', enabled: true, triggers: [trigger('lead_created'), trigger('lead_scored')] }),
    workflowBody({ name: 'beta', enabled: false, triggers: [trigger('lead_scored')] }),
    workflowBody({ name: 'Gamma_100%', enabled: true, triggers: [trigger('custom', { event_name: 'order.paid' })] }),
    workflowBody({ name: 'alphabet', enabled: true, triggers: [] }),
  ]) {
    await api.request('POST', '/workflows', { tenant, body });
  }
  await api.request('POST', '/workflows', { tenant: 'other', body: workflowBody({ name: 'Alpha' }) });
});
afterAll(() => api[Symbol.asyncDispose]());

const list = async (query: string) => (await api.request('GET', `/workflows?${query}`, { tenant })).body;
const namesOf = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name);

test.each([
  ['', ['alphabet', 'Gamma_100%', 'beta', 'Alpha']],
  ['sort=created_at', ['Alpha', 'beta', 'Gamma_100%', 'alphabet']],
  ['sort=name', ['Alpha', 'Gamma_100%', 'alphabet', 'beta']],
  ['sort=-name&limit=2', ['beta', 'alphabet']],
  ['enabled=true&sort=name', ['Alpha', 'Gamma_100%', 'alphabet']],
  ['enabled=false', ['beta']],
  ['trigger_type=lead_scored', ['beta', 'Alpha']],
  ['trigger_type=lead_scored&enabled=true', ['Alpha']],
  ['trigger_type=workflow_completed', []],
  ['name=ALPHA', ['alphabet', 'Alpha']],
  ['name=%25', ['Gamma_100%']],
  ['name=a_1', ['Gamma_100%']],
  ['name=alpha&enabled=true&trigger_type=lead_created', ['Alpha']],
])('the list for %s', async (query, names) => {
  expect(namesOf(await list(query))).toEqual(names);
});

test('a total counts what the filters let through, whatever the page', async () => {
  expect(await list('enabled=true&limit=1')).toMatchObject({ total: 3, limit: 1, offset: 0 });
  expect(await list('enabled=true&offset=5')).toEqual({ items: [], total: 3, limit: 50, offset: 5 });
});

test('what has changed last is first where the list is asked for so', async () => {
  const { items } = await list('name=beta');
  await api.request('PATCH', `/workflows/${items[0].id}/enable`, { tenant, body: { enabled: false, on_disable: 'cancel' } });
  expect(namesOf(await list('sort=-updated_at'))[0]).toBe('beta');
});

test('a removed trigger and a deleted workflow are no longer found', async () => {
  const { body } = await api.request('POST', '/workflows', {
    tenant: 'leaver',
    body: workflowBody({ triggers: [trigger('task_completed')] }),
  });
  const find = async () => (await api.request('GET', '/workflows?trigger_type=task_completed', { tenant: 'leaver' })).body.total;
  expect(await find()).toBe(1);
  await api.request('PUT', `/workflows/${body.id}`, { tenant: 'leaver', body: workflowBody({ triggers: [] }) });
  expect(await find()).toBe(0);
  await api.request('DELETE', `/workflows/${body.id}`, { tenant: 'leaver' });
  expect((await api.request('GET', '/workflows', { tenant: 'leaver' })).body.total).toBe(0);
});

test.each(['trigger_type=x', 'enabled=1', 'sort=id', 'sort=name,id', 'name=', 'sort=name&sort=name'])(
  'the query %s is 422 and named',
  async (query) => {
    const answer = await api.request('GET', `/workflows?${query}`, { tenant });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: query.split('=')[0] }] } });
  },
);
