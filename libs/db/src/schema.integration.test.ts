import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../test/own-database.ts';
import { connectDatabase, migrate, parseJson, Workflow } from './index.ts';

let database: OwnDatabase;
beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

test('the migrated tables are those of the entities, but for where instances lie (ADR 22)', async () => {
  const orm = await database.orm();
  const differences = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  expect(differences.split('\n').filter((line) => line !== '')).toEqual([
    'alter table `workflow_instances` drop index `workflow_instances_id`;',
    'alter table `workflow_instances` drop primary key;',
    'alter table `workflow_instances` add primary key (`id`);',
  ]);
});

test('a second migration finds nothing to do', async () => {
  expect(await migrate({ url: database.url })).toEqual([]);
});

test('of two migrations at once one does the work', async () => {
  await database.pool.query('create database if not exists ??', [`${new URL(database.url).pathname.slice(1)}_twice`]);
  const url = `${database.url}_twice`;
  try {
    const [one, other] = await Promise.all([migrate({ url }), migrate({ url })]);
    expect([one.length, other.length].sort()).toEqual([0, Math.max(one.length, other.length)]);
    expect(one.length + other.length).toBeGreaterThan(0);
  } finally {
    await database.pool.query('drop database ??', [new URL(url).pathname.slice(1)]);
  }
});

test('a query without a tenant is refused', async () => {
  const em = (await database.orm()).em.fork();
  await expect(em.find(Workflow, {})).rejects.toThrow(/tenant/);
});

test('the raw pool counts changed rows, reads UTC dates, JSON texts and numbers', async () => {
  const { pool } = database;
  const at = new Date('2026-03-29T01:30:00.123Z');
  await pool.query('insert into workflows (tenant_id, name, enabled, version, created_at) values (?, ?, 1, 1, ?)', ['a', 'x', at]);
  const [again] = await pool.query("update workflows set enabled = 1 where name = 'x'");
  expect((again as { affectedRows: number }).affectedRows).toBe(0);
  const [rows] = await pool.query(
    'select id, created_at, @@transaction_isolation as isolation, @@session.time_zone as zone from workflows',
  );
  expect((rows as object[])[0]).toEqual({ id: 1, created_at: at, isolation: 'READ-COMMITTED', zone: '+00:00' });
  const [json] = await pool.query("select json_object('a', 1) as value");
  expect(parseJson((json as { value: unknown }[])[0]?.value)).toEqual({ a: 1 });
});

test('names and tenants compare exactly', async () => {
  const { pool } = database;
  const insert = 'insert into workflows (tenant_id, name, enabled, version) values (?, ?, 1, 1)';
  await pool.query(insert, ['Acme', 'Same']);
  await pool.query(insert, ['acme', 'Same']);
  await pool.query(insert, ['Acme', 'same']);
  await expect(pool.query(insert, ['Acme', 'Same'])).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
});

test('the ORM reads JSON as objects and dates as the pool wrote them', async () => {
  const em = (await database.orm()).em.fork();
  em.setFilterParams('tenant', { tenantId: 'a' });
  const row = await em.findOneOrFail(Workflow, { name: 'x' });
  expect(row.createdAt.toISOString()).toBe('2026-03-29T01:30:00.123Z');
  expect(row.id).toBe(1);
});

test('a transaction that throws leaves nothing', async () => {
  await expect(
    database.transaction(async (connection) => {
      await connection.query("insert into outbox_messages (workflow_id, tenant_id, mark) values (1, 'a', 1)");
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  const [rows] = await database.pool.query('select * from outbox_messages');
  expect(rows).toEqual([]);
});

test('a database that is away is a retryable error', async () => {
  const away = await connectDatabase({ url: 'mysql://a:b@127.0.0.1:1/none' });
  await expect(away.ping()).rejects.toMatchObject({ code: 'database_unavailable' });
  await expect(away.orm()).rejects.toMatchObject({ code: 'database_unavailable' });
  await expect(away.transaction(async () => {})).rejects.toMatchObject({ code: 'database_unavailable' });
  await away[Symbol.asyncDispose]();
});
