import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf, insertTask, insertWorkflow, now } from '../../../test/rows.ts';
import {
  advanceTasks,
  type DueTask,
  findChangedTasks,
  findDueInstances,
  findDueTasks,
  findUnparkedInstances,
  holdLease,
  insertInstances,
  readDatabaseTime,
  releaseLease,
  type TaskAdvance,
} from '../../index.ts';

let database: OwnDatabase;
beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  await database.pool.query('delete from scheduled_tasks');
});

const anAdvance = (id: number, overrides: Partial<TaskAdvance> = {}): TaskAdvance => ({
  id,
  revision: 1,
  seenNextRunAtMs: now,
  nextRunAtMs: now + 60_000,
  nextJitterMs: 0,
  lastRunAtMs: now,
  state: 'active',
  stateReason: null,
  ...overrides,
});

async function nextRunOf(id: number): Promise<number | undefined> {
  const [rows] = await database.pool.query('select next_run_at from scheduled_tasks where id = ?', [id]);
  return (rows as { next_run_at: Date | null }[])[0]?.next_run_at?.getTime();
}

test('a lease has one holder until it runs out or is given back', async () => {
  const hold = (holder: string, ttlMs = 60_000) => holdLease(database.pool, 'wake', holder, ttlMs);
  expect(await hold('one')).toBe(true);
  expect(await hold('other')).toBe(false);
  expect(await hold('one')).toBe(true);
  await releaseLease(database.pool, 'wake', 'other');
  expect(await hold('other')).toBe(false);
  await releaseLease(database.pool, 'wake', 'one');
  expect(await hold('other')).toBe(true);
  await database.pool.query('update scheduler_leases set expires_at = utc_timestamp(3) - interval 1 second');
  expect(await hold('one')).toBe(true);
  expect(await hold('other')).toBe(false);
});

test('due instances come first due first, ended ones too, and no more than asked for', async () => {
  const dueAt = [30, 10, 20, 5_000].map((offset) => now + offset);
  const statuses = ['completed', 'running', 'pending', 'running'] as const;
  const rows = dueAt.map((wakeAtMs, index) => anInstanceRow({ id: idOf(index + 1), status: statuses[index] ?? 'running', wakeAtMs }));
  await insertInstances(database.pool, [...rows, anInstanceRow({ id: idOf(9) })], idOf(0xaa));
  const due = await findDueInstances(database.pool, now + 1_000, 10);
  expect(due.map(({ id, wakeAtMs }) => [id, wakeAtMs])).toEqual([
    [idOf(2), now + 10],
    [idOf(3), now + 20],
    [idOf(1), now + 30],
  ]);
  expect(due[0]).toEqual({ id: idOf(2), tenantId: 'acme', entityType: 'lead', entityId: 'lead-1', rowVersion: 1, wakeAtMs: now + 10 });
  expect((await findDueInstances(database.pool, now + 1_000, 2)).map(({ id }) => id)).toEqual([idOf(2), idOf(3)]);
});

test('due instances are read by the index on status and wake-up', async () => {
  const [rows] = await database.pool.query(
    "explain select id from workflow_instances where status = 'running' and wake_at <= now(3) order by wake_at limit 10",
  );
  expect(rows).toMatchObject([{ key: 'workflow_instances_status_wake' }]);
});

test('enabled tasks are due when their time has come, with the workflow as it is now', async () => {
  const workflowId = await insertWorkflow(database.pool, { enabled: false });
  const due = await insertTask(database.pool, { workflow_id: workflowId, dst: '{"gap":"skip"}' });
  await insertTask(database.pool, { enabled: false });
  await insertTask(database.pool, { next_run_at: new Date(now + 1) });
  await insertTask(database.pool, { next_run_at: null });
  const tasks = await findDueTasks(database.pool, { fromMs: null, untilMs: now, after: null }, 10);
  expect(tasks).toMatchObject([{ id: due, nextRunAtMs: now, workflowId, workflowVersion: 1, workflowState: 'disabled' }]);
  expect(JSON.parse(tasks[0]?.dst ?? '')).toEqual({ gap: 'skip' });
});

test('tasks may be asked for from a time on, so that an old backlog does not hide what is due now', async () => {
  await insertTask(database.pool, { next_run_at: new Date(now - 10_000) });
  const recent = await insertTask(database.pool, { next_run_at: new Date(now - 9_999) });
  expect((await findDueTasks(database.pool, { fromMs: now - 10_000, untilMs: now, after: null }, 10)).map(({ id }) => id)).toEqual([
    recent,
  ]);
});

test('due tasks come page by page, each once, the first due first, while those of the pages before stay due', async () => {
  const dues = [now - 2, now - 1, now - 1, now - 1, now, now];
  const ids: number[] = [];
  for (const due of dues.toReversed()) ids.unshift(await insertTask(database.pool, { next_run_at: new Date(due) }));
  const read: number[] = [];
  for (let after: DueTask | null = null; read.length < 10; ) {
    const page: DueTask[] = await findDueTasks(database.pool, { fromMs: null, untilMs: now, after }, 2);
    read.push(...page.map(({ id }) => id));
    after = page.at(-1) ?? null;
    if (page.length === 0) break;
  }
  const byDueAndId = (a: number, b: number) => (dues[ids.indexOf(a)] ?? 0) - (dues[ids.indexOf(b)] ?? 0) || a - b;
  expect(read).toEqual(ids.toSorted(byDueAndId));
});

