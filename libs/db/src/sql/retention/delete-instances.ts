import type { RowDataPacket } from 'mysql2/promise';
import type { Database } from '../../database.ts';
import { hexLiteral, integerLiteral, textLiteral, timeLiteral } from '../literal.ts';

/** Which of a tenant's rows go. */
export interface Retention {
  tenantId: string;
  beforeMs: number;
  statuses: readonly string[];
  workflowId: number | null;
}

export interface Cursor {
  createdAtMs: number;
  id: string;
}

type Packet = RowDataPacket & { id: Buffer; created_at: Date; is_old: number };

/**
 * Deletes instances that have ended, and whose entries are acknowledged, with their history, children first: one chunk, in the order of the
 * index on (tenant_id, created_at, id), from the cursor on. Answers how many went and where to go on; null at the end.
 */
export async function deleteInstances(
  { pool, transaction }: Pick<Database, 'pool' | 'transaction'>,
  { tenantId, beforeMs, statuses, workflowId }: Retention,
  from: Cursor | null,
  limit: number,
): Promise<{ deleted: number; next: Cursor | null }> {
  const after =
    from === null
      ? ''
      : `AND (created_at > ${timeLiteral(from.createdAtMs)} OR (created_at = ${timeLiteral(from.createdAtMs)} AND id > ${hexLiteral(from.id)}))`;
  const isOld = [
    `status IN (${statuses.map(textLiteral).join(',')})`,
    'wake_at IS NULL',
    `completed_at < ${timeLiteral(beforeMs)}`,
    ...(workflowId === null ? [] : [`workflow_id = ${integerLiteral(workflowId)}`]),
  ].join(' AND ');
  const [seen] = await pool.query<Packet[]>(
    `SELECT id, created_at, (${isOld}) AS is_old FROM workflow_instances
      WHERE tenant_id = ${textLiteral(tenantId)} AND created_at < ${timeLiteral(beforeMs)} ${after}
      ORDER BY created_at, id LIMIT ${integerLiteral(limit)}`,
  );
  const old = seen.filter((row) => row.is_old).map((row) => hexLiteral(row.id.toString('hex')));
  const deleted =
    old.length === 0
      ? 0
      : await transaction(async (connection) => {
          const ids = old.sort().join(',');
          await connection.query(`DELETE FROM workflow_execution_logs WHERE instance_id IN (${ids})`);
          await connection.query(`DELETE FROM workflow_action_executions WHERE instance_id IN (${ids})`);
          await connection.query(`DELETE FROM instance_subscriptions WHERE instance_id IN (${ids})`);
          const [result] = await connection.query(`DELETE FROM workflow_instances WHERE id IN (${ids}) AND ${isOld}`);
          return (result as { affectedRows: number }).affectedRows;
        });
  const last = seen.length < limit ? undefined : seen.at(-1);
  return { deleted, next: last === undefined ? null : { createdAtMs: last.created_at.getTime(), id: last.id.toString('hex') } };
}
