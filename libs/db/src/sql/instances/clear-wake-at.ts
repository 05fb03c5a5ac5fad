import type { Pool } from 'mysql2/promise';
import { hexLiteral, integerLiteral } from '../literal.ts';

/** A terminal row whose entries are now acknowledged. */
export interface AcknowledgedInstance {
  id: string;
  rowVersion: number;
  publishedSeq: number;
}

/**
 * Takes `wake_at` from terminal rows, compared on row_version, which it doesn't raise: a cancel or retry that was accepted
 * on that version stays valid.
 */
export async function clearWakeAt(pool: Pool, instances: readonly AcknowledgedInstance[]): Promise<void> {
  if (instances.length === 0) return;
  const sorted = [...instances].sort((a, b) => (a.id < b.id ? -1 : 1));
  await pool.query(
    `UPDATE workflow_instances AS i
       JOIN (${sorted
         .map(
           (instance) =>
             `SELECT ${hexLiteral(instance.id)} AS id, ${integerLiteral(instance.rowVersion)} AS row_version, ${integerLiteral(instance.publishedSeq)} AS published_seq`,
         )
         .join(' UNION ALL ')}) AS c ON i.id = c.id AND i.row_version = c.row_version
        SET i.wake_at = NULL, i.waiting_for = NULL, i.published_seq = c.published_seq
      WHERE i.status IN ('completed', 'failed', 'cancelled')`,
  );
}
