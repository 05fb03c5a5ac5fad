import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../src/routes.ts';
import { type ApiUnderTest, startApi } from './api-under-test.ts';
import { type ExampleRequest, exampleRequests } from './example-requests.ts';
import { createOwnedThings } from './owned-things.ts';

let api: ApiUnderTest;
let tenants = 0;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** The example of a route for a tenant of its own. */
async function prepare(route: (typeof routes)[number]): Promise<ExampleRequest & { tenant: string }> {
  const tenant = `changes-${++tenants}`;
  const things = await createOwnedThings(api, tenant);
  if (route.path.endsWith('/retry')) {
    await api.database.pool.query("update workflow_instances set status = 'failed' where tenant_id = ?", [tenant]);
  }
  return { tenant, ...(exampleRequests(things).find((request) => request.route === route) as ExampleRequest) };
}

const auditOf = async (tenant: string) => (await api.request('GET', '/audit?limit=1', { tenant })).body;
const changing = routes.filter(({ method }) => method !== 'get').map((route) => [`${route.method} ${route.path}`, route] as const);

describe.each(changing)('%s', (_, route) => {
  test('leaves one entry in the audit where it changes something, which says of what', async () => {
    const { tenant, method, path, body } = await prepare(route);
    const { total } = await auditOf(tenant);
    const { status } = await api.request(method, path, { tenant, body, headers: { 'X-User-ID': 'ann' } });
    expect(status).toBe(route.status);
    const after = await auditOf(tenant);
    const isAudited = route.changes === 'rows' || route.changes === 'messages';
    expect(after.total).toBe(total + (isAudited ? 1 : 0));
    if (!isAudited) return;
    const [entry] = after.items;
    expect(entry).toMatchObject({ path, user_id: 'ann', resource_type: expect.not.stringContaining('unknown') });
    if (route.changes === 'rows') expect(entry.before ?? entry.after).not.toBeNull();
  });

  test('is refused with a stale If-Match where it heeds one', async () => {
    const { tenant, method, path, body } = await prepare(route);
    const { status } = await api.request(method, path, { tenant, body, headers: { 'If-Match': '"999"' } });
    expect(status).toBe(route.ifMatch ? 412 : route.status);
  });

  if (route.method !== 'post') return;
  test('is done once under an Idempotency-Key', async () => {
    const { tenant, method, path, body } = await prepare(route);
    const headers = { 'Idempotency-Key': 'once' };
    const first = await api.request(method, path, { tenant, body, headers });
    const { total } = await auditOf(tenant);
    const again = await api.request(method, path, { tenant, body, headers });
    expect(again.status).toBe(route.status);
    const shownOnce = Object.fromEntries(route.shownOnce.map((name) => [name, null]));
    expect(again.body).toEqual({ ...first.body, ...shownOnce });
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect((await auditOf(tenant)).total).toBe(total);
    const other = await api.request(method, path, { tenant, body: { ...(body as object), another: 1 }, headers });
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('idempotency_key_reused');
  });
});
