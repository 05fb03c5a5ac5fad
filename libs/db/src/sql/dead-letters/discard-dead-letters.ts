import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { type DeadLetterFilter, whereDeadLetters } from './dead-letter-filter.ts';

/** Discards the oldest `limit` of those that wait, and answers how many; call it again until there are none. What was replayed stays so. */
export async function discardDeadLetters(pool: Pool, filter: DeadLetterFilter, atMs: number, limit: number): Promise<number> {
  const { where, values } = whereDeadLetters({ ...filter, states: ['waiting'] });
  const [result] = await pool.query<ResultSetHeader>(
    `UPDATE dead_letters SET state = 'discarded', discarded_at = ?, updated_at = ? WHERE ${where} ORDER BY id LIMIT ?`,
    [new Date(atMs), new Date(atMs), ...values, limit],
  );
  return result.affectedRows;
}
