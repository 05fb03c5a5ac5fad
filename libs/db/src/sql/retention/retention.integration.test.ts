import type { Pool } from 'mysql2/promise';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf, insertTask, insertWorkflow, now } from '../../../test/rows.ts';
import { type Chunk, type Cursor, deleteHistory, deleteInstances, deleteTaskRuns, insertInstances, type Retention } from '../../index.ts';

const dayMs = 86_400_000;
const oldMs = now - 20 * dayMs;
const retention = (overrides: Partial<Retention> = {}): Retention => ({
  tenantId: 'acme',
  beforeMs: now - 10 * dayMs,
  statuses: [],
  workflowId: null,
  ...overrides,
});

let database: OwnDatabase;
let pool: Pool;
let workflowId: number;
beforeEach(async () => {
  database ??= await createOwnDatabase();
  pool = database.pool;
  for (const table of [
    'workflow_execution_logs',
    'workflow_action_executions',
    'instance_subscriptions',
    'cleanup_progress',
    'scheduled_task_executions',
    'workflow_instances',
    'removed_instances',
  ]) {
    await pool.query(`delete from ${table}`);
  }
  workflowId = await insertWorkflow(pool);
});
afterAll(() => database[Symbol.asyncDispose]());

type Instance = Parameters<typeof anInstanceRow>[0] & { entries?: number };

/** Old instances that have completed unless said, each with a log, an action execution and a subscription. */
async function add(...instances: Instance[]): Promise<void> {
  for (const { entries = 2, ...overrides } of instances) {
    const row = anInstanceRow({ workflowId, status: 'completed', createdAtMs: oldMs, completedAtMs: oldMs + 1_000, ...overrides });
    await insertInstances(pool, [row], idOf(0xaa));
    const { id, tenantId, status } = row;
    const createdAt = new Date(row.createdAtMs);
    const completedAt = row.completedAtMs === null ? null : new Date(row.completedAtMs);
    const logs = Array.from({ length: entries }, (_, index) => [tenantId, Buffer.from(id, 'hex'), index + 1, 'any', status, createdAt]);
    await pool.query('insert into workflow_execution_logs (tenant_id, instance_id, seq, action, status, created_at) values ?', [logs]);
    await pool.query(
      `insert into workflow_action_executions (tenant_id, instance_id, action_name, action_type, status, last_seq, completed_at)
       values (?, ?, 'tag', 'add_tag', 'completed', 2, ?)`,
      [tenantId, Buffer.from(id, 'hex'), completedAt],
    );
    await pool.query('insert into cleanup_progress (instance_id, tenant_id, deleted) values (?, ?, 1)', [Buffer.from(id, 'hex'), tenantId]);
    await pool.query(
      `insert into instance_subscriptions (tenant_id, event_name, entity_type, entity_id, instance_id) values (?, 'replied', 'lead', 'lead-1', ?)`,
      [tenantId, Buffer.from(id, 'hex')],
    );
  }
}

const idsIn = async (table: string, column = 'instance_id'): Promise<string[]> => {
  const [rows] = await pool.query(`select distinct lower(hex(${column})) as id from ${table} order by 1`);
  return (rows as { id: string }[]).map(({ id }) => id);
};
const instances = () => idsIn('workflow_instances', 'id');

/** Takes step after step as a cleanup does; answers how many rows went in each. */
async function all(step: (from: Cursor | null) => Promise<Chunk>): Promise<number[]> {
  const deleted: number[] = [];
  for (let done: Chunk = { deleted: 0, next: null, isMore: true }; done.isMore; ) {
    done = await step(done.next);
    deleted.push(done.deleted);
    if (deleted.length > 100) throw new Error('Expected an end, but it goes on and on');
  }
  return deleted;
}
const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);

test('what goes is the tenant’s, has ended, is old and acknowledged; its history goes with it', async () => {
  const stays: Instance[] = [
    { id: idOf(2), tenantId: 'other' },
    { id: idOf(3), status: 'running', completedAtMs: null },
    { id: idOf(4), status: 'pending', completedAtMs: null },
    { id: idOf(5), completedAtMs: now - 10 * dayMs },
    { id: idOf(6), wakeAtMs: oldMs, waitingFor: 'turn' },
  ];
  await add({ id: idOf(1) }, ...stays, { id: idOf(7), status: 'failed' }, { id: idOf(8), status: 'cancelled' });
  expect(sum(await all((from) => deleteInstances(database, retention(), from, 100)))).toBe(3);
  const left = stays.map(({ id }) => id);
  expect(await instances()).toEqual(left);
  for (const table of ['workflow_execution_logs', 'workflow_action_executions', 'instance_subscriptions', 'cleanup_progress']) {
    expect([table, await idsIn(table)]).toEqual([table, left]);
  }
});

