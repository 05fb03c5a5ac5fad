import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { hexLiteral, integerLiteral, textLiteral } from '../literal.ts';

/** Runs in the transaction that has deleted so many rows: what it writes is durable if and only if they are gone. */
export type OnDeleted = (connection: Connection, deleted: number) => Promise<void>;

/** Adds to what a run of a cleanup has deleted; belongs into the transaction that deletes. */
export async function addCleanupProgress(
  connection: Connection,
  { instanceId, tenantId, deleted }: { instanceId: string; tenantId: string; deleted: number },
): Promise<void> {
  await connection.query(
    `INSERT INTO cleanup_progress (instance_id, tenant_id, deleted)
     VALUES (${hexLiteral(instanceId)},${textLiteral(tenantId)},${integerLiteral(deleted)})
     ON DUPLICATE KEY UPDATE deleted = deleted + VALUES(deleted)`,
  );
}

/** How many rows a run has deleted, in all its attempts. */
export async function findCleanupProgress(pool: Pool, instanceId: string): Promise<number> {
  const [rows] = await pool.query<(RowDataPacket & { deleted: number })[]>(
    `SELECT deleted FROM cleanup_progress WHERE instance_id = ${hexLiteral(instanceId)}`,
  );
  return rows[0]?.deleted ?? 0;
}
