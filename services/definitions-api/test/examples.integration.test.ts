import { afterAll, beforeAll, expect, test } from 'vitest';
import { examples } from '../src/openapi/examples.ts';
import { operationIdOf } from '../src/openapi/operation-id.ts';
import { routes } from '../src/routes.ts';
import { type ApiUnderTest, startApi } from './api-under-test.ts';
import { createOwnedThings, pathOf } from './owned-things.ts';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const order = { get: 0, post: 1, put: 2, patch: 3, delete: 4 };
let tenants = 0;

test.each(routes.toSorted((a, b) => order[a.method] - order[b.method]).map((route) => [operationIdOf(route), route] as const))(
  'the example of %s works',
  async (operationId, route) => {
    const tenant = `example-${++tenants}`;
    const things = await createOwnedThings(api, tenant);
    const { body, query } = withIdsOf(things.workflowId, examples[operationId] ?? {});
    if (operationId === 'retryWorkflowInstance') {
      await api.database.pool.query("update workflow_instances set status = 'failed' where tenant_id = ?", [tenant]);
    }
    const search = new URLSearchParams(Object.entries(query ?? {}).map(([key, value]): [string, string] => [key, String(value)]));
    const answer = await api.request(route.method.toUpperCase(), `${pathOf(route.path, things)}?${search}`, { tenant, body });
    expect([answer.status, answer.body?.errors, answer.body?.detail]).toEqual([route.status, undefined, undefined]);
  },
);

test.each(routes.filter(({ body }) => body !== null).map(operationIdOf))('%s has an example of its body', (operationId) => {
  expect(examples[operationId]?.body).toBeDefined();
});

test('no example is of a route that isn’t there', () => {
  expect(Object.keys(examples).filter((id) => !routes.some((route) => operationIdOf(route) === id))).toEqual([]);
});

/** The workflow that an example names is 1; each tenant's first has an id of its own here. */
function withIdsOf<T>(workflowId: string, example: T): T {
  return JSON.parse(JSON.stringify(example).replaceAll('"workflow_id":1}', `"workflow_id":${workflowId}}`));
}
