import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf, insertTask, insertWorkflow, now } from '../../../test/rows.ts';
import {
  type ActionExecutionRow,
  findExistingInstanceIds,
  findExistingTaskIds,
  findKnownLogRows,
  insertInstances,
  insertLogRows,
  isRowFault,
  type LogRow,
  parseJson,
  type ScheduledExecutionRow,
  upsertActionExecutions,
  upsertScheduledExecutions,
} from '../../index.ts';

let database: OwnDatabase;
let actionId: number;
let taskId: number;

beforeAll(async () => {
  database = await createOwnDatabase();
  const { pool } = database;
  await insertInstances(
    pool,
    [1, 2, 3].map((number) => anInstanceRow({ id: idOf(number) })),
    idOf(0xaa),
  );
  const [action] = await pool.query(
    "insert into workflow_actions (tenant_id, workflow_id, name, action_type, action_config, action_order) values ('acme', ?, 'a', 'add_tag', '{}', 0)",
    [await insertWorkflow(pool)],
  );
  actionId = (action as { insertId: number }).insertId;
  taskId = await insertTask(pool);
});
afterAll(() => database[Symbol.asyncDispose]());

const aLogRow = (overrides: Partial<LogRow> = {}): LogRow => ({
  tenantId: 'acme',
  workflowId: null,
  instanceId: idOf(1),
  seq: 1,
  type: 'instance_started',
  actionId: null,
  status: 'running',
  detail: null,
  atMs: now,
  ...overrides,
});

const anExecution = (overrides: Partial<ActionExecutionRow> = {}): ActionExecutionRow => ({
  tenantId: 'acme',
  workflowId: null,
  instanceId: idOf(2),
  actionId,
  actionName: 'a',
  actionType: 'add_tag',
  status: 'running',
  attempts: 1,
  input: '{"tag":"hot"}',
  result: null,
  errorCode: null,
  errorMessage: null,
  skipReason: null,
  startedAtMs: now,
  completedAtMs: null,
  durationMs: null,
  lastSeq: 2,
  createdAtMs: now,
  updatedAtMs: now,
  ...overrides,
});

const anOccurrence = (overrides: Partial<ScheduledExecutionRow> = {}): ScheduledExecutionRow => ({
  taskId,
  tenantId: 'acme',
  instanceId: idOf(3),
  scheduledForMs: now,
  status: 'running',
  skipReason: null,
  startedAtMs: now,
  completedAtMs: null,
  errorMessage: null,
  output: null,
  lastSeq: 1,
  createdAtMs: now,
  ...overrides,
});

async function only<T>(sql: string): Promise<T> {
  const [rows] = await database.pool.query(sql);
  expect(rows).toHaveLength(1);
  return (rows as T[])[0] as T;
}

const insertLog = (...rows: LogRow[]) => database.transaction((connection) => insertLogRows(connection, rows));
const upsert = (...rows: ActionExecutionRow[]) => database.transaction((connection) => upsertActionExecutions(connection, rows));
const upsertOccurrence = (...rows: ScheduledExecutionRow[]) =>
  database.transaction((connection) => upsertScheduledExecutions(connection, rows));

test('entries are inserted all or none: one that is there, or whose instance is gone, stops them', async () => {
  const ranges = [
    { instanceId: idOf(1), firstSeq: 1, lastSeq: 3 },
    { instanceId: idOf(2), firstSeq: 1, lastSeq: 1 },
  ];
  const known = () => database.transaction((connection) => findKnownLogRows(connection, ranges));
  expect(await insertLog(aLogRow({ seq: 1 }), aLogRow({ seq: 2, detail: '{"note":"\\u00fc"}' }))).toBe('inserted');
  expect(await insertLog(aLogRow({ seq: 3 }), aLogRow({ seq: 2 }))).toBe('duplicate');
  expect(await insertLog(aLogRow({ seq: 3 }), aLogRow({ instanceId: idOf(99) }))).toBe('reference_missing');
  expect(await known()).toEqual(new Set([`${idOf(1)}/1`, `${idOf(1)}/2`]));
});