test('a deleted workflow is told from a disabled one', async () => {
  const [live, deleted] = [await insertWorkflow(database.pool), await insertWorkflow(database.pool)];
  await database.pool.query('update workflows set deleted_at = now(3) where id = ?', [deleted]);
  for (const workflow_id of [live, deleted]) await insertTask(database.pool, { workflow_id });
  const tasks = await findDueTasks(database.pool, { fromMs: null, untilMs: now, after: null }, 10);
  expect(Object.fromEntries(tasks.map(({ workflowId, workflowState }) => [workflowId, workflowState]))).toEqual({
    [live]: 'enabled',
    [deleted]: 'deleted',
  });
});

test.each([
  [
    'due',
    'select id from scheduled_tasks where enabled = 1 and next_run_at <= now(3) order by next_run_at limit 10',
    'scheduled_tasks_due',
  ],
  [
    'changed',
    'select id from scheduled_tasks where enabled = 1 and (computed_revision is null or computed_revision <> revision) limit 10',
    'scheduled_tasks_changed',
  ],
])('tasks that are %s are read by their index, whatever else the table holds', async (_, sql, key) => {
  const tasks = Array.from({ length: 500 }, (_, at) => [
    'acme',
    `bulk ${at}`,
    'workflow',
    '{}',
    '* * * * *',
    at % 2,
    new Date(Date.now() + 3_600_000),
    1,
  ]);
  await database.pool.query(
    'insert into scheduled_tasks (tenant_id, name, type, config, schedule, enabled, next_run_at, computed_revision) values ?',
    [tasks],
  );
  await database.pool.query('analyze table scheduled_tasks');
  const [[plan]] = (await database.pool.query(`explain ${sql}`)) as unknown as [[Record<string, unknown>]];
  expect(plan).toMatchObject({ key, Extra: expect.stringContaining('Using index') });
});

test('rows that belong to an input are paged by id, terminal and parked ones are not among them', async () => {
  const rows = [
    anInstanceRow({ id: idOf(0x51) }),
    anInstanceRow({ id: idOf(0x52), status: 'pending' }),
    anInstanceRow({ id: idOf(0x53), wakeAtMs: now }),
    anInstanceRow({ id: idOf(0x54), status: 'completed' }),
    anInstanceRow({ id: idOf(0x55), rowVersion: 7 }),
  ];
  await insertInstances(database.pool, rows, idOf(0xaa));
  const page = async (afterId: string, limit: number) => (await findUnparkedInstances(database.pool, afterId, limit)).map(({ id }) => id);
  expect(await page(idOf(0x50), 2)).toEqual([idOf(0x51), idOf(0x52)]);
  expect(await page(idOf(0x52), 2)).toEqual([idOf(0x55)]);
  expect(await page(idOf(0x55), 2)).toEqual([]);
  expect((await findUnparkedInstances(database.pool, null, 100)).map(({ id }) => id)).toContain(idOf(0x51));
  expect(await findUnparkedInstances(database.pool, idOf(0x54), 1)).toEqual([
    { id: idOf(0x55), tenantId: 'acme', entityType: 'lead', entityId: 'lead-1', rowVersion: 7, updatedAtMs: expect.any(Number) },
  ]);
});

test('the database tells its time', async () => {
  expect(Math.abs((await readDatabaseTime(database.pool)) - Date.now())).toBeLessThan(60_000);
});

test('another tenant’s workflow is none of a task’s', async () => {
  const workflowId = await insertWorkflow(database.pool, { tenantId: 'globex' });
  await insertTask(database.pool, { workflow_id: workflowId });
  expect(await findDueTasks(database.pool, { fromMs: null, untilMs: now, after: null }, 10)).toMatchObject([
    { workflowVersion: null, workflowState: null },
  ]);
});

test('a task that is new or was edited is found until its next run is computed', async () => {
  const [fresh, edited] = [
    await insertTask(database.pool, { computed_revision: null, next_run_at: null }),
    await insertTask(database.pool, { revision: 2 }),
  ];
  await insertTask(database.pool);
  expect((await findChangedTasks(database.pool, 10)).map(({ id }) => id).sort()).toEqual([fresh, edited].sort());
  expect(await advanceTasks(database.pool, [anAdvance(fresh, { seenNextRunAtMs: null }), anAdvance(edited, { revision: 2 })])).toBe(2);
  expect(await findChangedTasks(database.pool, 10)).toEqual([]);
});

test.each<[string, Partial<TaskAdvance>]>([
  ['was edited meanwhile', { revision: 2 }],
  ['was advanced by another scheduler meanwhile', { seenNextRunAtMs: now - 60_000 }],
  ['had no next run when it was read', { seenNextRunAtMs: null }],
])('a task that %s is not advanced', async (_, overrides) => {
  const id = await insertTask(database.pool);
  expect(await advanceTasks(database.pool, [anAdvance(id, overrides)])).toBe(0);
  expect(await nextRunOf(id)).toBe(now);
});

test('of two schedulers that advance a task one wins', async () => {
  const id = await insertTask(database.pool);
  const results = await Promise.all([advanceTasks(database.pool, [anAdvance(id)]), advanceTasks(database.pool, [anAdvance(id)])]);
  expect(results.sort()).toEqual([0, 1]);
  expect(await nextRunOf(id)).toBe(now + 60_000);
});
