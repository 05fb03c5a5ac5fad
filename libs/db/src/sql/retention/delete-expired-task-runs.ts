import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { integerLiteral, textLiteral } from '../literal.ts';

/** By status in which something ends, the time before which what has ended goes, ms. */
export type Cutoffs = Readonly<Record<'completed' | 'failed' | 'cancelled', number>>;

interface RunRow extends RowDataPacket {
  id: number;
  status: string;
  completed_at: Date | null;
  created_at: Date;
}

/**
 * Deletes runs of a tenant's scheduled tasks that have ended before the time of their status, of the next `limit` rows after an id.
 * `nextId` is where to go on, null at the end: rows are numbered as they are made, so that what is behind a young row isn't looked at.
 */
export async function deleteExpiredTaskRuns(
  pool: Pool,
  tenantId: string,
  cutoffs: Cutoffs,
  afterId: number,
  limit: number,
): Promise<{ deleted: number; nextId: number | null }> {
  const [rows] = await pool.query<RunRow[]>(
    `SELECT id, status, completed_at, created_at FROM scheduled_task_executions FORCE INDEX (scheduled_task_executions_tenant)
      WHERE tenant_id = ${textLiteral(tenantId)} AND id > ${integerLiteral(afterId)} ORDER BY id LIMIT ${integerLiteral(limit)}`,
  );
  const expired = rows.filter(({ status, completed_at: at }) => at !== null && at.getTime() < (cutoffs[status as keyof Cutoffs] ?? 0));
  if (expired.length > 0) {
    await pool.query<ResultSetHeader>(
      `DELETE t FROM scheduled_task_executions AS t FORCE INDEX (PRIMARY) WHERE t.id IN (${expired.map(({ id }) => integerLiteral(id)).join(',')})`,
    );
  }
  const last = rows.at(-1);
  const isMore = last !== undefined && rows.length === limit && last.created_at.getTime() < Math.max(...Object.values(cutoffs));
  return { deleted: expired.length, nextId: isMore ? last.id : null };
}