test.each<[string, Partial<LogRow>]>([
  ['a text that is too long', { type: 'x'.repeat(65) }],
  ['a detail that is no JSON', { detail: '{' }],
  ['an instance id of another length', { instanceId: 'abcd'.repeat(9) }],
  ['a number that is none', { seq: 1.5 }],
])('%s is the row’s own fault', async (_, overrides) => {
  await expect(insertLog(aLogRow({ seq: 50, ...overrides }))).rejects.toSatisfy(isRowFault);
});

test('a missing table is no row’s fault', async () => {
  await expect(database.pool.query('insert into nowhere values (1)')).rejects.not.toSatisfy(isRowFault);
});

test('newer entries of an action replace what it was, and keep what they don’t speak of', async () => {
  await upsert(anExecution());
  const end = { status: 'completed', attempts: 2, result: '{"ok":true}', completedAtMs: now + 40, durationMs: 40, lastSeq: 5 };
  await upsert(anExecution({ ...end, input: null, startedAtMs: null }));
  const row = await only<Record<string, unknown>>('select * from workflow_action_executions');
  expect(row).toMatchObject({ status: 'completed', attempts: 2, retry_count: 1, duration_ms: 40, last_seq: 5, started_at: new Date(now) });
  expect([parseJson(row.input), parseJson(row.result)]).toEqual([{ tag: 'hot' }, { ok: true }]);
});

test('entries that come again or late change nothing but a missing start', async () => {
  const ended = anExecution({ instanceId: idOf(3), status: 'failed', errorCode: 'gone', attempts: 3, startedAtMs: null, lastSeq: 9 });
  const read = () => only<Record<string, unknown>>(`select * from workflow_action_executions where instance_id = x'${idOf(3)}'`);
  await upsert(ended);
  const before = await read();
  await upsert(ended);
  expect(await read()).toEqual(before);
  await upsert(anExecution({ instanceId: idOf(3), status: 'running', attempts: 1, startedAtMs: now - 5, lastSeq: 2 }));
  expect(await read()).toEqual({ ...before, started_at: new Date(now - 5) });
});

test('the own action of a scheduled task, which has no id, is one row an instance too', async () => {
  const read = async () => {
    const [rows] = await database.pool.query('select * from workflow_action_executions where action_id is null order by instance_id');
    return rows;
  };
  const task = (instanceId: string, overrides: Partial<ActionExecutionRow> = {}) =>
    anExecution({ instanceId, workflowId: null, actionId: null, actionName: 'report', actionType: 'report', ...overrides });
  await upsert(task(idOf(1)), anExecution({ instanceId: idOf(1) }));
  const end = { status: 'completed', result: '{"total":3}', completedAtMs: now + 40, lastSeq: 5 };
  await upsert(task(idOf(1), end), task(idOf(3)));
  const after = await read();
  expect(after).toMatchObject([
    { instance_id: Buffer.from(idOf(1), 'hex'), status: 'completed', last_seq: 5 },
    { instance_id: Buffer.from(idOf(3), 'hex'), status: 'running' },
  ]);
  await upsert(task(idOf(1)), task(idOf(3)));
  expect(await read()).toEqual(after);
});

test('an occurrence ends with the time between its start and its end, whichever comes first', async () => {
  const read = () => only<Record<string, unknown>>('select * from scheduled_task_executions');
  await upsertOccurrence(
    anOccurrence({ status: 'completed', startedAtMs: null, completedAtMs: now + 250, output: '{"rows":3}', lastSeq: 4 }),
  );
  expect(await read()).toMatchObject({ status: 'completed', duration_ms: null });
  await upsertOccurrence(anOccurrence({ lastSeq: 2 }));
  expect(await read()).toMatchObject({ status: 'completed', duration_ms: 250, last_seq: 4 });
});

test('what still exists is found by its ids', async () => {
  const instances = await database.transaction((connection) => findExistingInstanceIds(connection, [idOf(1), idOf(99)]));
  const tasks = await database.transaction((connection) => findExistingTaskIds(connection, [taskId, 999_999]));
  expect([instances, tasks]).toEqual([new Set([idOf(1)]), new Set([taskId])]);
});
