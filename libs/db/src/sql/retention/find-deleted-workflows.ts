import type { Pool, RowDataPacket } from 'mysql2/promise';
import { integerLiteral } from '../literal.ts';
import { hasEndedSql } from './old-instances.ts';

export interface DeletedWorkflow {
  id: number;
  tenantId: string;
}

/** Deleted workflows that still have instances which have ended, by id, from one on. */
export async function findDeletedWorkflows(pool: Pool, afterId: number, limit: number): Promise<DeletedWorkflow[]> {
  const [rows] = await pool.query<(RowDataPacket & { id: number; tenant_id: string })[]>(
    `SELECT w.id, w.tenant_id FROM workflows AS w
      WHERE w.id > ${integerLiteral(afterId)} AND w.deleted_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM workflow_instances AS i WHERE i.workflow_id = w.id AND ${hasEndedSql})
      ORDER BY w.id LIMIT ${integerLiteral(limit)}`,
  );
  return rows.map((row) => ({ id: row.id, tenantId: row.tenant_id }));
}