test('a status and a workflow narrow it down', async () => {
  const otherId = await insertWorkflow(pool);
  await add({ id: idOf(1) }, { id: idOf(2), status: 'failed' }, { id: idOf(3), workflowId: otherId }, { id: idOf(4), workflowId: null });
  const narrow = retention({ statuses: ['completed'], workflowId });
  expect(sum(await all((from) => deleteInstances(database, narrow, from, 100)))).toBe(1);
  expect(await instances()).toEqual([idOf(2), idOf(3), idOf(4)]);
});

test('what was deleted is counted, for its workflow and its tenant', async () => {
  await add({ id: idOf(1) }, { id: idOf(2), status: 'failed' }, { id: idOf(3), workflowId: null }, { id: idOf(4) });
  await all((from) => deleteInstances(database, retention(), from, 2));
  const [counted] = await pool.query('select * from removed_instances order by workflow_id, status');
  const row = (workflow_id: number, status: string, count: number) => ({ tenant_id: 'acme', workflow_id, status, instances: count });
  expect(counted).toEqual([row(0, 'completed', 3), row(0, 'failed', 1), row(workflowId, 'completed', 2), row(workflowId, 'failed', 1)]);
});

test('what the log doesn’t tell the end of waits for it, but not for ever', async () => {
  await add({ id: idOf(1) }, { id: idOf(2) }, { id: idOf(3), completedAtMs: oldMs - 5 * dayMs });
  await pool.query(`update workflow_execution_logs set created_at = ? where instance_id = x'${idOf(1)}' and seq = 2`, [
    new Date(oldMs + 1_000),
  ]);
  const patient = retention({ unloggedBeforeMs: oldMs - dayMs });
  expect(sum(await all((from) => deleteInstances(database, patient, from, 2)))).toBe(2);
  expect(await instances()).toEqual([idOf(2)]);
});

test('a status in which no instance ends deletes nothing', async () => {
  await add({ id: idOf(1) }, { id: idOf(2), status: 'running', completedAtMs: null });
  expect(sum(await all((from) => deleteInstances(database, retention({ statuses: ['running', 'skipped'] }), from, 100)))).toBe(0);
});

test('instances go page by page, past those that stay, and a run that was stopped is gone on with', async () => {
  const ids = Array.from({ length: 7 }, (_, index) => idOf(index + 1));
  await add(...ids.map((id, index) => ({ id, status: index === 2 ? ('running' as const) : ('completed' as const), completedAtMs: oldMs })));
  const first = await deleteInstances(database, retention(), null, 2);
  expect(first).toEqual({ deleted: 2, next: { createdAtMs: oldMs, id: idOf(2) }, isMore: true });
  expect(await all((from) => deleteInstances(database, retention(), from, 2))).toEqual([1, 2, 1]);
  expect(await instances()).toEqual([idOf(3)]);
});

test('one transaction takes few instances where they have long histories, but one at least', async () => {
  await add({ id: idOf(1), entries: 600 }, { id: idOf(2), entries: 600 }, { id: idOf(3), entries: 1_500 }, { id: idOf(4) });
  expect(await all((from) => deleteInstances(database, retention(), from, 100))).toEqual([1, 1, 1, 1]);
  expect(await idsIn('workflow_execution_logs')).toEqual([]);
});

test('an instance that somebody takes up again meanwhile keeps its history', async () => {
  await add({ id: idOf(1), status: 'failed' }, { id: idOf(2) });
  await using stack = new AsyncDisposableStack();
  const retry = await pool.getConnection();
  stack.defer(() => retry.release());
  await retry.beginTransaction();
  await retry.query(`update workflow_instances set status = 'running', row_version = row_version + 1 where id = x'${idOf(1)}'`);
  const deleting = deleteInstances(database, retention(), null, 100);
  await isWaitingForALock(retry);
  await retry.commit();
  expect(await deleting).toMatchObject({ deleted: 1, isMore: false });
  expect([await instances(), await idsIn('workflow_execution_logs')]).toEqual([[idOf(1)], [idOf(1)]]);
});

