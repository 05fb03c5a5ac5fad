import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf, insertWorkflow, now } from '../../../test/rows.ts';
import {
  type ActionStatRow,
  addActionStats,
  addWorkflowStats,
  findStatDifferences,
  insertInstances,
  insertLogRows,
  type LogRow,
  type WorkflowStatRow,
} from '../../index.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
let database: OwnDatabase;
let workflowId: number;
beforeAll(async () => {
  database = await createOwnDatabase();
  workflowId = await insertWorkflow(database.pool);
  await insertInstances(database.pool, [anInstanceRow({ workflowId })], idOf(0xaa));
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const table of ['workflow_stats', 'workflow_action_stats', 'workflow_execution_logs'])
    await database.pool.query(`delete from ${table}`);
});

const aStat = (overrides: Partial<WorkflowStatRow> = {}): WorkflowStatRow => ({
  tenantId: 'acme',
  period: 'hour',
  startsAtMs: now,
  workflowId,
  version: 1,
  started: 1,
  completed: 0,
  failed: 0,
  cancelled: 0,
  retried: 0,
  ...overrides,
});
const anActionStat = (overrides: Partial<ActionStatRow> = {}): ActionStatRow => ({
  tenantId: 'acme',
  startsAtMs: now - (now % dayMs),
  workflowId,
  version: 1,
  actionId: 7,
  outcome: 'completed',
  arm: '',
  bucket: 3,
  entries: 1,
  durationMs: 3,
  ...overrides,
});
const aLogRow = (overrides: Partial<LogRow> = {}): LogRow => ({
  tenantId: 'acme',
  workflowId,
  instanceId: idOf(1),
  seq: 1,
  type: 'instance_started',
  actionId: null,
  status: 'running',
  detail: null,
  atMs: now,
  ...overrides,
});

const add = (...rows: WorkflowStatRow[]) => database.transaction((connection) => addWorkflowStats(connection, rows));
const addActions = (...rows: ActionStatRow[]) => database.transaction((connection) => addActionStats(connection, rows));
const log = (...rows: LogRow[]) => database.transaction((connection) => insertLogRows(connection, rows));
const differences = () => findStatDifferences(database.pool, now - dayMs);
/** The rows of one hour as the audit logger adds them. */
const allPeriods = (of: Partial<WorkflowStatRow>) =>
  [aStat(of), aStat({ ...of, workflowId: 0, version: 0 })].flatMap((hour) => [
    { ...hour, period: 'all' as const, startsAtMs: 0 },
    { ...hour, period: 'day' as const, startsAtMs: hour.startsAtMs - (hour.startsAtMs % dayMs) },
    hour,
  ]);

test('what is added adds up', async () => {
  await add(aStat({ failed: 2 }));
  await add(aStat({ failed: 1, retried: 1 }), aStat({ version: 2 }));
  await addActions(anActionStat());
  await addActions(anActionStat({ entries: 4, durationMs: 12 }), anActionStat({ outcome: 'failed', bucket: 0, durationMs: 0 }));
  const [stats] = await database.pool.query('select version, started, failed, retried from workflow_stats order by version');
  expect(stats).toEqual([
    { version: 1, started: 2, failed: 3, retried: 1 },
    { version: 2, started: 1, failed: 0, retried: 0 },
  ]);
  const [actions] = await database.pool.query('select outcome, entries, duration_ms from workflow_action_stats order by outcome');
  expect(actions).toEqual([
    { outcome: 'completed', entries: 5, duration_ms: 15 },
    { outcome: 'failed', entries: 1, duration_ms: 0 },
  ]);
});

test('what a transaction added is gone when it fails', async () => {
  const failing = database.transaction(async (connection) => {
    await addWorkflowStats(connection, [aStat()]);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  const [stats] = await database.pool.query('select * from workflow_stats');
  expect(stats).toEqual([]);
});

test('many writers of the same sorted rows wait for each other, and none is lost', async () => {
  const rows = Array.from({ length: 50 }, (_, index) => aStat({ startsAtMs: now + index * hourMs }));
  const actions = Array.from({ length: 50 }, (_, index) => anActionStat({ bucket: index }));
  const write = (number: number) =>
    database.transaction(async (connection) => {
      await addActionStats(connection, actions.slice(number % 7));
      await addWorkflowStats(connection, rows.slice(number % 5));
    });
  await Promise.all(Array.from({ length: 40 }, (_, number) => write(number)));
  const [[last]] = (await database.pool.query(
    'select (select max(started) from workflow_stats) as instances, (select max(entries) from workflow_action_stats) as actions',
  )) as unknown as [[Record<string, number>]];
  expect(last).toEqual({ instances: 40, actions: 40 });
});

test.each<[string, Partial<ActionStatRow>]>([
  ['an arm with too long a name', { arm: 'x'.repeat(65) }],
  ['a bucket that is no number', { bucket: 1.5 }],
])('%s is refused', async (_, overrides) => {
  await expect(addActions(anActionStat(overrides))).rejects.toThrow();
});

test('roll-ups that are a count over the log differ in nothing', async () => {
  await log(aLogRow(), aLogRow({ seq: 2, type: 'action_completed', actionId: 7 }), aLogRow({ seq: 3, type: 'instance_failed' }));
  await add(...allPeriods({ failed: 1 }));
  await addActions(anActionStat());
  expect(await differences()).toEqual([]);
});

test('a count that differs is named, in whichever table it is too many', async () => {
  await log(aLogRow(), aLogRow({ seq: 2, type: 'action_failed', actionId: 7 }));
  await add(...allPeriods({ started: 3 }));
  await add({ ...aStat({ started: 1 }), period: 'day', startsAtMs: now - (now % dayMs) });
  const of = (what: string, rolledUp: number, counted: number, id = workflowId) => ({
    tenantId: 'acme',
    workflowId: id,
    what,
    rolledUp,
    counted,
  });
  expect((await differences()).toSorted((a, b) => b.workflowId - a.workflowId || (a.what < b.what ? -1 : 1))).toEqual([
    of('2026-11-24 action 7 failed', 0, 1),
    of('2026-11-24T10 started', 3, 1),
    of('day 2026-11-24 version 1 started', 4, 3),
    of('2026-11-24T10 started', 3, 1, 0),
  ]);
});

test('what was removed is not compared, nor what is older than asked for', async () => {
  await add(...allPeriods({ startsAtMs: now - 3 * dayMs }));
  expect(await differences()).toEqual([]);
  await add(...allPeriods({}));
  expect(await differences()).toHaveLength(2);
  await database.pool.query("insert into removed_instances (tenant_id, workflow_id, status, instances) values ('acme', 0, 'completed', 1)");
  await database.pool.query('update workflows set deleted_at = utc_timestamp(3)');
  expect(await differences()).toEqual([]);
});
