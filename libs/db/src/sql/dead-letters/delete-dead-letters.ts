import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { integerLiteral, timeLiteral } from '../literal.ts';

/** Deletes the oldest dead letters from before a time, whatever has become of them, at most `limit`; answers how many. */
export async function deleteDeadLetters(pool: Pool, beforeMs: number, limit: number): Promise<number> {
  // The keys first: a delete that searches would lock what it passes over.
  const [rows] = await pool.query<(RowDataPacket & { id: number })[]>(
    `SELECT id FROM dead_letters FORCE INDEX (dead_letters_at) WHERE dead_lettered_at < ${timeLiteral(beforeMs)}
      ORDER BY dead_lettered_at LIMIT ${integerLiteral(limit)}`,
  );
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id).sort((a, b) => a - b);
  await pool.query<ResultSetHeader>(
    `DELETE d FROM dead_letters AS d FORCE INDEX (PRIMARY) WHERE d.id IN (${ids.map(integerLiteral).join(',')})`,
  );
  return rows.length;
}
