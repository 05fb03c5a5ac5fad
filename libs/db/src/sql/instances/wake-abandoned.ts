import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { integerLiteral, timeLiteral } from '../literal.ts';

/**
 * Gives live rows a `wake_at` that belong to an input but that nobody has written since `beforeMs`: at most `limit`; answers how many. The
 * row_version stays, so that an owner who lives after all still wins its compare.
 */
export async function wakeAbandoned(pool: Pool, beforeMs: number, nowMs: number, limit: number): Promise<number> {
  const [result] = await pool.query<ResultSetHeader>(
    `UPDATE workflow_instances SET wake_at = ${timeLiteral(nowMs)}, waiting_for = 'turn'
      WHERE status = 'running' AND wake_at IS NULL AND updated_at < ${timeLiteral(beforeMs)}
      LIMIT ${integerLiteral(limit)}`,
  );
  return result.affectedRows;
}
