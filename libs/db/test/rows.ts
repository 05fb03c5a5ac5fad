import type { Pool, ResultSetHeader } from 'mysql2/promise';
import type { InstanceRow } from '../src/index.ts';

export const now = Date.parse('2026-11-24T10:00:00.000Z');

/** 32 hexadecimal digits that end with the number. */
export const idOf = (number: number): string => number.toString(16).padStart(32, '0');

export function anInstanceRow(overrides: Partial<InstanceRow> = {}): InstanceRow {
  return {
    id: idOf(1),
    tenantId: 'acme',
    workflowId: null,
    workflowVersion: 3,
    scheduledTaskId: null,
    scheduledForMs: null,
    entityType: 'lead',
    entityId: 'lead-1',
    triggeredBy: 'event',
    triggeredByValue: 'event-1',
    status: 'running',
    progress: 50,
    executedActions: 1,
    failedActions: 0,
    rowVersion: 1,
    journal: '[{"type":"instance_started"}]',
    publishedSeq: 0,
    wakeAtMs: null,
    waitingFor: null,
    inbox: null,
    startedAtMs: now,
    completedAtMs: null,
    createdAtMs: now,
    ...overrides,
  };
}

export async function insertWorkflow(pool: Pool, overrides: { tenantId?: string; name?: string; enabled?: boolean } = {}): Promise<number> {
  const { tenantId = 'acme', name = `workflow ${process.hrtime.bigint()}`, enabled = true } = overrides;
  const [{ insertId }] = await pool.query<ResultSetHeader>(
    'insert into workflows (tenant_id, name, enabled, version) values (?, ?, ?, 1)',
    [tenantId, name, enabled],
  );
  return insertId;
}

export async function insertTask(pool: Pool, columns: Record<string, unknown> = {}): Promise<number> {
  const row = {
    tenant_id: 'acme',
    name: `task ${process.hrtime.bigint()}`,
    type: 'workflow',
    config: '{}',
    schedule: '0 9 * * *',
    enabled: true,
    next_run_at: new Date(now),
    computed_revision: 1,
    ...columns,
  };
  const [{ insertId }] = await pool.query<ResultSetHeader>('insert into scheduled_tasks set ?', [row]);
  return insertId;
}
