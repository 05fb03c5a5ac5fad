import type { Pool, RowDataPacket } from 'mysql2/promise';

/** The database's clock, ms since the epoch. */
export async function readDatabaseTime(pool: Pool): Promise<number> {
  const [[packet]] = await pool.query<(RowDataPacket & { now: Date })[]>('SELECT UTC_TIMESTAMP(3) AS now');
  return (packet as { now: Date }).now.getTime();
}
