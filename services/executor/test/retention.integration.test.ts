import { insertDeadLetters, insertInstances } from '@millrace/db';
import { createInstallation, eventually, type Installation, insertWorkflow } from '@millrace/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { removeExpired, startRetention } from '../src/retention.ts';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 24, 12);
const never = new AbortController().signal;
const days = { history: 90, deadLetters: 30 };
const tables = [
  'workflow_execution_logs',
  'scheduled_task_executions',
  'workflow_instances',
  'dead_letters',
  'tenant_settings',
  'workflow_stats',
];

let installation: Installation;
let workflowId: number;
let lastId = 0;
beforeAll(async () => {
  installation = await createInstallation('retention');
  workflowId = (await insertWorkflow(installation, 'acme', [])).id;
});
afterAll(() => installation[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const table of tables) await installation.database.pool.query('DELETE FROM ??', [table]);
});

type Status = 'completed' | 'failed' | 'cancelled' | 'running';

/** Instances of so many days ago, each with two rows of its log. */
async function add(tenantId: string, status: Status, daysAgo: number, count = 1): Promise<void> {
  const { pool } = installation.database;
  const at = now - daysAgo * dayMs;
  const rows = Array.from({ length: count }, () => ({
    ...{
      id: (++lastId).toString(16).padStart(32, '0'),
      tenantId,
      workflowId,
      workflowVersion: 1,
      scheduledTaskId: null,
      scheduledForMs: null,
    },
    ...{ entityType: 'lead', entityId: 'lead-1', triggeredBy: 'event', triggeredByValue: 'e', status, progress: 0, executedActions: 0 },
    ...{ failedActions: 0, rowVersion: 1, journal: '[]', publishedSeq: 2, wakeAtMs: null, waitingFor: null, inbox: null },
    ...{ startedAtMs: at, completedAtMs: status === 'running' ? null : at, createdAtMs: at - 1_000 },
  }));
  await insertInstances(pool, rows, 'aa'.repeat(16));
  await pool.query('INSERT INTO workflow_execution_logs (tenant_id, workflow_id, instance_id, seq, action, status, created_at) VALUES ?', [
    rows.flatMap(({ id }) => [1, 2].map((seq) => [tenantId, workflowId, Buffer.from(id, 'hex'), seq, 'any', status, new Date(at)])),
  ]);
}

const keep = (tenantId: string, retention: object) =>
  installation.database.pool.query(
    "INSERT INTO tenant_settings (tenant_id, timezone, senders, redaction, retention, limits, version) VALUES (?, 'UTC', '[]', '{}', ?, '{}', 1)",
    [tenantId, JSON.stringify(retention)],
  );

/** What is left, by tenant and status, with its age in days. */
async function left(): Promise<string[]> {
  const [rows] = await installation.database.pool.query(
    `SELECT CONCAT(i.tenant_id, ' ', i.status, ' ', ROUND(TIMESTAMPDIFF(HOUR, i.created_at, ?) / 24)) AS what, COUNT(l.id) AS entries
       FROM workflow_instances AS i JOIN workflow_execution_logs AS l ON l.instance_id = i.id GROUP BY i.id ORDER BY what`,
    [new Date(now)],
  );
  for (const { entries } of rows as { entries: number }[]) expect(entries).toBe(2);
  return (rows as { what: string }[]).map(({ what }) => what);
}

const countIn = async (table: string): Promise<number> => {
  const [[row]] = (await installation.database.pool.query('SELECT COUNT(*) AS found FROM ??', [table])) as unknown as [[{ found: number }]];
  return row.found;
};

test('instances of a tenant that has set nothing go after the days of the installation, with their history', async () => {
  for (const status of ['completed', 'failed', 'cancelled', 'running'] as const) {
    await add('acme', status, 91);
    await add('acme', status, 89);
  }
  await removeExpired(installation.database, days, now, never);
  expect(await left()).toEqual(['acme cancelled 89', 'acme completed 89', 'acme failed 89', 'acme running 89', 'acme running 91']);
  expect(await countIn('workflow_execution_logs')).toBe(10);
});

test('a tenant says how long for each status, and for itself alone', async () => {
  await keep('acme', { completed_days: 8, failed_days: 365, cancelled_days: null });
  for (const tenant of ['acme', 'globex']) {
    for (const status of ['completed', 'failed', 'cancelled'] as const) for (const age of [9, 91, 366]) await add(tenant, status, age);
  }
  await removeExpired(installation.database, days, now, never);
  expect(await left()).toEqual([
    'acme cancelled 9',
    'acme failed 9',
    'acme failed 91',
    'globex cancelled 9',
    'globex completed 9',
    'globex failed 9',
  ]);
});

