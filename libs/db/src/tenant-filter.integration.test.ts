import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type Database, migrate, Workflow } from './index.ts';

const base = process.env.DATABASE_URL ?? 'mysql://millrace:millrace@127.0.0.1:13306/millrace';
const name = `millrace_tenant_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
const url = Object.assign(new URL(base), { pathname: `/${name}` }).href;
let database: Database;

beforeAll(async () => {
  const admin = await createConnection(base);
  await admin.query(`create database ${name}`);
  await admin.end();
  await migrate({ url });
  database = await connectDatabase({ url, poolSize: 2 });
  for (const tenant of ['ours', 'theirs']) {
    await database.pool.query("insert into workflows (tenant_id, name, enabled, version) values (?, 'same', 1, 1)", [tenant]);
  }
});

afterAll(async () => {
  await database.pool.query(`drop database ${name}`);
  await database[Symbol.asyncDispose]();
});

async function rowsOf(tenantId: string) {
  const em = (await database.orm()).em.fork();
  em.setFilterParams('tenant', { tenantId });
  return em;
}

test('every entity with a tenant has the filter, on by default', async () => {
  const { metadata } = (await database.orm()).em.getDriver() as unknown as { metadata: { getAll(): Map<unknown, EntityFacts> } };
  const owned = [...metadata.getAll().values()].filter(({ properties }) => 'tenantId' in properties);
  expect(owned.length).toBeGreaterThan(10);
  for (const { className, filters } of owned) expect([className, filters.tenant?.default]).toEqual([className, true]);
});

interface EntityFacts {
  className: string;
  properties: Record<string, unknown>;
  filters: Record<string, { default?: boolean }>;
}

test('reads, updates and deletes see the rows of one tenant', async () => {
  const em = await rowsOf('ours');
  expect((await em.find(Workflow, {})).map(({ tenantId }) => tenantId)).toEqual(['ours']);
  expect(await em.count(Workflow, { name: 'same' })).toBe(1);
  expect(await em.nativeUpdate(Workflow, { name: 'same' }, { description: 'seen' })).toBe(1);
  expect(await em.nativeDelete(Workflow, { tenantId: 'theirs' })).toBe(0);
  await em.transactional(async (inner) => {
    expect(await inner.count(Workflow, {})).toBe(1);
    expect(await inner.fork().count(Workflow, {})).toBe(1);
  });
  expect(await (await rowsOf('theirs')).findOne(Workflow, { description: 'seen' })).toBeNull();
});

test('no option of a query switches the filter off or points it elsewhere', async () => {
  const em = await rowsOf('ours');
  for (const filters of [false, { tenant: false }, { tenant: { tenantId: 'theirs' } }] as const) {
    await expect(async () => em.find(Workflow, {}, { filters })).rejects.toThrow(/tenant filter/);
    await expect(async () => em.findOne(Workflow, { id: 2 }, { filters })).rejects.toThrow(/tenant filter/);
    await expect(async () => em.count(Workflow, {}, { filters })).rejects.toThrow(/tenant filter/);
    await expect(async () => em.nativeUpdate(Workflow, { id: 2 }, { name: 'x' }, { filters })).rejects.toThrow(/tenant filter/);
    await expect(async () => em.nativeDelete(Workflow, { id: 2 }, { filters })).rejects.toThrow(/tenant filter/);
  }
  expect((await em.find(Workflow, {}, { filters: ['tenant'] })).length).toBe(1);
});

test('an entity manager stays with its tenant, also where it is forked', async () => {
  const em = await rowsOf('ours');
  expect(() => em.setFilterParams('tenant', { tenantId: 'theirs' })).toThrow(/stay with its tenant/);
  expect(() => em.fork().setFilterParams('tenant', { tenantId: 'theirs' })).toThrow(/stay with its tenant/);
  em.setFilterParams('tenant', { tenantId: 'ours' });
  expect(await em.count(Workflow, {})).toBe(1);
});
