import { insertManyWorkflows } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi } from './api-under-test.ts';
import { exampleRequests } from './example-requests.ts';
import { insertInstanceRows } from './instance-rows.ts';
import { createOwnedThings, type OwnedThings } from './owned-things.ts';

interface Statement {
  sql: string;
  parameters: readonly unknown[];
}

interface PlanRow {
  table: string | null;
  type: string | null;
  key: string | null;
  rows: number | null;
}

const tenant = 'large';
let api: ApiUnderTest;
let things: OwnedThings;
let statements: Statement[] = [];

beforeAll(async () => {
  api = await startApi({ isKafkaAway: true });
  const { database } = api;
  things = await createOwnedThings(api, tenant);
  await insertManyWorkflows(database, [
    ...Array.from({ length: 10_000 }, () => tenant),
    ...Array.from({ length: 2_000 }, (_, index) => `small-${index % 20}`),
  ]);
  await insertInstanceRows(
    database,
    Array.from({ length: 30_000 }, (_, index) =>
      index % 100 === 0 ? { tenantId: tenant, workflowId: Number(things.workflowId) } : { tenantId: `small-${index % 20}` },
    ),
  );
  await database.pool.query('analyze table workflows, workflow_triggers, workflow_actions, workflow_versions, workflow_instances');
  (await database.orm()).config.set('onQuery', (sql: string, parameters: readonly unknown[]) => {
    statements.push({ sql, parameters });
    return sql;
  });
});
afterAll(() => api[Symbol.asyncDispose]());

/** The select statements that run for a request. */
async function selectsOf(request: () => Promise<unknown>): Promise<Statement[]> {
  statements = [];
  await request();
  return statements.filter(({ sql }) => /^select /i.test(sql.trim()));
}

/** So small a table is read as a whole by right. */
const smallTable = 200;

/** The tables that a statement reads as a whole. Rows of a statement's own making, such as a page of ids, have no index to go by. */
async function scansOf({ sql, parameters }: Statement): Promise<(string | null)[]> {
  const [rows] = await api.database.pool.query(`explain ${sql}`, [...parameters]);
  const plan = rows as PlanRow[];
  return plan
    .filter(
      ({ table, type, key, rows: count }) =>
        table !== null && !table.startsWith('<') && (type === 'ALL' || key === null) && Number(count) > smallTable,
    )
    .map(({ table }) => table);
}

const lists = [
  '/workflows',
  '/workflows?sort=name&limit=200',
  '/workflows?sort=-name&offset=9900',
  '/workflows?sort=updated_at',
  '/workflows?enabled=false',
  '/workflows?enabled=true&sort=-updated_at',
  '/workflows?trigger_type=lead_scored',
  '/workflows?trigger_type=lead_scored&enabled=true&name=99&sort=name',
  '/workflows?name=9999',
  '/workflows?enabled=true&name=99',
  '/instances?status=failed',
  '/instances?entity_type=lead&entity_id=lead-1&from=2026-01-01T00:00:00Z',
  '/scheduled-tasks?type=workflow&enabled=true',
  '/workflow-templates?category=sales&built_in=true',
];

test.each(lists)('%s reads no table as a whole', async (path) => {
  const selects = await selectsOf(() => api.request('GET', path, { tenant }));
  expect(selects.length).toBeGreaterThan(0);
  for (const select of selects) expect([select.sql, await scansOf(select)]).toEqual([select.sql, []]);
});

test('no statement of any endpoint reads a table as a whole', async () => {
  const scans = new Set<string>();
  for (const { method, path, body, name } of exampleRequests(things)) {
    for (const select of await selectsOf(() => api.request(method, path, { tenant, body }))) {
      for (const table of await scansOf(select)) scans.add(`${name}: ${table}: ${select.sql}`);
    }
  }
  expect([...scans]).toEqual([]);
});

test('a page of workflows looks at no more rows than it needs, whatever the order', async () => {
  for (const sort of ['name', '-name', 'created_at', '-created_at', 'updated_at', '-updated_at']) {
    const selects = await selectsOf(() => api.request('GET', `/workflows?sort=${sort}&limit=50`, { tenant }));
    const page = selects.find(({ sql }) => sql.includes('limit'));
    if (!page) throw new Error('Expected a statement with a limit, but there is none');
    await api.database.pool.query('flush status');
    const connection = await api.database.pool.getConnection();
    try {
      await connection.query('flush status');
      await connection.query(page.sql, [...page.parameters]);
      const [rows] = await connection.query(
        "show session status where variable_name in ('Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd_next')",
      );
      const read = (rows as { Value: string }[]).reduce((sum, { Value }) => sum + Number(Value), 0);
      expect(read, sort).toBeLessThan(500);
    } finally {
      connection.release();
    }
  }
});
