import { randomBytes } from 'node:crypto';
import type { Database } from '@millrace/db';

export interface InstanceRowOptions {
  tenantId: string;
  workflowId: number | null;
  status: string;
  entityType: string;
  entityId: string;
  createdAt: Date;
}

const columns = `id, tenant_id, workflow_id, workflow_version, entity_type, entity_id, triggered_by, triggered_by_value, status, journal, created_at,
  updated_at`;

/** Inserts instances as the executor leaves them, and answers their ids. */
export async function insertInstanceRows({ pool }: Database, rows: Partial<InstanceRowOptions>[]): Promise<string[]> {
  const ids = rows.map(() => randomBytes(16));
  const values = rows.map((row, index) => {
    const at = row.createdAt ?? new Date('2026-11-24T10:00:00Z');
    const { tenantId = 'tenant-123', workflowId = null, status = 'completed', entityType = 'lead', entityId = 'lead-1' } = row;
    return [ids[index], tenantId, workflowId, 1, entityType, entityId, 'event', `e${index}`, status, '[]', at, at];
  });
  for (let at = 0; at < values.length; at += 2_000) {
    await pool.query(`insert into workflow_instances (${columns}) values ?`, [values.slice(at, at + 2_000)]);
  }
  return ids.map((id) => id.toString('hex'));
}
