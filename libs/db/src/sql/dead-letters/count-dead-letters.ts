import type { Pool, RowDataPacket } from 'mysql2/promise';
import { type DeadLetterFilter, whereDeadLetters } from './dead-letter-filter.ts';

/** How many there are, and the highest id among them (0 where there are none). */
export async function countDeadLetters(pool: Pool, filter: DeadLetterFilter): Promise<{ total: number; lastId: number }> {
  const { where, values } = whereDeadLetters(filter);
  const [packets] = await pool.query<(RowDataPacket & { total: number; last_id: number | null })[]>(
    `SELECT COUNT(*) AS total, MAX(id) AS last_id FROM dead_letters WHERE ${where}`,
    values,
  );
  return { total: packets[0]?.total ?? 0, lastId: packets[0]?.last_id ?? 0 };
}
