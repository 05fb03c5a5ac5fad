import { expect, expectTypeOf, test } from 'vitest';
import { createMillraceClient } from './client.ts';
import type { components, paths } from './generated.ts';

/** A client whose requests end in `sent`, each answered with `status` and `body`. */
function clientAnswering(status: number, body: unknown) {
  const sent: Request[] = [];
  const client = createMillraceClient({
    baseUrl: 'http://millrace.test',
    headers: { 'X-Tenant-ID': 'tenant-123' },
    fetch: async (request) => {
      sent.push(request);
      return Response.json(body, { status });
    },
  });
  return { client, sent };
}

test('a request goes to its path below /api/v1, with the headers of the client and its own', async () => {
  const { client, sent } = clientAnswering(202, { id: 'i-1' });
  await client.POST('/workflows/{workflowId}/trigger', {
    params: { path: { workflowId: 7 }, header: { 'Idempotency-Key': 'once' } },
    body: { triggered_by: 'lead_id', triggered_by_value: 'lead-789' },
  });
  expect(sent[0]).toMatchObject({ method: 'POST', url: 'http://millrace.test/api/v1/workflows/7/trigger' });
  expect(Object.fromEntries(sent[0]?.headers ?? [])).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': 'once',
    'x-tenant-id': 'tenant-123',
  });
  expect(await sent[0]?.json()).toEqual({ triggered_by: 'lead_id', triggered_by_value: 'lead-789' });
});

test('the parameters of a query go into the URL', async () => {
  const { client, sent } = clientAnswering(200, { items: [] });
  await client.GET('/workflows', { params: { query: { limit: 20, trigger_type: 'lead_created' } } });
  expect(sent[0]?.url).toBe('http://millrace.test/api/v1/workflows?limit=20&trigger_type=lead_created');
});

test('a success is data of the type that the document gives it', async () => {
  const { client } = clientAnswering(200, { id: 7, published_at: null });
  const { data, error } = await client.GET('/workflows/{workflowId}', { params: { path: { workflowId: 7 } } });
  expectTypeOf(data).toEqualTypeOf<components['schemas']['Workflow'] | undefined>();
  expect(data).toEqual({ id: 7, published_at: null });
  expect(error).toBeUndefined();
});

test('a refusal is an error, the problem that the API answers', async () => {
  const { client } = clientAnswering(404, { status: 404, code: 'not_found', detail: 'Expected workflow 7, but there is none' });
  const { data, error, response } = await client.GET('/workflows/{workflowId}', { params: { path: { workflowId: 7 } } });
  expectTypeOf(error).toEqualTypeOf<components['schemas']['Problem'] | undefined>();
  expect(error?.code).toBe('not_found');
  expect(data).toBeUndefined();
  expect(response.status).toBe(404);
});

test('a path, a parameter or a body that the API does not have is refused by the compiler', () => {
  type Workflow = components['schemas']['WorkflowRequest'];
  expectTypeOf<'/workflows'>().toExtend<keyof paths>();
  expectTypeOf<'/workflow'>().not.toExtend<keyof paths>();
  expectTypeOf<{ name: string }>().toExtend<Workflow>();
  expectTypeOf<{ actions: [] }>().not.toExtend<Workflow>();
  expectTypeOf<{ name: number; triggers: []; actions: [] }>().not.toExtend<Workflow>();
});
