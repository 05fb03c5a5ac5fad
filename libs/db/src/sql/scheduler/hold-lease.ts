import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { integerLiteral, textLiteral } from '../literal.ts';

/**
 * Takes or keeps a lease until `ttlMs` from now; false while another holder's has not run out. Only the database's clock
 * counts. The assignments run from left to right: `holder` is decided first, and `expires_at` moves only for who holds it.
 */
export async function holdLease(pool: Pool, name: string, holder: string, ttlMs: number): Promise<boolean> {
  const until = `UTC_TIMESTAMP(3) + INTERVAL ${integerLiteral(ttlMs * 1000)} MICROSECOND`;
  const [result] = await pool.query<ResultSetHeader>(
    `INSERT INTO scheduler_leases (name, holder, expires_at) VALUES (${textLiteral(name)}, ${textLiteral(holder)}, ${until})
     ON DUPLICATE KEY UPDATE
       holder = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(holder), holder),
       expires_at = IF(holder = VALUES(holder), VALUES(expires_at), expires_at)`,
  );
  return result.affectedRows > 0;
}

/** Gives a lease back, so that another takes over at once. */
export async function releaseLease(pool: Pool, name: string, holder: string): Promise<void> {
  await pool.query(`DELETE FROM scheduler_leases WHERE name = ${textLiteral(name)} AND holder = ${textLiteral(holder)}`);
}
