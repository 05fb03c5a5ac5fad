import type { Pool, RowDataPacket } from 'mysql2/promise';

/** The number of a workflow's newest version; null where it has none (any more). */
export async function findLatestVersion(pool: Pool, workflowId: number): Promise<number | null> {
  const [rows] = await pool.query<(RowDataPacket & { version: number | null })[]>(
    'SELECT MAX(version) AS version FROM workflow_versions WHERE workflow_id = ?',
    [workflowId],
  );
  return rows[0]?.version ?? null;
}
