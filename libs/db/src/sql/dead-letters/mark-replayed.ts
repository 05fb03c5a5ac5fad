import type { Pool } from 'mysql2/promise';

/** Notes that a dead letter was published again, also one that was discarded or replayed before. */
export async function markReplayed(pool: Pool, id: number, atMs: number): Promise<void> {
  await pool.query(
    `UPDATE dead_letters SET state = 'replayed', replays = replays + 1, replayed_at = ?, discarded_at = NULL, updated_at = ? WHERE id = ?`,
    [new Date(atMs), new Date(atMs), id],
  );
}
