import { findCleanupProgress, insertInstances, parseJson } from '@millrace/db';
import { eventually, freePort, moveWakeAt, startService } from '@millrace/testing';
import { expect, test } from 'vitest';
import { startExecutor } from './executor-under-test.ts';
import { dueMs, insertTask, sendTaskRun } from './send-task-run.ts';

const dayMs = 86_400_000;
const instances = 700;

test.each([
  ['instances', 'workflow_instances', 'id', instances],
  ['execution_logs', 'workflow_execution_logs', 'instance_id', instances * 2],
] as const)('a cleanup of %s that is killed by kill −9 is gone on with, and counts each row once', async (target, table, column, total) => {
  await using all = new AsyncDisposableStack();
  const under = await startExecutor('executor-cleanup', {}, all);
  const { installation, env, executor } = under;
  const { pool } = installation.database;
  all.use(await startService('audit-logger', env, await freePort()));
  const tenantId = 'acme';
  const ids = Array.from({ length: instances }, (_, index) => (index + 1).toString(16).padStart(32, '0'));
  const at = dueMs - 30 * dayMs;
  const rows = ids.map((id, index) => ({
    ...{
      id,
      tenantId,
      workflowId: null,
      workflowVersion: null,
      scheduledTaskId: null,
      scheduledForMs: null,
      entityType: 'lead',
      entityId: '1',
    },
    ...{ triggeredBy: 'event', triggeredByValue: 'e', status: 'completed' as const, progress: 100, executedActions: 0, failedActions: 0 },
    ...{ rowVersion: 1, journal: '[]', publishedSeq: 2, wakeAtMs: null, waitingFor: null, inbox: null },
    ...{ startedAtMs: at, completedAtMs: at, createdAtMs: at + index },
  }));
  await insertInstances(pool, rows, 'aa'.repeat(16));
  const entries = ids.flatMap((id) => [1, 2].map((seq) => [tenantId, Buffer.from(id, 'hex'), seq, 'any', 'completed', new Date(at)]));
  await pool.query('insert into workflow_execution_logs (tenant_id, instance_id, seq, action, status, created_at) values ?', [entries]);
  const left = async () => {
    const [[row]] = (await pool.query('select count(*) as found from ?? where tenant_id = ? and ?? <= ?', [
      table,
      tenantId,
      column,
      Buffer.from(ids.at(-1) ?? '', 'hex'),
    ])) as unknown as [[{ found: number }]];
    return row.found;
  };

  const connection = await pool.getConnection();
  await connection.beginTransaction();
  await connection.query('select 1 from ?? where ?? = ? for update', [table, column, Buffer.from(ids[500] ?? '', 'hex')]);
  const task = await insertTask(installation, { tenantId, type: 'cleanup', config: { target, older_than_days: 8 } });
  const run = await sendTaskRun(installation, task);
  await under.rowWhen(run, { status: 'running', waitingFor: 'action' });
  const before = await left();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(total);
  expect(await findCleanupProgress(pool, run)).toBe(total - before);
  executor.kill('SIGKILL');
  expect(await executor.exited).toBe('SIGKILL');
  await connection.rollback();
  connection.release();

  all.use(await startService('executor', env, await freePort()));
  await moveWakeAt(installation, run);
  all.use(await startService('scheduler', env, await freePort()));
  await eventually(
    async () => {
      const [found] = await pool.query('select status, output from scheduled_task_executions where task_id = ?', [task.id]);
      const executions = (found as { status: string; output: unknown }[]).map(({ status, output }) => ({
        status,
        output: parseJson(output),
      }));
      expect(executions).toMatchObject([{ status: 'completed', output: { target, deleted: total, complete: true } }]);
    },
    { timeoutMs: 40_000 },
  );
  expect(await left()).toBe(0);
  const types = (await under.entriesUntil(run, 'instance_completed')).map(({ type }) => type);
  expect(types).toEqual(['instance_started', 'action_started', 'attempt_failed', 'action_completed', 'instance_completed']);
});
