import type { Pool, RowDataPacket } from 'mysql2/promise';

/** What a workflow is now, whether or not it is published yet. */
export interface WorkflowStateRow {
  version: number;
  enabled: boolean;
  isDeleted: boolean;
}

/** Null where the tenant has no such workflow (any more). */
export async function findWorkflowState(pool: Pool, tenantId: string, workflowId: number): Promise<WorkflowStateRow | null> {
  const [rows] = await pool.query<(RowDataPacket & { version: number; enabled: number; deleted_at: Date | null })[]>(
    'SELECT version, enabled, deleted_at FROM workflows WHERE id = ? AND tenant_id = ?',
    [workflowId, tenantId],
  );
  const [row] = rows;
  return row === undefined ? null : { version: row.version, enabled: Boolean(row.enabled), isDeleted: row.deleted_at !== null };
}