test('runs of scheduled tasks go by the same days, also past those that are kept longer', async () => {
  const { pool } = installation.database;
  await keep('acme', { failed_days: 365 });
  const [{ insertId: taskId }] = (await pool.query(
    "INSERT INTO scheduled_tasks (tenant_id, name, type, config, schedule, enabled) VALUES ('acme', 'nightly', 'cleanup', '{}', '@daily', true)",
  )) as unknown as [{ insertId: number }];
  const run = (status: string, daysAgo: number, number: number) => {
    const at = new Date(now - daysAgo * dayMs);
    return [taskId, 'acme', Buffer.alloc(16, number), new Date(at.getTime() + number), status, status === 'running' ? null : at, 3, at];
  };
  const runs = [
    ...Array.from({ length: 600 }, (_, index) => run(index % 2 === 0 ? 'failed' : 'completed', 100, index % 250)),
    run('running', 95, 1),
  ];
  const all = [...runs, run('completed', 91, 2), run('completed', 89, 3)].map((row, index) => [
    ...row.slice(0, 3),
    new Date(now - index),
    ...row.slice(4),
  ]);
  await pool.query(
    'INSERT INTO scheduled_task_executions (task_id, tenant_id, instance_id, scheduled_for, status, completed_at, last_seq, created_at) VALUES ?',
    [all],
  );
  await removeExpired(installation.database, days, now, never);
  const [rows] = await pool.query('SELECT status, COUNT(*) AS found FROM scheduled_task_executions GROUP BY status ORDER BY status');
  expect(rows).toEqual([
    { status: 'completed', found: 1 },
    { status: 'failed', found: 300 },
    { status: 'running', found: 1 },
  ]);
});

test('dead letters go by days of their own, whatever has become of them', async () => {
  const letters = Array.from({ length: 60 }, (_, index) => ({
    ...{ tenantId: 'acme', originTopic: 'crm.events', originPartition: 0, originOffset: index, reason: 'undecodable', message: 'm' },
    ...{ service: 'trigger-matcher', key: null, value: null, headers: [], deadLetteredAtMs: now - (index < 50 ? 31 : 29) * dayMs },
  }));
  await insertDeadLetters(installation.database.pool, letters);
  await removeExpired(installation.database, days, now, never);
  expect(await countIn('dead_letters')).toBe(10);
});

test('roll-ups stay', async () => {
  const counted = { tenant_id: 'acme', period: 'day', starts_at: new Date(now - 100 * dayMs), workflow_id: workflowId, version: 1 };
  const counts = { started: 1, completed: 1, failed: 0, cancelled: 0, retried: 0 };
  await add('acme', 'completed', 100);
  await installation.database.pool.query('INSERT INTO workflow_stats SET ?', [{ ...counted, ...counts }]);
  await removeExpired(installation.database, days, now, never);
  expect(await left()).toEqual([]);
  expect(await countIn('workflow_stats')).toBe(1);
});

test('two sweeps at once remove everything once, and fail at nothing', async () => {
  await add('acme', 'completed', 91, 400);
  await add('globex', 'failed', 91, 400);
  await Promise.all([1, 2].map(() => removeExpired(installation.database, days, now, never)));
  expect(await left()).toEqual([]);
});

test('a sweep that is stopped ends after its step, and the next one goes on', async () => {
  await add('acme', 'completed', 91, 500);
  const stop = new AbortController();
  const { database } = installation;
  let transactions = 0;
  const stopped = {
    ...database,
    pool: database.pool,
    transaction: (async (run: never) => {
      transactions += 1;
      if (transactions === 2) stop.abort();
      return database.transaction(run);
    }) as typeof database.transaction,
  };
  await removeExpired(stopped, days, now, stop.signal);
  const rest = await left();
  expect(rest.length).toBeGreaterThan(0);
  expect(rest.length).toBeLessThan(500);
  await removeExpired(database, days, now, never);
  expect(await left()).toEqual([]);
});

test('the first sweep comes some minutes after the start', async () => {
  await add('acme', 'completed', 91);
  const { database, logger } = installation;
  let elapsed = 0;
  const clock = { now: () => now, elapsed: () => elapsed };
  await using early = startRetention({ database, clock, days, logger });
  elapsed = 599_999;
  early.wake();
  await early[Symbol.asyncDispose]();
  expect(await left()).toHaveLength(1);
  elapsed = 0;
  await using late = startRetention({ database, clock, days, logger });
  elapsed = 600_000;
  late.wake();
  await eventually(async () => expect(await left()).toEqual([]));
});
