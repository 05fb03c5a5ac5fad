import { insertInstances } from '@millrace/db';
import { createInstallation, type Installation, insertWorkflow } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeDeleted } from '../src/janitor.ts';

const at = Date.UTC(2026, 10, 24);
const never = new AbortController().signal;
let installation: Installation;
let lastId = 0;

beforeAll(async () => {
  installation = await createInstallation('janitor');
});
afterAll(() => installation[Symbol.asyncDispose]());

/** Instances of a new workflow, each with the last row of its log; answers the workflow's id. */
async function workflowWith(count: number, status: 'completed' | 'running', { isDeleted }: { isDeleted: boolean }): Promise<number> {
  const { pool } = installation.database;
  const { id: workflowId } = await insertWorkflow(installation, 'acme', []);
  const rows = Array.from({ length: count }, () => ({
    id: (++lastId).toString(16).padStart(32, '0'),
    tenantId: 'acme',
    workflowId,
    workflowVersion: 1,
    scheduledTaskId: null,
    scheduledForMs: null,
    entityType: 'lead',
    entityId: 'lead-1',
    triggeredBy: 'event',
    triggeredByValue: 'e-1',
    status,
    progress: 0,
    executedActions: 0,
    failedActions: 0,
    rowVersion: 1,
    journal: '[]',
    publishedSeq: 1,
    wakeAtMs: null,
    waitingFor: null,
    inbox: null,
    startedAtMs: at,
    completedAtMs: status === 'completed' ? at : null,
    createdAtMs: at + lastId,
  }));
  await insertInstances(pool, rows, 'aa'.repeat(16));
  await pool.query('INSERT INTO workflow_execution_logs (tenant_id, workflow_id, instance_id, seq, action, status, created_at) VALUES ?', [
    rows.map(({ id }) => ['acme', workflowId, Buffer.from(id, 'hex'), 1, 'any', status, new Date(at)]),
  ]);
  if (isDeleted) await pool.query('UPDATE workflows SET deleted_at = utc_timestamp(3) WHERE id = ?', [workflowId]);
  return workflowId;
}

async function counts(workflowId: number): Promise<{ instances: number; entries: number }> {
  const { pool } = installation.database;
  const countIn = async (table: string) => {
    const [[row]] = (await pool.query(`SELECT COUNT(*) AS found FROM ${table} WHERE workflow_id = ?`, [workflowId])) as unknown as [
      [{ found: number }],
    ];
    return Number(row.found);
  };
  return { instances: await countIn('workflow_instances'), entries: await countIn('workflow_execution_logs') };
}

test('what has ended of a deleted workflow goes with its history, what lives stays until its log has its end', async () => {
  const deleted = await workflowWith(150, 'completed', { isDeleted: true });
  const living = await workflowWith(3, 'running', { isDeleted: true });
  const kept = await workflowWith(5, 'completed', { isDeleted: false });
  await removeDeleted(installation.database, never);
  expect(await counts(deleted)).toEqual({ instances: 0, entries: 0 });
  expect(await counts(living)).toEqual({ instances: 3, entries: 3 });
  expect(await counts(kept)).toEqual({ instances: 5, entries: 5 });

  await installation.database.pool.query(
    "UPDATE workflow_instances SET status = 'cancelled', completed_at = utc_timestamp(3) WHERE workflow_id = ?",
    [living],
  );
  await removeDeleted(installation.database, never);
  expect((await counts(living)).instances).toBe(3);
  await installation.database.pool.query(
    `UPDATE workflow_execution_logs AS l JOIN workflow_instances AS i ON i.id = l.instance_id
        SET l.status = 'cancelled', l.created_at = i.completed_at WHERE i.workflow_id = ?`,
    [living],
  );
  await removeDeleted(installation.database, never);
  expect(await counts(living)).toEqual({ instances: 0, entries: 0 });
});

test('two janitors at once remove everything once, and fail at nothing', async () => {
  const deleted = await workflowWith(200, 'completed', { isDeleted: true });
  await Promise.all([removeDeleted(installation.database, never), removeDeleted(installation.database, never)]);
  expect(await counts(deleted)).toEqual({ instances: 0, entries: 0 });
});

test('a stop ends the removal after its chunk', async () => {
  const deleted = await workflowWith(200, 'completed', { isDeleted: true });
  await removeDeleted(installation.database, AbortSignal.abort());
  expect((await counts(deleted)).instances).toBe(200);
});
