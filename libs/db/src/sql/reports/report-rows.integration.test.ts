import type { PoolConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf, insertTask, insertWorkflow, now } from '../../../test/rows.ts';
import { countActivity, type InstanceRow, insertInstances, listFailures, type ReportScope, summarizeWorkflows } from '../../index.ts';

const dayMs = 86_400_000;
const scope = (overrides: Partial<ReportScope> = {}): ReportScope => ({
  tenantId: 'acme',
  fromMs: now - dayMs,
  toMs: now,
  workflowId: null,
  ...overrides,
});

let database: OwnDatabase;
let connection: PoolConnection;
let welcome: number;
let nurture: number;
let taskId: number;

beforeAll(async () => {
  database = await createOwnDatabase();
  const { pool } = database;
  connection = await pool.getConnection();
  welcome = await insertWorkflow(pool, { name: 'Welcome' });
  nurture = await insertWorkflow(pool, { name: 'Nurture' });
  const foreign = await insertWorkflow(pool, { tenantId: 'other', name: 'Welcome' });
  taskId = await insertTask(pool);
  let number = 0;
  const at = (minutes: number, overrides: Partial<InstanceRow>): InstanceRow => {
    const createdAtMs = now - dayMs + minutes * 60_000;
    return anInstanceRow({ id: idOf(++number), createdAtMs, startedAtMs: createdAtMs, workflowId: welcome, ...overrides });
  };
  const ended = (minutes: number, ms: number, overrides: Partial<InstanceRow>) =>
    at(minutes, { status: 'completed', completedAtMs: now - dayMs + minutes * 60_000 + ms, executedActions: 3, ...overrides });
  await insertInstances(
    pool,
    [
      ended(0, 100, {}),
      ended(1, 301, {}),
      ended(2, 5_123, { status: 'failed', executedActions: 2, failedActions: 2 }),
      at(3, { status: 'running' }),
      at(4, { status: 'pending', startedAtMs: null, executedActions: 0 }),
      ended(5, 50, { workflowId: nurture, status: 'cancelled', executedActions: 0 }),
      ended(6, 70, { workflowId: null, scheduledTaskId: taskId, status: 'failed', failedActions: 1, executedActions: 1 }),
      ended(-1, 10, {}),
      ended(24 * 60, 10, {}),
      ended(1, 10, { tenantId: 'other', workflowId: foreign }),
    ],
    idOf(0xaa),
  );
  const failed = (id: number, name: string, status: string, seq: number) => [
    'acme',
    Buffer.from(idOf(id), 'hex'),
    name,
    'send_email',
    status,
    `${name}_code`,
    `${name} message`,
    seq,
  ];
  await pool.query(
    'insert into workflow_action_executions (tenant_id, instance_id, action_name, action_type, status, error_code, error_message, last_seq) values ?',
    [
      [
        failed(3, 'optional', 'failed', 2),
        failed(3, 'mail', 'unknown', 4),
        failed(3, 'tag', 'completed', 6),
        failed(1, 'mail', 'failed', 2),
      ],
    ],
  );
});
afterAll(async () => {
  connection.release();
  await database[Symbol.asyncDispose]();
});

test('each workflow’s instances of the period are counted by status, and their mean time is that of the completed', async () => {
  expect(await summarizeWorkflows(connection, scope())).toEqual([
    {
      workflow_id: welcome,
      workflow_name: 'Welcome',
      instances: 5,
      completed: 2,
      failed: 1,
      cancelled: 0,
      running: 1,
      pending: 1,
      executed_actions: 9,
      failed_actions: 2,
      average_ms: 201,
    },
    {
      workflow_id: nurture,
      workflow_name: 'Nurture',
      instances: 1,
      completed: 0,
      failed: 0,
      cancelled: 1,
      running: 0,
      pending: 0,
      executed_actions: 0,
      failed_actions: 0,
      average_ms: null,
    },
  ]);
});

test('a report on one workflow has no other', async () => {
  expect(await summarizeWorkflows(connection, scope({ workflowId: nurture }))).toMatchObject([{ workflow_id: nurture, instances: 1 }]);
  expect(await countActivity(connection, scope({ workflowId: nurture }))).toMatchObject({ instances: 1, workflows: 1 });
});

test('every failed instance is listed once, the newest first, with the action that failed it and when to the millisecond', async () => {
  expect(await listFailures(connection, scope(), 10)).toEqual([
    {
      workflow_id: null,
      workflow_name: null,
      scheduled_task_id: taskId,
      instance_id: idOf(7),
      entity_type: 'lead',
      entity_id: 'lead-1',
      failed_at: new Date(now - dayMs + 6 * 60_000 + 70).toISOString(),
      action_name: null,
      action_type: null,
      error_code: null,
      error_message: null,
    },
    {
      workflow_id: welcome,
      workflow_name: 'Welcome',
      scheduled_task_id: null,
      instance_id: idOf(3),
      entity_type: 'lead',
      entity_id: 'lead-1',
      failed_at: new Date(now - dayMs + 2 * 60_000 + 5_123).toISOString(),
      action_name: 'mail',
      action_type: 'send_email',
      error_code: 'mail_code',
      error_message: 'mail message',
    },
  ]);
  expect(await listFailures(connection, scope(), 1)).toHaveLength(1);
});

test('a tenant’s activity counts runs of scheduled tasks too', async () => {
  expect(await countActivity(connection, scope())).toEqual({
    instances: 7,
    workflows: 2,
    completed: 2,
    failed: 2,
    cancelled: 1,
    running: 1,
    pending: 1,
    executed_actions: 10,
    failed_actions: 3,
  });
});

test('a period without instances has counts of zero, and no workflows or failures', async () => {
  const empty = scope({ fromMs: now - 9 * dayMs, toMs: now - 8 * dayMs });
  expect(Object.values(await countActivity(connection, empty))).toEqual(Array.from({ length: 9 }, () => 0));
  expect(await summarizeWorkflows(connection, empty)).toEqual([]);
  expect(await listFailures(connection, empty, 10)).toEqual([]);
});
