import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../test/own-database.ts';

interface SeedTable {
  indexes: string[];
  unique?: string[];
  references?: Record<string, string>;
}

// What the original specification asks of its tables. An index is met by one that begins with its column.
const seedTables: Record<string, SeedTable> = {
  workflows: { indexes: ['tenant_id', 'enabled', 'created_at'], unique: ['tenant_id', 'name'] },
  workflow_triggers: { indexes: ['workflow_id', 'trigger_type'], references: { workflow_id: 'workflows' } },
  trigger_conditions: { indexes: ['trigger_id'], references: { trigger_id: 'workflow_triggers' } },
  workflow_actions: { indexes: ['workflow_id', 'action_type', 'action_order'], references: { workflow_id: 'workflows' } },
  workflow_instances: { indexes: ['tenant_id', 'workflow_id', 'status'], references: { workflow_id: 'workflows' } },
  workflow_action_executions: {
    indexes: ['workflow_id', 'instance_id', 'action_id', 'status'],
    references: { workflow_id: 'workflows', instance_id: 'workflow_instances', action_id: 'workflow_actions' },
  },
  scheduled_tasks: { indexes: ['tenant_id', 'type', 'enabled', 'next_run_at'], unique: ['tenant_id', 'name'] },
  scheduled_task_executions: { indexes: ['task_id', 'tenant_id', 'status', 'started_at'], references: { task_id: 'scheduled_tasks' } },
  // Names are unique per tenant, not globally: those of one tenant are none of another's business.
  workflow_templates: { indexes: ['category', 'is_public'], unique: ['tenant_id', 'name'] },
  workflow_execution_logs: {
    indexes: ['tenant_id', 'workflow_id', 'instance_id', 'action', 'created_at'],
    references: { workflow_id: 'workflows', instance_id: 'workflow_instances' },
  },
};

// Words that MySQL 8.4 reserves and MariaDB doesn't: as names they work here and fail there.
const reservedInMySql =
  'cube cume_dist dense_rank empty first_value function generated get grouping groups json_table lag last_value lateral lead manual nth_value ntile of over parallel percent_rank qualify rank row_number stored system tablesample virtual window';

let database: OwnDatabase;
beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function read<T>(sql: string, values: unknown[] = []): Promise<T[]> {
  const [rows] = await database.pool.query<(RowDataPacket & T)[]>(sql, values);
  return rows;
}

interface IndexPart {
  name: string;
  isUnique: number;
  columns: string;
}

const indexesOf = (table: string) =>
  read<IndexPart>(
    `select index_name as name, non_unique = 0 as isUnique, group_concat(column_name order by seq_in_index) as columns
       from information_schema.statistics where table_schema = database() and table_name = ? group by index_name, non_unique`,
    [table],
  );

test.each(Object.entries(seedTables))('%s has the indexes that the specification names', async (table, { indexes }) => {
  const first = (await indexesOf(table)).map(({ columns }) => columns.split(',')[0]);
  for (const column of indexes) expect(first).toContain(column);
});

test.each(Object.entries(seedTables).filter(([, { unique }]) => unique !== undefined))('%s is unique by tenant and name', async (table) => {
  const uniques = (await indexesOf(table)).filter(({ isUnique }) => isUnique === 1).map(({ columns }) => columns);
  expect(uniques).toContain(seedTables[table]?.unique?.join(','));
});

test.each(Object.entries(seedTables))('%s refers to what the specification says, by foreign keys', async (table, { references = {} }) => {
  const keys = await read<{ name: string; target: string; targetColumn: string }>(
    `select column_name as name, referenced_table_name as target, referenced_column_name as targetColumn
       from information_schema.key_column_usage
      where table_schema = database() and table_name = ? and referenced_table_name is not null`,
    [table],
  );
  expect(Object.fromEntries(keys.map(({ name, target }) => [name, target]))).toMatchObject(references);
  expect(keys.every(({ targetColumn }) => targetColumn === 'id')).toBe(true);
});

test.each(Object.keys(seedTables))('every row of %s belongs to a tenant and has its time', async (table) => {
  const columns = await read<{ name: string; nullable: string }>(
    'select column_name as name, is_nullable as nullable from information_schema.columns where table_schema = database() and table_name = ?',
    [table],
  );
  expect(columns).toContainEqual({ name: 'tenant_id', nullable: 'NO' });
  expect(columns).toContainEqual({ name: 'created_at', nullable: 'NO' });
});

test('all texts are utf8mb4, also of tables that came later', async () => {
  const texts = await read<{ place: string; charset: string }>(
    `select concat(table_name, '.', column_name) as place, character_set_name as charset from information_schema.columns
      where table_schema = database() and character_set_name is not null`,
  );
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.filter(({ charset }) => charset !== 'utf8mb4')).toEqual([]);
});

test('all moments have milliseconds', async () => {
  const coarse = await read(
    `select table_name, column_name from information_schema.columns
      where table_schema = database() and data_type in ('datetime', 'timestamp') and datetime_precision < 3
        and table_name <> 'mikro_orm_migrations'`,
  );
  expect(coarse).toEqual([]);
});

test('no table or column has a name that MySQL reserves', async () => {
  const names = await read<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = database()
      union select column_name from information_schema.columns where table_schema = database()`,
  );
  const reserved = new Set(reservedInMySql.split(' '));
  expect(names.map(({ name }) => name).filter((name) => reserved.has(name.toLowerCase()))).toEqual([]);
});

test('a deleted workflow’s name is free only once its row is renamed', async () => {
  const insert = "insert into workflows (tenant_id, name, enabled, version) values ('acme', 'Welcome', 1, 1)";
  await database.pool.query(insert);
  await expect(database.pool.query(insert)).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
  await database.pool.query("update workflows set name = concat(name, '#', id), deleted_at = now(3) where name = 'Welcome'");
  await database.pool.query(insert);
});

test('a workflow with history can’t be removed before it', async () => {
  const [{ insertId }] = (await database.pool.query(
    "insert into workflows (tenant_id, name, enabled, version) values ('acme', 'Kept', 1, 1)",
  )) as unknown as [{ insertId: number }];
  await database.pool.query(
    `insert into workflow_instances (id, tenant_id, workflow_id, entity_type, entity_id, triggered_by, triggered_by_value, status, journal)
     values (x'00112233445566778899aabbccddeeff', 'acme', ?, 'lead', 'l1', 'event', 'e1', 'running', '[]')`,
    [insertId],
  );
  const remove = () => database.pool.query('delete from workflows where id = ?', [insertId]);
  await expect(remove()).rejects.toMatchObject({ code: 'ER_ROW_IS_REFERENCED_2' });
  await database.pool.query('delete from workflow_instances where workflow_id = ?', [insertId]);
  await remove();
});
