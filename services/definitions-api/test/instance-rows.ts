import { randomBytes } from 'node:crypto';
import { addWorkflowStats, type Database, type WorkflowStatRow } from '@millrace/db';

export interface InstanceRowOptions {
  tenantId: string;
  workflowId: number | null;
  status: string;
  entityType: string;
  entityId: string;
  createdAt: Date;
}

const aDay = new Date('2026-11-24T10:00:00Z');

const columns = `id, tenant_id, workflow_id, workflow_version, entity_type, entity_id, triggered_by, triggered_by_value, status, journal, created_at,
  updated_at`;

/** Inserts instances as the executor leaves them, with the roll-ups of their log, and answers their ids. */
export async function insertInstanceRows(database: Database, rows: Partial<InstanceRowOptions>[]): Promise<string[]> {
  const ids = rows.map(() => randomBytes(16));
  const values = rows.map((row, index) => {
    const at = row.createdAt ?? aDay;
    const { tenantId = 'tenant-123', workflowId = null, status = 'completed', entityType = 'lead', entityId = 'lead-1' } = row;
    return [ids[index], tenantId, workflowId, 1, entityType, entityId, 'event', `e${index}`, status, '[]', at, at];
  });
  for (let at = 0; at < values.length; at += 2_000) {
    await database.pool.query(`insert into workflow_instances (${columns}) values ?`, [values.slice(at, at + 2_000)]);
  }
  await database.transaction((connection) => addWorkflowStats(connection, rollUp(rows)));
  return ids.map((id) => id.toString('hex'));
}

/** What the audit logger has counted by then. */
function rollUp(rows: Partial<InstanceRowOptions>[]): WorkflowStatRow[] {
  const counted = new Map<string, WorkflowStatRow>();
  for (const { tenantId = 'tenant-123', workflowId = null, status = 'completed', createdAt = aDay } of rows) {
    const hourMs = createdAt.getTime() - (createdAt.getTime() % 3_600_000);
    const starts = { all: 0, day: hourMs - (hourMs % 86_400_000), hour: hourMs };
    for (const [id, version] of [[0, 0], ...(workflowId === null ? [] : [[workflowId, 1]])] as [number, number][]) {
      for (const period of ['all', 'day', 'hour'] as const) {
        const key = `${tenantId} ${period} ${starts[period]} ${id}`;
        const none = { started: 0, completed: 0, failed: 0, cancelled: 0, retried: 0 };
        const row = counted.get(key) ?? { tenantId, period, startsAtMs: starts[period], workflowId: id, version, ...none };
        counted.set(key, row);
        if (status !== 'pending') row.started += 1;
        if (status === 'completed' || status === 'failed' || status === 'cancelled') row[status] += 1;
      }
    }
  }
  return [...counted.values()];
}
