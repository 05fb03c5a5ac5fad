import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi } from './api-under-test.ts';
import { exampleRequests } from './example-requests.ts';
import { createOwnedThings, type OwnedThings } from './owned-things.ts';

const tenant = 'tenant-under-watch';
const statements: { sql: string; parameters: readonly unknown[] }[] = [];
let api: ApiUnderTest;
let things: OwnedThings;

beforeAll(async () => {
  api = await startApi();
  await createOwnedThings(api, 'another');
  things = await createOwnedThings(api, tenant);
  const orm = await api.database.orm();
  orm.config.set('onQuery', (sql: string, parameters: readonly unknown[]) => {
    statements.push({ sql, parameters });
    return sql;
  });
  for (const { method, path, body } of exampleRequests(things)) await api.request(method, path, { tenant, body });
});
afterAll(() => api[Symbol.asyncDispose]());

test('every statement that a request runs names its tenant, or changes a row by the id that it has read so', async () => {
  expect(statements.length).toBeGreaterThan(100);
  const byId = /^update `(\w+)` set .* where `id` (?:= \?|in \(([?, ]+)\))$/s;
  for (const { sql, parameters } of statements) {
    if (JSON.stringify(parameters).includes(tenant)) continue;
    const [, table, list] = byId.exec(sql) ?? [];
    expect([sql, table === undefined]).toEqual([sql, false]);
    const ids = parameters.slice(-(list?.split(',').length ?? 1));
    const [foreign] = await api.database.pool.query(`select id from ${table} where id in (?) and tenant_id <> ?`, [ids, tenant]);
    expect(foreign).toEqual([]);
  }
});