/** Resolved once the deletion waits for what another connection holds. */
async function isWaitingForALock(connection: Pick<Pool, 'query'>): Promise<void> {
  const sql = "select 1 from information_schema.processlist where info like '%FOR UPDATE' and db = database()";
  await expect.poll(async () => (await connection.query(sql))[0], { timeout: 10_000 }).toHaveLength(1);
}

test.each([
  ['execution_logs', 'workflow_execution_logs', 2],
  ['action_executions', 'workflow_action_executions', 1],
] as const)('%s go alone: old ones of the tenant’s ended instances', async (target, table, each) => {
  const stays: Instance[] = [
    { id: idOf(2), tenantId: 'other' },
    { id: idOf(3), status: 'running', completedAtMs: null },
    { id: idOf(4), createdAtMs: now - 10 * dayMs, completedAtMs: now - 10 * dayMs },
    { id: idOf(5), wakeAtMs: oldMs, waitingFor: 'turn' },
  ];
  await add({ id: idOf(1) }, ...stays, { id: idOf(6) });
  expect(sum(await all((from) => deleteHistory(database, target, retention(), from, 1)))).toBe(2 * each);
  expect(await idsIn(table)).toEqual(stays.map(({ id }) => id));
  expect(await instances()).toHaveLength(6);
});

test('history in a status goes, and that of one workflow', async () => {
  const otherId = await insertWorkflow(pool);
  await add({ id: idOf(1) }, { id: idOf(2), status: 'failed' }, { id: idOf(3), workflowId: otherId });
  const narrow = retention({ statuses: ['completed'], workflowId });
  expect(await all((from) => deleteHistory(database, 'execution_logs', narrow, from, 100))).toEqual([2]);
  expect(await idsIn('workflow_execution_logs')).toEqual([idOf(2), idOf(3)]);
});

test('runs of scheduled tasks go when they have ended long ago, the tenant’s alone, in chunks', async () => {
  const taskId = await insertTask(pool);
  const foreignId = await insertTask(pool, { tenant_id: 'other' });
  const run = (task: number, tenant: string, minute: number, status: string, completedAt: Date | null) => [
    task,
    tenant,
    Buffer.from(idOf(minute), 'hex'),
    new Date(oldMs + minute * 60_000),
    status,
    completedAt,
    3,
  ];
  const old = new Date(oldMs);
  await pool.query(
    'insert into scheduled_task_executions (task_id, tenant_id, instance_id, scheduled_for, status, completed_at, last_seq) values ?',
    [
      [
        run(taskId, 'acme', 1, 'completed', old),
        run(taskId, 'acme', 2, 'failed', old),
        run(taskId, 'acme', 3, 'running', null),
        run(taskId, 'acme', 4, 'cancelled', old),
        run(taskId, 'acme', 5, 'completed', new Date(now)),
        run(foreignId, 'other', 6, 'completed', old),
      ],
    ],
  );
  expect(await all(() => deleteTaskRuns(database, retention({ statuses: ['failed'] }), 2))).toEqual([1]);
  expect(await all(() => deleteTaskRuns(database, retention(), 1))).toEqual([1, 1, 0]);
  expect(await idsIn('scheduled_task_executions')).toEqual([idOf(3), idOf(5), idOf(6)]);
});

test('what a chunk has deleted is told in its own transaction, and stays where that fails', async () => {
  await add({ id: idOf(1) }, { id: idOf(2) });
  const told: number[] = [];
  const refuse = async (_: unknown, deleted: number) => {
    told.push(deleted);
    throw new Error('no room');
  };
  await expect(deleteHistory(database, 'execution_logs', retention(), null, 3, refuse)).rejects.toThrow('no room');
  await expect(deleteInstances(database, retention(), null, 100, refuse)).rejects.toThrow('no room');
  expect([told, await instances(), await idsIn('workflow_execution_logs')]).toEqual([
    [3, 2],
    [idOf(1), idOf(2)],
    [idOf(1), idOf(2)],
  ]);
});
