import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi } from './api-under-test.ts';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi({ isKafkaAway: true });
});
afterAll(() => api[Symbol.asyncDispose]());

test('a tenant that set nothing has the defaults, at version 0', async () => {
  const answer = await api.request('GET', '/tenant-settings', { tenant: 'fresh' });
  expect(answer.headers.get('etag')).toBe('"0"');
  expect(answer.body).toMatchObject({ timezone: 'UTC', senders: [], version: 0, updated_by: null, updated_at: null });
  expect(answer.body.limits).toMatchObject({ workflows: 10_000, concurrent_actions: 200 });
});

test('settings are replaced, seen by their tenant only, and what isn’t named goes back to its default', async () => {
  const body = {
    timezone: 'Europe/Berlin',
    senders: [{ address: 'sales@acme.example', name: 'Acme' }],
    redaction: { fields: ['lead.email'], actions: false },
    retention: { completed_days: 30, failed_days: null, cancelled_days: 8 },
    limits: { emails_per_day: 50 },
  };
  const replaced = await api.request('PUT', '/tenant-settings', { tenant: 'acme', body, headers: { 'X-User-ID': 'ann' } });
  expect(replaced).toMatchObject({ status: 200, body: { ...body, version: 1, updated_by: 'ann' } });
  expect(replaced.body.limits.workflows).toBe(10_000);
  expect((await api.request('GET', '/tenant-settings', { tenant: 'acme' })).body).toEqual(replaced.body);
  expect((await api.request('GET', '/tenant-settings', { tenant: 'other' })).body.version).toBe(0);
  const [rows] = await api.database.pool.query("select limits from tenant_settings where tenant_id = 'acme'");
  expect(JSON.parse((rows as [{ limits: string }])[0].limits)).toEqual({ emails_per_day: 50 });
  const emptied = await api.request('PUT', '/tenant-settings', { tenant: 'acme', body: {} });
  expect(emptied.body).toMatchObject({
    timezone: 'UTC',
    senders: [],
    redaction: { fields: [], actions: true },
    retention: { completed_days: null },
    version: 2,
  });
});

test('a stale If-Match is 412, also for the first settings', async () => {
  const put = (ifMatch: string) =>
    api.request('PUT', '/tenant-settings', { tenant: 'matcher', body: {}, headers: { 'If-Match': ifMatch } });
  expect((await put('"1"')).status).toBe(412);
  expect((await put('"0"')).body.version).toBe(1);
  expect((await put('"0"')).body.code).toBe('version_changed');
});

test('concurrent first changes are one version each', async () => {
  const put = () => api.request('PUT', '/tenant-settings', { tenant: 'racer', body: {} });
  const versions = (await Promise.all([put(), put(), put(), put(), put()])).map(({ body }) => body.version);
  expect(versions.toSorted()).toEqual([1, 2, 3, 4, 5]);
});

test.each([
  ['timezone', { timezone: 'Mars/Base' }],
  ['senders[0].address', { senders: [{ address: 'x' }] }],
  ['limits.workflows', { limits: { workflows: 1e9 } }],
  ['colour', { colour: 'red' }],
])('a fault in %s is named', async (path, body) => {
  expect(await api.request('PUT', '/tenant-settings', { body })).toMatchObject({ status: 422, body: { errors: [{ path }] } });
});
