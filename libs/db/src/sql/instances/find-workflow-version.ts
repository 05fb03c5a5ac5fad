import type { Pool, RowDataPacket } from 'mysql2/promise';

/** The definition (JSON text) of one version, or null. Rows of `workflow_versions` never change: an answer stays true. */
export async function findWorkflowVersion(pool: Pool, workflowId: number, version: number): Promise<string | null> {
  const [rows] = await pool.query<(RowDataPacket & { definition: string })[]>(
    'SELECT definition FROM workflow_versions WHERE workflow_id = ? AND version = ?',
    [workflowId, version],
  );
  return rows[0]?.definition ?? null;
}
